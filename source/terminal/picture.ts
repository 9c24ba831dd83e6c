import { blankRow, erased, resized, written, type Row } from './row.ts';
import { createStyles, PLAIN } from './style.ts';

export type ScreenSize = { readonly columns: number; readonly rows: number };

/** What a program has drawn, whether or not a terminal shows it. */
export type Picture = {
  /** Obeys what draws, and tells whether there was any; all else is handed on, in order. No sequence may be cut in two. */
  readonly write: (text: string, other: (sequence: string) => void) => boolean;
  /** The rows as they stand; a row that is drawn as it was before stays the same object. */
  readonly rows: () => readonly Row[];
  readonly cursor: () => { readonly x: number; readonly y: number };
  /** Ends a frame: texts of rows that it did not hold are forgotten. */
  readonly endFrame: () => void;
};

/** Text and SGR; then what is no text (ECMA-48, 5.4 and 5.6): a control sequence, an operating system command, an escape sequence. */
const TEXT = /(?:[^\u0000-\u001f\u007f-\u009f]|\u001b\[[\d;:]*m)+/y;
const SEQUENCE =
  /\u001b(?:\[([\u0030-\u003f]*)([\u0020-\u002f]*[\u0040-\u007e])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u0020-\u002f]*[\u0030-\u005a\u005c\u005e-\u007e])/y;

/**
 * A picture of a size: empty with its cursor at the first cell, or as much as fits of one before. Knows the sequences
 * with which Ink draws: text, SGR, line ends, the movements of the cursor, and erasing; no tabs, no scrolling. What would
 * leave the screen is left out.
 */
export function createPicture({ columns, rows: height }: ScreenSize, before?: Picture): Picture {
  const styles = createStyles();
  const blank = blankRow(columns);
  const rowsBefore = before?.rows() ?? [];
  const rows: Row[] = Array.from({ length: height }, (_, line) => {
    const row = rowsBefore[line];
    return row === undefined ? blank : resized(row, columns);
  });
  let { x, y } = before === undefined ? { x: 0, y: 0 } : before.cursor();
  let style = PLAIN;
  /** Rows by the text that was written onto a blank one, of this frame and of the one before. */
  let texts = new Map<string, { readonly row: Row; readonly column: number }>();
  let textsBefore = texts;

  const rowAt = (at: number): Row => rows[at] ?? blank;
  const to = (column: number, line: number) => {
    x = Math.min(Math.max(column, 0), columns - 1);
    y = Math.min(Math.max(line, 0), height - 1);
  };
  const eraseRows = (from: number, before: number) => rows.fill(blank, from, before);
  const eraseCells = (from: number, before: number) => {
    const row = rowAt(y);
    if (row !== blank) rows[y] = from === 0 && before === columns ? blank : erased(row, from, before);
  };
  /** Columns up to the last one: after that, a terminal waits with the cursor on it. */
  const here = () => Math.min(x, columns - 1);

  to(x, y);

  /** By the last byte of a control sequence, given its numbers; one that is missing counts as the least. */
  const DRAWING: Readonly<Record<string, (first: number, second: number) => void>> = {
    A: (count) => to(here(), y - Math.max(count, 1)),
    B: (count) => to(here(), y + Math.max(count, 1)),
    C: (count) => to(here() + Math.max(count, 1), y),
    D: (count) => to(here() - Math.max(count, 1), y),
    E: (count) => to(0, y + Math.max(count, 1)),
    F: (count) => to(0, y - Math.max(count, 1)),
    G: (column) => to(column - 1, y),
    H: (line, column) => to(column - 1, line - 1),
    J: (what) => {
      // 3 is the scrollback, which is no part of a picture.
      if (what > 2) return;
      eraseCells(what === 0 ? here() : 0, what === 1 ? here() + 1 : columns);
      eraseRows(what === 0 ? y + 1 : 0, what === 1 ? y : height);
    },
    K: (what) => eraseCells(what === 0 ? here() : 0, what === 1 ? here() + 1 : columns),
  };

  const draw = (text: string) => {
    const row = rowAt(y);
    const isWhole = x === 0 && row === blank && style === PLAIN;
    const known = isWhole ? (texts.get(text) ?? textsBefore.get(text)) : undefined;
    if (known !== undefined) {
      texts.set(text, known);
      rows[y] = known.row;
      x = known.column;
      return;
    }
    const done = written(row, x, text, style, styles);
    rows[y] = done.row;
    x = done.column;
    style = done.style;
    if (isWhole && style === PLAIN) texts.set(text, done);
  };

  /** The length of the text of a row that was drawn before and stands there again, up to its line end; else 0. */
  const knownLength = (text: string, at: number): number => {
    if (x !== 0 || style !== PLAIN || rowAt(y) !== blank) return 0;
    const lineEnd = text.indexOf('\n', at);
    const line = text.slice(at, lineEnd === -1 ? undefined : lineEnd);
    return texts.has(line) || textsBefore.has(line) ? line.length : 0;
  };

  return {
    rows: () => [...rows],
    cursor: () => ({ x: here(), y }),
    endFrame() {
      textsBefore = texts;
      texts = new Map();
    },
    write(text, other) {
      let at = 0;
      let hasDrawn = false;
      const read = (pattern: RegExp): RegExpExecArray | null => {
        pattern.lastIndex = at;
        return pattern.exec(text);
      };
      while (at < text.length) {
        const length = knownLength(text, at) || read(TEXT)?.[0].length;
        if (length !== undefined) {
          draw(text.slice(at, at + length));
          hasDrawn = true;
          at += length;
          continue;
        }
        const sequence = read(SEQUENCE);
        if (sequence === null) {
          // Of the other controls only line ends draw; a tty gives a line feed the return that goes with it.
          const control = text[at];
          if (control === '\n') to(0, y + 1);
          else if (control === '\r') x = 0;
          at += 1;
          continue;
        }
        const [whole, parameters = '', final = ''] = sequence;
        const [first = NaN, second = NaN] = parameters.split(';').map(Number);
        const drawing = /^[\d;]*$/.test(parameters) ? DRAWING[final] : undefined;
        if (drawing === undefined) other(whole);
        else {
          drawing(first, Number.isNaN(second) ? 1 : second);
          hasDrawn = true;
        }
        at += whole.length;
      }
      return hasDrawn;
    },
  };
}
