/** ASCII that is drawn: each character stands alone. A line break and what is before it are one. */
const PLAIN = /^[\x20-\x7e]*$/;

let segmenter: Intl.Segmenter | null = null;

/**
 * The characters of a text as a reader sees them (Unicode Standard Annex 29, extended grapheme clusters), with where each
 * begins. What segments is made at the first need: that takes some 15 ms, and most text never needs it.
 */
export function graphemesOf(text: string): Iterable<{ readonly segment: string; readonly index: number }> {
  if (PLAIN.test(text)) return Array.from(text, (segment, index) => ({ segment, index }));
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}
