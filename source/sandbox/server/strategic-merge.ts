import { without } from '../fields.ts';
import { mergeRule } from './merge-keys.ts';
import { equal, isObject, own, type Json, type JsonObject } from './patch.ts';
import { badRequest, Refusal } from './status.ts';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const ELEMENT_ORDER = '$setElementOrder/';
const DELETE_VALUES = '$deleteFromPrimitiveList/';

/** What the real server answers without a reason: 500 and the sentence. */
const serverError = (message: string): Refusal => new Refusal(500, null, message);

type Place = { kind: string; path: string };

const at = ({ kind, path }: Place, field: string): Place => ({ kind, path: path === '' ? field : `${path}.${field}` });

/**
 * Applies a strategic merge patch to an object of a built-in kind (Kubernetes: strategicpatch). Null removes a field,
 * maps merge, lists are replaced unless the kind says by what their items are told apart; `$patch`, `$retainKeys`,
 * `$setElementOrder/…` and `$deleteFromPrimitiveList/…` are obeyed. Throws 400 for a directive that is none, and the
 * 500 of an item without the field that names it.
 */
export const strategicMerge = (kind: string, document: JsonObject, patch: JsonObject): JsonObject =>
  mergeMaps(document, patch, { kind, path: '' });

function mergeMaps(present: JsonObject, patch: JsonObject, place: Place): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') return without(patch, DIRECTIVE);
  if (directive === 'delete') return {};
  if (directive !== undefined) throw serverError(`unknown patch type found: ${JSON.stringify(directive)}`);
  const merged = retained(present, patch);
  for (const field of fieldsOf(patch)) {
    const change: ListChange = {
      items: own(patch, field),
      order: asList(patch[ELEMENT_ORDER + field]),
      gone: asList(patch[DELETE_VALUES + field]),
    };
    const value = change.items === null ? undefined : mergedField(own(merged, field), change, at(place, field));
    if (value === undefined) Reflect.deleteProperty(merged, field);
    else merged[field] = value;
  }
  return merged;
}

/** Fields that a patch is about: those that it gives, and those that it gives only an order or deletions for. */
function fieldsOf(patch: JsonObject): Set<string> {
  const named = Object.keys(patch).map((key) =>
    [ELEMENT_ORDER, DELETE_VALUES].reduce(
      (name, prefix) => (name.startsWith(prefix) ? name.slice(prefix.length) : name),
      key,
    ),
  );
  return new Set(named.filter((name) => name !== RETAIN_KEYS));
}

const asList = (value: Json | undefined): Json[] | null => (Array.isArray(value) ? value : null);

/** The map without the fields that `$retainKeys` does not list. */
function retained(present: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return { ...present };
  if (!Array.isArray(keys)) throw badRequest('invalid patch format of retainKeys: not a list');
  const extra = Object.keys(patch).filter(
    (field) => !field.startsWith('$') && patch[field] !== null && !keys.includes(field),
  );
  if (extra.length > 0) throw badRequest('the retainKeys list must contain all fields present in the patch');
  return Object.fromEntries(Object.entries(present).filter(([field]) => keys.includes(field)));
}

/** What a patch says of one field; for a list perhaps no items, but an order or values to take away. */
type ListChange = { items: Json | undefined; order: Json[] | null; gone: Json[] | null };

function mergedField(present: Json | undefined, change: ListChange, place: Place): Json | undefined {
  const { items } = change;
  const rule = mergeRule(place.kind, place.path);
  if (isObject(items)) {
    return rule === 'replace' ? items : mergeMaps(isObject(present) ? present : {}, items, place);
  }
  if (items !== undefined && !Array.isArray(items)) return items;
  if (rule === null || rule === 'replace') return items ?? present;
  const merged = mergeLists(
    Array.isArray(present) ? present : [],
    change,
    rule === 'values' ? null : rule.items,
    place,
  );
  return merged.length === 0 && present === undefined && items === undefined ? undefined : merged;
}

/** Merges a list whose items are told apart by a field, or by their value when there is none. */
function mergeLists(present: Json[], change: ListChange, key: string | null, place: Place): Json[] {
  const items = asList(change.items) ?? [];
  if (key === null) {
    const gone = change.gone ?? [];
    const kept = present.filter((value) => !gone.some((other) => equal(other, value)));
    const added = items.filter((value) => !kept.some((other) => equal(other, value)));
    return ordered([...kept, ...added], change.order ?? items, present, null);
  }
  const objects = items.map((item) => {
    if (!isObject(item)) throw serverError('cannot merge items of another type than an object');
    return item;
  });
  if (objects.some((item) => item[DIRECTIVE] === 'merge')) {
    throw serverError('merging lists cannot yet be specified in the patch');
  }
  if (objects.some((item) => item[DIRECTIVE] === 'replace')) return objects.filter((item) => !(DIRECTIVE in item));
  return ordered(mergeItems(present, objects, key, place), change.order ?? items, present, key);
}

function mergeItems(present: readonly Json[], patch: readonly JsonObject[], key: string, place: Place): Json[] {
  const merged = [...present];
  for (const item of patch) {
    const name = item[key];
    if (name === undefined || name === null) {
      throw serverError(`map: ${goMap(item)} does not contain declared merge key: ${key}`);
    }
    const index = merged.findIndex((each) => isObject(each) && equal(each[key], name));
    const there = merged[index];
    if (item[DIRECTIVE] === 'delete') {
      if (index >= 0) merged.splice(index, 1);
    } else if (isObject(there)) merged[index] = mergeMaps(there, item, place);
    else merged.push(mergeMaps({}, item, place));
  }
  return merged;
}

/** A map as Go prints it. */
const goMap = (item: JsonObject): string =>
  `map[${Object.keys(item)
    .sort()
    .map((field) => `${field}:${typeof item[field] === 'object' ? JSON.stringify(item[field]) : String(item[field])}`)
    .join(' ')}]`;

/**
 * Puts a merged list in order: items that the patch names in the patch's order, those that only the server has where
 * they were among them, as far as both can be had.
 */
function ordered(merged: readonly Json[], order: readonly Json[], before: readonly Json[], key: string | null): Json[] {
  const nameOf = (item: Json): Json | undefined => (key === null ? item : isObject(item) ? item[key] : undefined);
  const placeIn = (list: readonly Json[], item: Json): number =>
    list.findIndex((each) => equal(nameOf(each), nameOf(item)));
  const inOrderOf = (list: readonly Json[]) => (a: Json, b: Json) => placeIn(list, a) - placeIn(list, b);
  const patched = merged.filter((item) => placeIn(order, item) >= 0).sort(inOrderOf(order));
  const kept = merged.filter((item) => placeIn(order, item) < 0).sort(inOrderOf(before));
  const result: Json[] = [];
  while (patched.length > 0 && kept.length > 0) {
    const [left, right] = [kept[0] ?? null, patched[0] ?? null];
    const [leftPlace, rightPlace] = [placeIn(before, left), placeIn(before, right)];
    const first = leftPlace >= 0 && rightPlace >= 0 && leftPlace < rightPlace ? kept : patched;
    result.push(...first.splice(0, 1));
  }
  return [...result, ...kept, ...patched];
}
