/** Longest text that is kept, in bytes: names, keys and words are shorter. */
const LONGEST = 64;
/** A power of two. */
const PLACES = 8_192;
/** Bytes of each end by which a text finds its place: there names and keys differ. All of it is compared afterwards. */
const HEAD = 4;
const TAIL = 8;

/**
 * Reads UTF-8 between two places of some bytes. Texts that came before are the same string: thousands of objects repeat
 * their keys and words, and to make each anew costs more than to look it up.
 */
export type ReadText = (bytes: Buffer, start: number, end: number) => string;

export function createTexts(): ReadText {
  const kept = new Array<string | undefined>(PLACES).fill(undefined);
  return (bytes, start, end) => {
    const length = end - start;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('utf8', start, end);
    let hash = length;
    const rest = Math.max(start, end - TAIL);
    for (let index = Math.min(start + HEAD, rest); index-- > start;)
      hash = (Math.imul(hash, 31) + Number(bytes[index])) | 0;
    for (let index = rest; index < end; index += 1) hash = (Math.imul(hash, 31) + Number(bytes[index])) | 0;
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const before = kept[place];
    if (before?.length === length && holds(bytes, start, before)) return before;
    const read = bytes.toString('utf8', start, end);
    // As many characters as bytes: each is of one byte, which is ASCII, or no UTF-8 and then equals no byte.
    if (read.length === length) kept[place] = read;
    return read;
  };
}

function holds(bytes: Buffer, start: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1)
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}
