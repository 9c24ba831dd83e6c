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
  /** Everything, ending with the style reset. */
  readonly end: () => string;
};

const csi = (final: string, ...numbers: readonly number[]): string => `\u001b[${numbers.join(';')}${final}`;
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
  /** Null where it is not known. */
  let cursor: { x: number; y: number } | null = null;

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
    const address = x === 0 ? (y === 0 ? csi('H') : csi('H', y + 1)) : csi('H', y + 1, x + 1);
    if (cursor === null) return address;
    if (cursor.y !== y) {
      const below = cursor.y + 1 === y ? `\r\n${x === 0 ? '' : times('C', x)}` : address;
      return shorter(address, cursor.x === x ? times('d', y + 1) : below);
    }
    if (cursor.x === x) return '';
    if (x === 0) return '\r';
    const absolute = csi('G', x + 1);
    if (cursor.x > x) return shorter(absolute, cursor.x - x < 3 ? '\b'.repeat(cursor.x - x) : times('D', cursor.x - x));
    const move = shorter(absolute, times('C', x - cursor.x));
    return x - cursor.x > move.length ? move : (through(cursor.x, x, row, move.length) ?? move);
  };

  return {
    moveTo(x, y, row) {
      out += movement(x, y, row);
      cursor = { x, y };
    },
    write(row, column, width) {
      styleFor(row, column);
      out += row.glyphs[column] ?? ' ';
      if (cursor !== null) cursor = cursor.x + width >= columns ? null : { x: cursor.x + width, y: cursor.y };
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
      cursor = null;
    },
    forgetCursor() {
      cursor = null;
    },
    end() {
      out += transition(style, PLAIN);
      style = PLAIN;
      return out;
    },
  };
}
