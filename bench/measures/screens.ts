import type { Cluster } from '../cluster.ts';
import { LARGE_SCREEN, withConsole, type ScreenSize } from '../console.ts';
import { linuxOnly, type Measured } from '../figures.ts';
import { residentSet } from '../memory.ts';
import { keyBytes } from './bytes.ts';
import { keyTimes, TALLEST_LIST } from './keys.ts';

export type ScreensPlan = {
  /** Keys that are timed, on the large screen; on the others as many moves as `few`. */
  readonly moves: number;
  readonly scrolls: number;
  readonly few: number;
  /** Keys of each sort of which the bytes are counted. */
  readonly counted: number;
};

/** Keys that are wanted of each sort. */
export type Wanted = { readonly moves: number; readonly scrolls: number; readonly counted: number };

/**
 * Presses keys on one screen with everything known: how long each takes, how many bytes it has, and how long the main thread is
 * busy at a stretch from the first frame on until the last key that is timed.
 */
export const measureScreen = (cluster: Cluster, nodes: number, size: ScreenSize, wanted: Wanted) =>
  withConsole(cluster, { ...size, probed: true }, async (console) => {
    await console.firstFrame();
    await console.longestBlock();
    await console.allKnown();
    await console.quietFor(500);
    // Lines that are left below the screen for keys that are timed, beside those of which bytes are counted and edges.
    const lines = nodes - TALLEST_LIST - wanted.counted - 2;
    const times = await keyTimes(console, { ...wanted, scrolls: Math.min(wanted.scrolls, lines) });
    const block = await console.longestBlock();
    const bytes = await keyBytes(console, { moves: wanted.counted, scrolls: wanted.counted });
    return { times, block, bytes, resident: residentSet(console.pid) };
  });

/** Presses keys on screens of three sizes. */
export async function measureScreens(cluster: Cluster, nodes: number, plan: ScreensPlan): Promise<Measured> {
  const few = { moves: plan.few, scrolls: 0, counted: plan.counted };
  const small = await measureScreen(cluster, nodes, { columns: 80, rows: 24 }, few);
  const middle = await measureScreen(cluster, nodes, { columns: 120, rows: 36 }, few);
  const large = await measureScreen(cluster, nodes, LARGE_SCREEN, plan);
  return {
    key: large.times.moves,
    block: [small, middle, large].map(({ block }) => block.longest),
    'block-waiting': [small, middle, large].map(({ block }) => block.withWaiting),
    'move-ratio': large.bytes.ratios,
    scroll: large.bytes.scrolls,
    'memory-keys': large.resident === null ? linuxOnly(process.platform) : [large.resident.now],
    'key-80x24': small.times.moves,
    'key-120x36': middle.times.moves,
    'key-scroll': large.times.scrolls,
    'move-80x24': small.bytes.moves,
    'move-120x36': middle.bytes.moves,
    move: large.bytes.moves,
    'scroll-80x24': small.bytes.scrolls,
    'scroll-120x36': middle.bytes.scrolls,
  };
}
