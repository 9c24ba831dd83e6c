import { graphemesOf } from '../text/graphemes.ts';
import { cellWidth, SINGLE_CELLS } from '../text/width.ts';
import { PLAIN, type Style, type Styles } from './style.ts';

/** One row of a terminal, as many cells as it has columns. */
export type Row = {
  /** What stands in each cell: one grapheme; empty for the cells that a wide one takes besides its first. */
  readonly glyphs: readonly string[];
  /** Blanks that look like the terminal's own have its style, whatever colour their text would have. */
  readonly styles: readonly Style[];
  /** First column with a grapheme that terminals draw in different widths; Infinity without one. */
  readonly doubtfulFrom: number;
};

/** Characters of one cell that join with no other and are written as they are. */
const SINGLE = new RegExp(`^[${SINGLE_CELLS}]*$`);
/** Single characters whose width no terminal doubts: those above, letters of Greek and Cyrillic, and wide ones of East Asia. */
const CERTAIN = new RegExp(
  String.raw`^[${SINGLE_CELLS}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\uac00-\ud7a3]$`,
  'u',
);
const SGR = /\u001b\[([\d;:]*)m/g;

/** Whether terminals may differ in the width of a grapheme: emoji, what is joined or combined, rare signs. */
export const isDoubtful = (glyph: string): boolean => (glyph > '~' || glyph.length > 1) && !CERTAIN.test(glyph);

export const blankRow = (columns: number): Row => ({
  glyphs: Array.from({ length: columns }, () => ' '),
  styles: Array.from({ length: columns }, () => PLAIN),
  doubtfulFrom: Infinity,
});

/** Whether a cell is as the terminal erases it. */
export const isBlank = (row: Row, column: number): boolean =>
  row.glyphs[column] === ' ' && row.styles[column] === PLAIN;

/** How many cells two rows of the same width have alike. */
export const alikeCells = (one: Row, other: Row): number =>
  one.glyphs.reduce(
    (count, glyph, column) =>
      glyph === other.glyphs[column] && one.styles[column] === other.styles[column] ? count + 1 : count,
    0,
  );

/** A row after a text was written onto it, and where that left column and style. */
export type Written = { readonly row: Row; readonly column: number; readonly style: Style };

/**
 * Writes text with SGR sequences, and no other controls, onto a row from a column on. What does not fit is left out; a
 * wide grapheme is never cut: where half of one would remain, a blank stands.
 */
export function written(row: Row, from: number, text: string, first: Style, known: Styles): Written {
  const glyphs = [...row.glyphs];
  const styles = [...row.styles];
  const columns = glyphs.length;
  let column = from;
  let style = first;

  const blank = (at: number) => {
    glyphs[at] = ' ';
    if (styles[at]?.showsOnBlank !== true) styles[at] = PLAIN;
  };
  /** Blanks what is left of a wide grapheme when something is written at a column. */
  const part = (at: number) => {
    if (at >= columns || glyphs[at] !== '') return;
    let lead = at - 1;
    while (glyphs[lead] === '') lead -= 1;
    for (let half = lead; half === lead || glyphs[half] === ''; half += 1) blank(half);
  };
  const put = (glyph: string, width: number) => {
    if (column + width > columns) {
      while (column < columns) put(' ', 1);
      return;
    }
    glyphs[column] = glyph;
    styles[column] = glyph === ' ' && !style.showsOnBlank ? PLAIN : style;
    for (let half = 1; half < width; half += 1) {
      glyphs[column + half] = '';
      styles[column + half] = style;
    }
    column += width;
  };
  const putText = (piece: string) => {
    if (SINGLE.test(piece)) {
      for (let at = 0; at < piece.length && column < columns; at += 1) put(piece.charAt(at), 1);
      return;
    }
    for (const { segment } of graphemesOf(piece)) {
      const width = cellWidth(segment);
      if (width > 0) put(segment, width);
      // A mark of no width stands on what is before it.
      else if (column > 0 && glyphs[column - 1] !== '') glyphs[column - 1] = `${glyphs[column - 1] ?? ''}${segment}`;
    }
  };

  part(from);
  let at = 0;
  SGR.lastIndex = 0;
  for (let match = SGR.exec(text); match !== null; match = SGR.exec(text)) {
    if (match.index > at) putText(text.slice(at, match.index));
    style = known.after(style, match[1] ?? '');
    at = match.index + match[0].length;
  }
  if (at < text.length) putText(text.slice(at));
  // What begins before the end of the text was overwritten; cells of it beyond have lost their first.
  for (let half = column; half < columns && glyphs[half] === ''; half += 1) blank(half);
  return { row: made(glyphs, styles), column, style };
}

/** A row with the cells from one column to before another erased. */
export function erased(row: Row, from: number, to: number): Row {
  const glyphs = [...row.glyphs];
  const styles = [...row.styles];
  let first = from;
  while (first > 0 && glyphs[first] === '') first -= 1;
  let last = to;
  while (glyphs[last] === '') last += 1;
  glyphs.fill(' ', first, last);
  styles.fill(PLAIN, first, last);
  return made(glyphs, styles);
}

/** A row with fewer or more columns: cut, or filled with blanks. */
export function resized(row: Row, columns: number): Row {
  const added = Array.from({ length: Math.max(columns - row.glyphs.length, 0) });
  const longer = made([...row.glyphs, ...added.map(() => ' ')], [...row.styles, ...added.map(() => PLAIN)]);
  // Erasing what is cut off leaves no half of a wide grapheme.
  const whole = columns < longer.glyphs.length ? erased(longer, columns, longer.glyphs.length) : longer;
  return made(whole.glyphs.slice(0, columns), whole.styles.slice(0, columns));
}

function made(glyphs: readonly string[], styles: readonly Style[]): Row {
  const doubtful = glyphs.findIndex(isDoubtful);
  return { glyphs, styles, doubtfulFrom: doubtful === -1 ? Infinity : doubtful };
}
