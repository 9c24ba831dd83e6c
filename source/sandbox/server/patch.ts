/** The ways to patch any document: RFC 6902 and RFC 7386. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [field: string]: Json };

/** The field of a JavaScript object that is none. */
export const PROTOTYPE = '__proto__';

/** The patch cannot be applied to this document: a failed test, a missing path, an unknown operation. */
export class UnprocessablePatch extends Error {}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field that the object has itself: names come from clients, and every object inherits some. */
export const own = (object: JsonObject, field: string): Json | undefined =>
  Object.hasOwn(object, field) ? object[field] : undefined;

/** Whether two documents say the same; the order of fields does not matter. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => equal(value, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

export type JsonPatchOperation = { op: string; path: string; from?: string; value?: Json };

type Place = { holder: Json[] | JsonObject; key: string };

const unescaped = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

function segmentsOf(path: string): string[] {
  if (!path.startsWith('/')) throw new UnprocessablePatch(`path "${path}" does not start with a slash`);
  return path.slice(1).split('/').map(unescaped);
}

function placeOf(document: Json, path: string): Place {
  const segments = segmentsOf(path);
  const key = segments.pop() ?? '';
  let holder: Json | undefined = document;
  for (const segment of segments) holder = read(holder, segment);
  if (!Array.isArray(holder) && !isObject(holder)) throw new UnprocessablePatch(`no place at "${path}"`);
  return { holder, key };
}

const isIndex = (key: string): boolean => /^(0|[1-9]\d*)$/.test(key);

function read(holder: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(holder)) return isIndex(key) ? holder[Number(key)] : undefined;
  return isObject(holder) ? own(holder, key) : undefined;
}

function indexIn(list: readonly Json[], key: string, highest: number): number {
  if (!isIndex(key) || Number(key) > highest) throw new UnprocessablePatch(`no index "${key}" in ${list.length} items`);
  return Number(key);
}

function add({ holder, key }: Place, value: Json): void {
  if (key === PROTOTYPE) throw new UnprocessablePatch(`no place at "${key}"`);
  if (Array.isArray(holder)) holder.splice(key === '-' ? holder.length : indexIn(holder, key, holder.length), 0, value);
  else holder[key] = value;
}

function take(place: Place): Json {
  const { holder, key } = place;
  const value = read(holder, key);
  if (value === undefined) throw new UnprocessablePatch(`nothing at "${key}"`);
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
  return value;
}

const OPERATIONS: Record<string, (document: Json, operation: JsonPatchOperation) => void> = {
  add: (document, { path, value = null }) => add(placeOf(document, path), value),
  remove: (document, { path }) => void take(placeOf(document, path)),
  replace(document, { path, value = null }) {
    const place = placeOf(document, path);
    const { holder, key } = place;
    if (read(holder, key) === undefined) throw new UnprocessablePatch(`nothing at "${path}"`);
    if (Array.isArray(holder)) holder[Number(key)] = value;
    else holder[key] = value;
  },
  /** A test for null holds where there is nothing. */
  test(document, { path, value = null }) {
    const { holder, key } = placeOf(document, path);
    if (!equal(read(holder, key) ?? null, value)) throw new UnprocessablePatch(`test of "${path}" failed`);
  },
  copy(document, { path, from = '' }) {
    const source = placeOf(document, from);
    const value = read(source.holder, source.key);
    if (value === undefined) throw new UnprocessablePatch(`nothing at "${from}"`);
    add(placeOf(document, path), structuredClone(value));
  },
  move(document, { path, from = '' }) {
    const value = take(placeOf(document, from));
    add(placeOf(document, path), value);
  },
};

/** Applies a JSON patch (RFC 6902) to a copy of the document. Throws UnprocessablePatch; nothing is half applied. */
export function jsonPatch(document: JsonObject, operations: readonly JsonPatchOperation[]): JsonObject {
  const patched = structuredClone(document);
  for (const operation of operations) {
    const apply = Object.hasOwn(OPERATIONS, operation.op) ? OPERATIONS[operation.op] : undefined;
    if (!apply) throw new UnprocessablePatch(`unknown operation "${operation.op}"`);
    apply(patched, operation);
  }
  return patched;
}

/** Applies a JSON merge patch (RFC 7386): null removes, lists are replaced. */
export function mergePatch(document: JsonObject, patch: JsonObject): JsonObject {
  const merged = { ...document };
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, field);
    else if (!isObject(value)) merged[field] = value;
    else {
      const present = merged[field];
      merged[field] = mergePatch(isObject(present) ? present : {}, value);
    }
  }
  return merged;
}
