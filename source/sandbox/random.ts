/** A seeded source of randomness: the same seed builds the same cluster. */
export type Random = {
  /** A number from 0 (included) to 1 (excluded). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** A version 4 UUID. */
  uuid(): string;
  /** The suffix of a generated name, in the alphabet that Kubernetes uses (no vowels, no look-alikes). */
  suffix(length: number): string;
};

const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Mulberry32: small, fast and good enough for a world that only has to look alive. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const hex = (): string =>
    Math.floor(next() * 0x100000000)
      .toString(16)
      .padStart(8, '0');
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    uuid() {
      const digits = hex() + hex() + hex() + hex();
      const variant = '89ab'.charAt(Math.floor(next() * 4));
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
    },
    suffix(length) {
      let text = '';
      while (text.length < length) text += NAME_ALPHABET.charAt(Math.floor(next() * NAME_ALPHABET.length));
      return text;
    },
  };
}
