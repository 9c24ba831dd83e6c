import { rowWritten } from '../cheapest.ts';
import type { OpenConsole } from '../console.ts';
import { DOWN, toEdge, walk } from './keys.ts';

/** All that follows from a key has been drawn when nothing was for as long, ms: longer than changes wait for each other. */
const ALL_DRAWN = 300;

export type Bytes = {
  readonly moves: readonly number[];
  /** Of each move, against the two rows where the selection was and is. */
  readonly ratios: readonly number[];
  readonly scrolls: readonly number[];
};

/** Bytes of all that a key draws, wherever on the screen, until nothing more comes. */
async function bytesOf(console: OpenConsole, key: string): Promise<number> {
  await console.quietFor(ALL_DRAWN);
  const before = console.terminal.bytes();
  await console.move(key);
  await console.quietFor(ALL_DRAWN);
  return console.terminal.bytes() - before;
}

/** Lines scrolled past the lower edge, and moves within the screen. */
export async function keyBytes(console: OpenConsole, wanted: { moves: number; scrolls: number }): Promise<Bytes> {
  const found = { moves: [] as number[], ratios: [] as number[], scrolls: [] as number[] };
  const press = async (key: string) => {
    const from = { row: console.firstRow(), y: console.selected()?.y };
    const bytes = await bytesOf(console, key);
    if (console.firstRow() !== from.row) {
      found.scrolls.push(bytes);
      return;
    }
    const to = console.selected()?.y;
    if (from.y === undefined || to === undefined) throw new Error('No node is selected.');
    found.moves.push(bytes);
    found.ratios.push(bytes / Buffer.byteLength(rewritten(console, [from.y, to])));
  };
  await toEdge(console);
  while (found.scrolls.length < wanted.scrolls) await press(DOWN);
  for (let key = 0; found.moves.length < wanted.moves; key += 1) await press(walk(key));
  return found;
}

/** What a program writes that knows only which rows have changed. */
const rewritten = ({ terminal }: OpenConsole, rows: readonly number[]): string =>
  rows.map((y) => rowWritten(y, terminal.cells(y))).join('');
