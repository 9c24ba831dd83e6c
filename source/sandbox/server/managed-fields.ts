import type { ManagedFields } from '../wire.ts';
import { equal, isObject, type Json, type JsonObject } from './patch.ts';

/** Parts of an object that nobody manages. */
const UNMANAGED = new Set(['kind', 'apiVersion', 'status']);
const UNMANAGED_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
]);

/** The fields that a write set to something new, in the notation of managed fields. */
function changedFields(before: Json | undefined, after: JsonObject, skipped: ReadonlySet<string>): JsonObject {
  const fields: JsonObject = {};
  for (const [field, value] of Object.entries(after)) {
    if (skipped.has(field)) continue;
    const former = isObject(before) ? before[field] : undefined;
    if (equal(former, value)) continue;
    if (!isObject(value)) fields[`f:${field}`] = {};
    else {
      const below = changedFields(former, value, field === 'metadata' ? UNMANAGED_METADATA : NOTHING);
      if (Object.keys(below).length > 0) fields[`f:${field}`] = below;
    }
  }
  return fields;
}
const NOTHING: ReadonlySet<string> = new Set();

function withFields(present: JsonObject, added: JsonObject): JsonObject {
  const merged = { ...present };
  for (const [field, below] of Object.entries(added)) {
    const former = merged[field];
    merged[field] = isObject(former) && isObject(below) ? withFields(former, below) : below;
  }
  return merged;
}

function withoutFields(present: JsonObject, taken: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [field, below] of Object.entries(present)) {
    const other = taken[field];
    if (other === undefined) kept[field] = below;
    else if (isObject(below) && isObject(other) && Object.keys(other).length > 0) {
      const rest = withoutFields(below, other);
      if (Object.keys(rest).length > 0) kept[field] = rest;
    }
  }
  return kept;
}

/**
 * Who manages which field after an update: the manager gains what it set to a new value, everybody else loses it.
 * Lists are managed as a whole, which is coarser than the real bookkeeping.
 */
export function manage(
  present: readonly ManagedFields[],
  before: JsonObject,
  after: JsonObject,
  by: { manager: string; time: string; apiVersion: string; status: boolean },
): ManagedFields[] {
  const gained = by.status ? statusFields(before, after) : changedFields(before, after, UNMANAGED);
  if (Object.keys(gained).length === 0) return [...present];
  const mine = (entry: ManagedFields): boolean =>
    entry.manager === by.manager && entry.operation === 'Update' && (entry.subresource === 'status') === by.status;
  const own = present.find(mine);
  const others = present
    .filter((entry) => !mine(entry))
    .map((entry) => ({ ...entry, fieldsV1: withoutFields(entry.fieldsV1 as JsonObject, gained) }))
    .filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0);
  return [
    ...others,
    {
      manager: by.manager,
      operation: 'Update',
      apiVersion: by.apiVersion,
      time: by.time,
      fieldsType: 'FieldsV1',
      fieldsV1: withFields((own?.fieldsV1 ?? {}) as JsonObject, gained),
      ...(by.status ? { subresource: 'status' } : {}),
    },
  ];
}

function statusFields(before: JsonObject, after: JsonObject): JsonObject {
  const status = after['status'];
  if (!isObject(status)) return {};
  const fields = changedFields(before['status'], status, NOTHING);
  return Object.keys(fields).length === 0 ? {} : { 'f:status': fields };
}
