/** Made at the first need: that takes some 10 ms, and names are plain. */
let collator: Intl.Collator | null = null;

const collate = (one: string, other: string): number =>
  (collator ??= new Intl.Collator('en', { numeric: true })).compare(one, other);

/**
 * A text as it is put in order. `plain` holds its place among others that have one: letters, digits, dashes and dots in
 * small type, as names in Kubernetes are; null for any other text.
 */
export type Letters = { readonly text: string; readonly plain: string | null };

const PLAIN = /^[a-z0-9.-]*$/;
const NUMBERS = /0*(\d+)/g;
/** As many digits as there are signs between those of the dot and of the letters. */
const TOO_LONG = /[1-9]\d{48}/;
/** Before the digits of a number stands how many they are, as a sign above that of the dot and below that of a letter. */
const BEFORE_ONE = 0x2f;

/** Made once for a text that is compared often. */
export const letters = (text: string): Letters => ({
  text,
  plain:
    PLAIN.test(text) && !TOO_LONG.test(text)
      ? text.replace(NUMBERS, (_, digits: string) => String.fromCharCode(BEFORE_ONE + digits.length) + digits)
      : null,
});

/** Letter by letter, by their codes: an order that only needs to be the same each time. */
export const letterByLetter = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * By the alphabet, numbers by their size (Unicode collation, English); those that it takes for the same, letter by
 * letter, so that two texts are equal only where they are one. Plain texts are compared without the collator, which is
 * slow, and with the same result.
 */
export function alphabetical(one: Letters, other: Letters): number {
  if (one.text === other.text) return 0;
  const order =
    one.plain !== null && other.plain !== null ? letterByLetter(one.plain, other.plain) : collate(one.text, other.text);
  return order === 0 ? letterByLetter(one.text, other.text) : order;
}
