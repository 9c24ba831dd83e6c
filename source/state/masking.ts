const MASK = '***';

/**
 * What looks like a credential wherever it stands, with what is put in its place. What may repeat without an end of its
 * own is bounded: the time that a text takes grows with its length alone, whoever wrote it.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{1,64}-----[\s\S]*?(-----END [A-Z ]{1,64}-----|$)/g, MASK],
  [/\beyJ[\w-]{8,}[\w.-]*/g, MASK],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [/\b([\w-]{0,64}(?:token|password|passwd|secret|api[_-]?key))(["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi, `$1$2${MASK}`],
  [/(\w{1,20}:\/\/)[^\s/@]+@/g, `$1${MASK}@`],
];

const maskedText = (text: string): string => SECRETS.reduce((left, [secret, mask]) => left.replace(secret, mask), text);

/** A copy of plain data in which every text has its credentials masked. Keys of objects stay as they are. */
export function masked<T>(value: T): T {
  if (typeof value === 'string') return maskedText(value) as T;
  if (Array.isArray(value)) return value.map(masked) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, masked<unknown>(part)])) as T;
}
