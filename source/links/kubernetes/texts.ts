/** Longest text that is kept, in bytes: names, keys and words are shorter. */
const LONGEST = 64;
/** A power of two. */
const PLACES = 8_192;

/**
 * Reads UTF-8 between two places of some bytes. Texts that came before are the same string: thousands of objects repeat
 * their keys and words, and to make each anew costs more than to look it up.
 */
export type ReadText = (bytes: Buffer, start: number, end: number) => string;

export function createTexts(): ReadText {
  const kept: (string | undefined)[] = Array.from({ length: PLACES }, () => undefined);
  return (bytes, start, end) => {
    const length = end - start;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('utf8', start, end);
    let hash = length;
    let highest = 0;
    for (let index = start; index < end; index += 1) {
      const byte = Number(bytes[index]);
      hash = (Math.imul(hash, 31) + byte) | 0;
      highest |= byte;
    }
    // Only of ASCII is one byte one character.
    if (highest > 0x7f) return bytes.toString('utf8', start, end);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const before = kept[place];
    if (before?.length === length && holds(bytes, start, before)) return before;
    return (kept[place] = bytes.toString('latin1', start, end));
  };
}

function holds(bytes: Buffer, start: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1)
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}
