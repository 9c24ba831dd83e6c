import type { ServedCluster } from '../cluster.ts';
import { LARGE_SCREEN, withConsole, type OpenConsole } from '../console.ts';
import type { Measured } from '../figures.ts';

/** What a change draws has been drawn when nothing was for as long, ms. */
const ALL_DRAWN = 300;
/** Tries for each change that is wanted: now and then something else changes at the same time. */
const TRIES = 4;
/** A node that is not selected, with the version of its kubelet among its columns. */
const VERSIONED = /^ [ *](\S+) .*\b(v\d+\.\d+\.\d+)\b/;

/** How many cells differ between two pictures of one size. */
function changed(before: readonly string[], after: readonly string[]): number {
  return before.reduce((count, row, y) => {
    const other = after[y] ?? '';
    const length = Math.max(row.length, other.length);
    return count + Array.from({ length }, (_, x) => (row[x] ?? ' ') !== (other[x] ?? ' ')).filter(Boolean).length;
  }, 0);
}

/** The first node below the selection, and the version of its kubelet as it is drawn. */
function nodeBelow({ terminal, selected }: OpenConsole): { name: string; version: string } {
  const screen = terminal.screen();
  const [, name, version] =
    screen
      .slice((selected()?.y ?? screen.length) + 1)
      .map((row) => VERSIONED.exec(row))
      .find((found) => found !== null) ?? [];
  if (name === undefined || version === undefined)
    throw new Error(`There is no node with a version below the selection:\n${screen.join('\n')}`);
  return { name, version };
}

/** A version that is written with one other digit at its end. */
const next = (version: string): string => version.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));

/** Changes one character of one node on a quiet screen again and again: the bytes of the frame that draws it. */
export function measureCell(cluster: ServedCluster, plan: { changes: number }): Promise<Measured> {
  return withConsole(cluster, LARGE_SCREEN, async (console) => {
    const { terminal } = console;
    await console.allKnown();
    const samples: number[] = [];
    for (let left = plan.changes * TRIES; samples.length < plan.changes && left > 0; left -= 1) {
      await console.quietFor(ALL_DRAWN);
      const { name, version } = nodeBelow(console);
      const before = { screen: terminal.screen(), bytes: terminal.bytes() };
      const drawn = new Promise<void>((resolve) => {
        const stop = terminal.onFrame(() => {
          stop();
          resolve();
        });
      });
      cluster.upgrade(name, next(version));
      await drawn;
      await console.quietFor(ALL_DRAWN);
      if (changed(before.screen, terminal.screen()) === 1) samples.push(terminal.bytes() - before.bytes);
    }
    if (samples.length === 0) return { cell: { absent: 'never did one cell change alone', excused: false } };
    return { cell: samples };
  });
}
