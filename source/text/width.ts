import stringWidth from 'string-width';
import { graphemesOf } from './graphemes.ts';

/*
 * Cells of a terminal. Texts are without colour and went through `visible`; colour is put around them afterwards.
 */

/**
 * Characters of one cell that join with no other, as what stands in a class of a regular expression: ASCII, the letters of
 * Latin, the ellipsis, arrows, lines of boxes. Whoever skips the work of finding graphemes and widths does it for these.
 */
export const SINGLE_CELLS = String.raw`\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2026\u2190-\u2193\u2500-\u257f`;
const PLAIN = new RegExp(`^[${SINGLE_CELLS}]*$`);
const ELLIPSIS = '…';
/** Characters of a text that are looked at for each cell; twice what the Stream-Safe Text Format (UAX 15) lets stand in one. */
const MOST_UNITS = 64;

/** As much of the beginning of a text as `width` cells can need, with the sign of a cut where that is not all of it. */
export const begun = (text: string, width: number): string =>
  text.length <= width * MOST_UNITS ? text : text.slice(0, width * MOST_UNITS) + ELLIPSIS;

/** Widths that were found; the same few hundred characters come again and again, and finding one takes some 10 µs. */
const widths = new Map<string, number>();
const MOST_WIDTHS = 4_096;
/** Of graphemes that are longer, the width is not kept. */
const LONGEST_KEPT = 16;

function graphemeWidth(grapheme: string): number {
  const known = widths.get(grapheme);
  if (known !== undefined) return known;
  const width = stringWidth(grapheme, { countAnsiEscapeCodes: true });
  if (grapheme.length > LONGEST_KEPT) return width;
  if (widths.size >= MOST_WIDTHS) widths.clear();
  widths.set(grapheme, width);
  return width;
}

/** How many cells a text takes. */
export function cellWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  const known = widths.get(text);
  if (known !== undefined) return known;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment);
  return width;
}

/**
 * The text if it fits into `width` cells, else as many whole characters of it as fit before an ellipsis. Looks at no more
 * of a long text than it keeps: a character of more than MOST_UNITS, which nobody can read, is where it ends.
 */
export function cut(text: string, width: number): string {
  if (width <= 0) return '';
  const begin = begun(text, width);
  if (PLAIN.test(begin)) return text.length <= width ? text : text.slice(0, width - 1) + ELLIPSIS;
  let used = 0;
  let end = 0;
  for (const { segment, index } of graphemesOf(begin)) {
    if (segment.length > MOST_UNITS) return text.slice(0, end) + ELLIPSIS;
    used += cellWidth(segment);
    const isWhole = begin === text || index + segment.length < begin.length - ELLIPSIS.length;
    if (used > width || !isWhole) return text.slice(0, end) + ELLIPSIS;
    if (used < width) end = index + segment.length;
  }
  return text;
}

/** The text in exactly `width` cells: cut when too long, filled with spaces on the other side when too short. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  // Nearly all text: nothing in it joins with a space.
  if (text.length <= width && PLAIN.test(text)) return align === 'left' ? text.padEnd(width) : text.padStart(width);
  let fitted = cut(text, width);
  // A space may join the first or last character of the text, so the width is looked at again after filling.
  for (let missing = width - cellWidth(fitted); missing > 0; missing = width - cellWidth(fitted))
    fitted = align === 'left' ? fitted + ' '.repeat(missing) : ' '.repeat(missing) + fitted;
  return fitted;
}
