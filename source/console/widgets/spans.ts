import { graphemesOf } from '../../text/graphemes.ts';
import { cellWidth, cut, fit } from '../../text/width.ts';
import type { StyleName, Theme } from '../theme.ts';

/** A piece of a row in one style; null is the terminal's own. The text is visible text: made so where it was taken from the model. */
export type Span = { readonly text: string; readonly style: StyleName | null };

export const plain = (text: string): Span => ({ text, style: null });
export const styled = (style: StyleName, text: string): Span => ({ text, style });

export const spansWidth = (spans: readonly Span[]): number => spans.reduce((sum, { text }) => sum + cellWidth(text), 0);

/** Exactly `width` cells: cut at the end, or filled with blanks on the side away from `align`. */
export function fitSpans(whole: readonly Span[], width: number, align: 'left' | 'right' = 'left'): readonly Span[] {
  const spans = whole.map((span) => ({ ...span, text: cut(span.text, width + 1) }));
  const total = spansWidth(spans);
  if (total <= width) {
    const blanks = plain(' '.repeat(width - total));
    return align === 'left' ? [...spans, blanks] : [blanks, ...spans];
  }
  const kept: Span[] = [];
  let left = width;
  for (const span of spans) {
    if (left <= 0) break;
    const needed = cellWidth(span.text);
    // The piece that does not fit carries the sign of a cut; one that fits exactly is cut too when more follows.
    const isLast = kept.length === spans.length - 1;
    if (needed < left || (needed === left && isLast)) {
      kept.push(span);
      left -= needed;
    } else {
      kept.push({ ...span, text: fit(needed === left ? `${span.text} ` : span.text, left) });
      left = 0;
    }
  }
  return kept;
}

/** The text of spans with their styles. */
export const drawn = (spans: readonly Span[], theme: Theme): string =>
  spans.map(({ text, style }) => (style === null ? theme.text(text) : theme[style](theme.text(text)))).join('');

/** One row of the screen: exactly `width` cells. */
export const drawnRow = (spans: readonly Span[], width: number, theme: Theme): string =>
  drawn(fitSpans(spans, width), theme);

/** Left and right part of one row; the right part stays whole, the left one is cut. */
export function justified(left: readonly Span[], right: readonly Span[], width: number, theme: Theme): string {
  const room = width - spansWidth(right) - 1;
  if (room < 1) return drawnRow(left, width, theme);
  return drawn([...fitSpans(left, room), plain(' '), ...right], theme);
}

/** Pieces joined by a separator, as in a line of facts. */
export const joined = (pieces: readonly (readonly Span[])[], separator: string): readonly Span[] =>
  pieces
    .filter((piece) => piece.length > 0)
    .flatMap((piece, index) => (index === 0 ? piece : [plain(separator), ...piece]));

/** A word in pieces that are not wider than a row. */
function piecesOf(word: string, width: number): readonly string[] {
  if (cellWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let start = 0;
  let used = 0;
  for (const { segment, index } of graphemesOf(word)) {
    const needed = cellWidth(segment);
    if (used + needed > width) {
      pieces.push(word.slice(start, index));
      start = index;
      used = 0;
    }
    used += needed;
  }
  return [...pieces, word.slice(start)];
}

/** A text broken at blanks, and within words that are too long, into rows of at most `width` cells. Nothing is lost. */
export function wrapped(text: string, width: number): readonly string[] {
  const [first = '', ...rest] = text.split(' ').flatMap((word) => piecesOf(word, Math.max(width, 2)));
  const rows: string[] = [];
  let row = first;
  let used = cellWidth(first);
  for (const piece of rest) {
    const needed = cellWidth(piece);
    if (used + 1 + needed <= width) {
      row += ` ${piece}`;
      used += 1 + needed;
    } else {
      rows.push(row);
      row = piece;
      used = needed;
    }
  }
  return [...rows, row];
}

/** The row with the cursor: reversed as a whole, since colours on a reversed row are hard to read. */
export const selectedRow = (spans: readonly Span[], width: number, theme: Theme): string =>
  theme.selected(theme.text(fit(spans.map(({ text }) => text).join(''), width)));
