import { isObject, PROTOTYPE, type Json, type JsonObject, type JsonPatchOperation } from './patch.ts';
import { badRequest } from './status.ts';

/** What Go's decoder says of a text that is not JSON, as far as the reason can be told from the place. */
function reasonNotJson(text: string, position: number | null): string {
  if (position === null || position >= text.length) return 'unexpected end of JSON input';
  const found = `invalid character '${text.charAt(position)}'`;
  const before = text.slice(0, position).trimEnd().at(-1);
  return `${found} looking for beginning of ${before === '{' || before === ',' ? 'object key string' : 'value'}`;
}

/** A field of this name, which Kubernetes has nowhere, would be taken for a prototype wherever it is copied. */
const withoutPrototype = (field: string, value: unknown): unknown => (field === PROTOTYPE ? undefined : value);

function parse(text: string, prefix: string): Json {
  try {
    return JSON.parse(text, withoutPrototype) as Json;
  } catch (error) {
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw badRequest(prefix + reasonNotJson(text, position === undefined ? null : Number(position)));
  }
}

/** The body of a request as an object. Throws 400. */
export function objectBody(text: string, what = ''): JsonObject {
  const prefix = what === '' ? '' : `error decoding ${what}: `;
  const value = parse(text, prefix);
  if (!isObject(value)) throw badRequest(`${prefix}json: cannot unmarshal a value that is no object`);
  return value;
}

const word = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

/** The body of a request that may have none. */
export const optionalBody = (text: string): JsonObject | null => (text.trim() === '' ? null : objectBody(text));

/** The operations of a JSON patch. Throws 400 when it is not a list of objects. */
export function operationsBody(text: string): JsonPatchOperation[] {
  const value = parse(text, 'error decoding patch: ');
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  return value.map(({ op, path, from, value: operand }) => ({
    op: word(op),
    path: word(path),
    ...(from === undefined ? {} : { from: word(from) }),
    ...(operand === undefined ? {} : { value: operand }),
  }));
}
