/** Fields of JSON from a server, whose shape is hoped for and not promised: nothing here throws. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object, or null when it is none. */
export const asObject = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

/** The value as a list; what is none is empty. */
export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The objects of a list; entries of another type are left out. */
export const asObjects = (value: unknown): readonly Fields[] =>
  asArray(value)
    .map(asObject)
    .filter((entry) => entry !== null);

/** The value as text; what is none is empty. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The value as text, or null when it is none or empty. */
export const asName = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The value as a finite number, or null. */
export const asNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** A map of text to text, the value itself where it is one; entries with another value are left out. */
export function asTexts(value: unknown): Readonly<Record<string, string>> {
  const fields = asObject(value) ?? {};
  if (areTexts(fields)) return fields;
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const areTexts = (fields: Fields): fields is Readonly<Record<string, string>> =>
  Object.values(fields).every((value) => typeof value === 'string');

/** What was read last: an object often says several things of one moment. */
const last: { text: string; time: number | null } = { text: '', time: null };

/** An RFC 3339 time as ms since the epoch, or null when it is none. */
export function asTime(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  if (value !== last.text) {
    const time = Date.parse(value);
    last.text = value;
    last.time = Number.isNaN(time) ? null : time;
  }
  return last.time;
}

/** A count, which the API leaves out when it is zero. */
export const asCount = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
