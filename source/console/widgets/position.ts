import type { Command } from '../keys/key-table.ts';

/** Where a list stands: the row with the cursor and the first row shown. */
export type Position = { readonly cursor: number; readonly top: number };

/** A position that is bound to an entry by its key, so that it stays on it when others come and go; null while it is not. */
export type BoundPosition = Position & { readonly on: string | null };

export const atTop: BoundPosition = { cursor: 0, top: 0, on: null };

/** Where the entry of a position stands among others now; where it stood when it is gone. */
export function found({ cursor, top, on }: BoundPosition, keys: readonly string[]): Position {
  const at = on === null ? -1 : keys.indexOf(on);
  return at === -1 ? { cursor, top } : { cursor: at, top: top + at - cursor };
}

/** The position, bound to the entry that it is on. */
export const bound = (position: Position, keys: readonly string[]): BoundPosition => ({
  ...position,
  on: keys[position.cursor] ?? null,
});

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, high));

/** The position made to fit: cursor on a row, the row on the screen, no blank rows below while rows are hidden above. */
export function settled({ cursor, top }: Position, count: number, height: number): Position {
  const last = Math.max(count - 1, 0);
  const row = clamp(cursor, 0, last);
  const highest = Math.max(count - height, 0);
  return { cursor: row, top: clamp(clamp(top, row - height + 1, row), 0, highest) };
}

const MOVES: Partial<Record<Command, (cursor: number, count: number, height: number) => number>> = {
  down: (cursor) => cursor + 1,
  up: (cursor) => cursor - 1,
  'page-down': (cursor, _, height) => cursor + Math.max(height - 1, 1),
  'page-up': (cursor, _, height) => cursor - Math.max(height - 1, 1),
  first: () => 0,
  last: (_, count) => count - 1,
};

/** The position after a movement, or null when the command moves nothing. */
export function moved(position: Position, command: Command, count: number, height: number): Position | null {
  const move = MOVES[command];
  if (move === undefined) return null;
  return settled({ ...position, cursor: move(position.cursor, count, height) }, count, height);
}

/** The same for text that is scrolled without a cursor: `top` moves, held within the text. */
export function scrolled(top: number, command: Command, count: number, height: number): number | null {
  const move = MOVES[command];
  return move === undefined ? null : clamp(move(top, count, height), 0, Math.max(count - height, 0));
}
