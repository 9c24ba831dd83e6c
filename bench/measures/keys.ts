import { setTimeout as pause } from 'node:timers/promises';
import type { OpenConsole } from '../console.ts';

export const DOWN = 'j';
export const UP = 'k';
/** Rows that a list has at most on the largest screen, so that as many nodes are left to scroll through. */
export const TALLEST_LIST = 60;
/** Keys before the count begins: Node compiles what runs often. */
const WARM_UP = 20;
/** Between the frame of a key and the next key, ms. */
const REST = 30;

/** The key of a walk of five up and five down, which stays on the screen when it begins at the lower edge. */
export const walk = (key: number): string => (key % 10 < 5 ? UP : DOWN);

/** The keys of a walk that begins with so many nodes above and below, and turns at the first and at the last of them. */
export const turning =
  ({ above, below }: { readonly above: number; readonly below: number }) =>
  (key: number): string => {
    const length = above + below;
    return (above + key) % (2 * length) < length ? DOWN : UP;
  };

/** Moves the selection to the lower edge of the list, and one line past it; answers with how many nodes it has moved. */
export async function toEdge(console: OpenConsole): Promise<number> {
  const before = console.firstRow();
  let moved = 0;
  for (; console.firstRow() === before; moved += 1) await console.move(DOWN);
  return moved;
}

export type KeyTimes = { readonly moves: readonly number[]; readonly scrolls: readonly number[] };

/** Some lines past the lower edge, then up and down within the screen: ms of each key. */
export async function keyTimes(console: OpenConsole, wanted: { moves: number; scrolls: number }): Promise<KeyTimes> {
  const moves: number[] = [];
  const scrolls: number[] = [];
  const press = async (key: string) => {
    const before = console.firstRow();
    const milliseconds = await console.move(key);
    await console.quietFor(REST);
    (console.firstRow() === before ? moves : scrolls).push(milliseconds);
  };
  await toEdge(console);
  for (let key = 0; key < WARM_UP; key += 1) {
    await console.move(walk(key));
    await console.quietFor(REST);
  }
  while (scrolls.length < wanted.scrolls) await press(DOWN);
  for (let key = 0; moves.length < wanted.moves; key += 1) await press(walk(key));
  return { moves, scrolls };
}

/** From the first row on, keys that move the selection down and up, until it is told to stop: ms of each key. */
export async function keysUntil(console: OpenConsole, isOver: () => boolean): Promise<readonly number[]> {
  const times: number[] = [];
  for (let key = 5; !isOver(); key += 1) {
    times.push(await console.move(walk(key)));
    await pause(REST);
  }
  return times;
}
