import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import { LARGE_SCREEN, withConsole, type OpenConsole } from '../console.ts';
import type { Measured } from '../figures.ts';
import { toEdge, turning } from './keys.ts';

const BYTES_PER_SECOND = 32_000;
const KEYS = 90;
const KEYS_PER_SECOND = 30;
/** The screen is final when nothing was drawn for as long, ms. */
const FINAL = 400;
const HOME = '\u001b[H';

/** Holds the key: frames in which the selection is somewhere else than in the frame before, and how late the last byte is. */
async function hold(console: OpenConsole, keyAt: (key: number) => string): Promise<{ frames: number; lag: number }> {
  let shown = console.selected()?.name;
  let frames = 0;
  const stop = console.terminal.onFrame(() => {
    const now = console.selected()?.name;
    if (now === shown) return;
    shown = now;
    frames += 1;
  });
  const startedAt = performance.now();
  for (let key = 0; key < KEYS; key += 1) {
    await pause(Math.max(startedAt + (key * 1_000) / KEYS_PER_SECOND - performance.now(), 0));
    console.terminal.press(keyAt(key));
  }
  const lastKeyAt = performance.now();
  await pause(FINAL);
  await console.quietFor(FINAL);
  stop();
  return { frames, lag: Math.max(console.terminal.lastAt() - lastKeyAt, 0) };
}

/**
 * A key that is held for three seconds on a thin line: down from the edge of the list, so that each press scrolls, and up
 * again from the last node where there are fewer, so that each press moves.
 */
export function measureHeld(cluster: Cluster, nodes: number, plan: { runs: number }): Promise<Measured> {
  return withConsole(cluster, { ...LARGE_SCREEN, bytesPerSecond: BYTES_PER_SECOND }, async (console) => {
    await console.allKnown();
    const frames: number[] = [];
    const lags: number[] = [];
    for (let run = 0; run < plan.runs; run += 1) {
      console.terminal.press(HOME);
      await pause(FINAL);
      await console.quietFor(FINAL);
      const above = await toEdge(console);
      await console.quietFor(FINAL);
      const held = await hold(console, turning({ above, below: nodes - 1 - above }));
      frames.push(held.frames);
      lags.push(held.lag);
    }
    return { 'held-frames': frames, 'held-lag': lags };
  });
}
