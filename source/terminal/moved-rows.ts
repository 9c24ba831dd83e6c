import { alikeCells, blankRow, type Row } from './row.ts';

/** Rows from `top` to `bottom` that stand `by` rows higher than before; lower, when it is below zero. */
export type Move = {
  readonly top: number;
  readonly bottom: number;
  readonly by: number;
  /**
   * Lines deleted (DL) or inserted (IL) at the first of the rows, with margins around them (DECSTBM) so that the others
   * stay. Ends with the whole screen as margins.
   */
  readonly sequence: string;
};

/** Below this, writing the rows anew is hardly more. */
const FEWEST_ROWS = 2;
/** A movement of one row that brings fewer cells to where they belong costs more than writing them. */
const LEAST_GAIN = 16;
/** Of the distances that rows have moved by, those looked at: a list scrolls by one, and each has to be painted to be judged. */
const MOST_MOVES = 2;

function moveOf(top: number, bottom: number, by: number): Move {
  const count = Math.abs(by) === 1 ? '' : `${Math.abs(by)}`;
  const sequence = `\u001b[${top + 1};${bottom + 1}r\u001b[${top + 1}H\u001b[${count}${by > 0 ? 'M' : 'L'}\u001b[r`;
  return { top, bottom, by, sequence };
}

/** Where each row that stands on the screen once is. */
function placesOf(rows: readonly Row[]): ReadonlyMap<Row, number> {
  const places = new Map<Row, number>();
  const several = new Set<Row>();
  for (const [line, row] of rows.entries()) {
    if (places.has(row)) several.add(row);
    places.set(row, line);
  }
  for (const row of several) places.delete(row);
  return places;
}

/** Movements of rows that may lead from one screen to the other, the most promising first. */
export function movesBetween(shown: readonly Row[], wanted: readonly Row[]): readonly Move[] {
  const moves = movesOfSame(shown, wanted);
  return moves.length > 0 ? moves : movesOfAlike(shown, wanted);
}

/** Movements of rows that stand elsewhere as they were, those of most rows first. */
function movesOfSame(shown: readonly Row[], wanted: readonly Row[]): readonly Move[] {
  const places = placesOf(shown);
  const found = new Map<number, { first: number; last: number; count: number }>();
  for (const [line, row] of wanted.entries()) {
    const place = places.get(row);
    if (place === undefined || place === line) continue;
    const by = place - line;
    const group = found.get(by);
    if (group === undefined) found.set(by, { first: line, last: line, count: 1 });
    else found.set(by, { ...group, last: line, count: group.count + 1 });
  }
  return (
    [...found]
      .filter(([, { count }]) => count >= FEWEST_ROWS)
      .sort(([, one], [, other]) => other.count - one.count)
      .slice(0, MOST_MOVES)
      // The rows that moved and those they came from.
      .map(([by, { first, last }]) => moveOf(Math.min(first, first + by), Math.max(last, last + by), by))
  );
}

/**
 * The movement of one row onto its neighbour that leaves most cells as they are wanted, if any is worth its sequence: the
 * inverse row of a list's cursor then has a few letters to change instead of all cells.
 */
function movesOfAlike(shown: readonly Row[], wanted: readonly Row[]): readonly Move[] {
  const blank = blankRow(shown[0]?.glyphs.length ?? 1);
  /** Cells that are as wanted after the row at `from` moved to `to` and left a blank one, less those that are before. */
  const gainOf = (from: number, to: number): number => {
    const [left, moving, onto, over] = [wanted[from], shown[from], wanted[to], shown[to]];
    if (left === undefined || moving === undefined || onto === undefined || over === undefined) return 0;
    // Looks at cells only where the style at the edge went along, as that of a cursor does: most changes are none.
    if (moving.styles[0] !== onto.styles[0] || over.styles[0] === onto.styles[0]) return 0;
    return alikeCells(moving, onto) + alikeCells(blank, left) - alikeCells(over, onto) - alikeCells(moving, left);
  };
  return wanted
    .flatMap((_, top) => [
      { top, by: 1, gain: gainOf(top + 1, top) },
      { top, by: -1, gain: gainOf(top, top + 1) },
    ])
    .filter(({ gain }) => gain > LEAST_GAIN)
    .sort((one, other) => other.gain - one.gain)
    .slice(0, 1)
    .map(({ top, by }) => moveOf(top, top + 1, by));
}

/** The screen after a movement: its rows elsewhere, and blank ones where none came. */
export function moved(shown: readonly Row[], { top, bottom, by }: Move): readonly Row[] {
  const blank = blankRow(shown[0]?.glyphs.length ?? 1);
  return shown.map((row, line) => {
    if (line < top || line > bottom) return row;
    const from = line + by;
    return from < top || from > bottom ? blank : (shown[from] ?? blank);
  });
}
