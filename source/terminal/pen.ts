import { PLAIN, transition, type Style } from './style.ts';
import { isBlank, type Row } from './row.ts';

/** Writes cells to a terminal in as few bytes as it can, and knows where that leaves cursor and style. */
export type Pen = {
  /** Puts the cursor on a cell. `row` is what the terminal shows there, which may be written again instead of moving. */
  readonly moveTo: (column: number, line: number, row: Row) => void;
  /** Writes a cell of a row, and the ones that a wide grapheme takes besides. */
  readonly write: (row: Row, column: number, width: number) => void;
  /** Erases cells from the cursor on, which stays; to the end of the line when `count` is Infinity. */
  readonly erase: (count: number) => void;
  /** A sequence that leaves the cursor somewhere; the style stays. */
  readonly send: (sequence: string) => void;
  /** After this the cursor has to be put on a cell of the screen: terminals do not agree on where it is. */
  readonly forgetCursor: () => void;
  /** Characters so far. */
  readonly length: () => number;
  /** Everything, ending with the style reset. */
  readonly end: () => string;
};

const csi = (final: string, parameters: number | string = ''): string => `\u001b[${parameters}${final}`;
/** With a number that counts once when it is not there. */
const times = (final: string, count: number): string => (count === 1 ? csi(final) : csi(final, count));

const shorter = (one: string, other: string): string => (other.length < one.length ? other : one);

/** Bytes that erasing `count` cells takes, Infinity for all to the end of the line (ECH, EL of ECMA-48). */
export const eraseLength = (count: number): number => (count === Infinity ? csi('K') : csi('X', count)).length;

/** Bytes that a movement to the right takes. */
export const forwardLength = (count: number): number => (count === 0 ? 0 : times('C', count).length);

/** A pen on a screen of some columns whose cursor may be anywhere and whose style is reset. */
export function createPen(columns: number): Pen {
  let out = '';
  let style: Style = PLAIN;
  /** Where the cursor is; NaN, which equals nothing, while that is not known. */
  let [atX, atY] = [NaN, NaN];

  const styleFor = (row: Row, column: number): void => {
    // A blank looks the same in any style that does not show on it.
    if (isBlank(row, column) && !style.showsOnBlank) return;
    const wanted = row.styles[column] ?? PLAIN;
    out += transition(style, wanted);
    style = wanted;
  };

  /** The cells between cursor and a column as they are, when that needs no other style and fewer bytes than a movement. */
  const through = (from: number, to: number, row: Row, most: number): string | null => {
    let text = '';
    for (let column = from; column < to; column += 1) {
      const isSame = row.styles[column] === style || (isBlank(row, column) && !style.showsOnBlank);
      if (!isSame || (column === from && row.glyphs[column] === '')) return null;
      text += row.glyphs[column] ?? ' ';
    }
    return Buffer.byteLength(text) <= most ? text : null;
  };

  const movement = (x: number, y: number, row: Row): string => {
    if (atY !== y) {
      const address = x === 0 ? (y === 0 ? csi('H') : csi('H', y + 1)) : csi('H', `${y + 1};${x + 1}`);
      const below = atY + 1 === y ? `\r\n${x === 0 ? '' : times('C', x)}` : address;
      return shorter(address, atX === x ? times('d', y + 1) : below);
    }
    if (atX === x) return '';
    if (x === 0) return '\r';
    const absolute = csi('G', x + 1);
    if (atX > x) return shorter(absolute, atX - x < 3 ? '\b'.repeat(atX - x) : times('D', atX - x));
    const move = shorter(absolute, times('C', x - atX));
    return x - atX > move.length ? move : (through(atX, x, row, move.length) ?? move);
  };

  return {
    moveTo(x, y, row) {
      out += movement(x, y, row);
      [atX, atY] = [x, y];
    },
    write(row, column, width) {
      styleFor(row, column);
      out += row.glyphs[column] ?? ' ';
      atX += width;
      if (atX >= columns) [atX, atY] = [NaN, NaN];
    },
    erase(count) {
      // Terminals erase with the colour of the background at hand.
      if (style.showsOnBlank) {
        out += transition(style, PLAIN);
        style = PLAIN;
      }
      out += count === Infinity ? csi('K') : times('X', count);
    },
    send(sequence) {
      out += sequence;
      [atX, atY] = [NaN, NaN];
    },
    forgetCursor() {
      [atX, atY] = [NaN, NaN];
    },
    length: () => out.length,
    end() {
      out += transition(style, PLAIN);
      style = PLAIN;
      return out;
    },
  };
}
