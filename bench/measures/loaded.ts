import { setTimeout as pause } from 'node:timers/promises';
import type { ServedCluster } from '../cluster.ts';
import { LARGE_SCREEN, withConsole, type Block } from '../console.ts';
import type { Measured } from '../figures.ts';
import { keysUntil } from './keys.ts';

/** Changes of nodes and pods a second. */
const EVENTS = 500;

export type LoadedPlan = {
  readonly runs: number;
  /** Keys go on for so long once everything is known, ms. */
  readonly after: number;
};

/** Keys from the first rows on, while everything loads and much happens, and for a while after. */
export async function measureLoaded(cluster: ServedCluster, plan: LoadedPlan): Promise<Measured> {
  const keys: number[] = [];
  const blocks: Block[] = [];
  cluster.load(EVENTS);
  try {
    for (let run = 0; run < plan.runs; run += 1)
      await withConsole(cluster, { ...LARGE_SCREEN, probed: true }, async (console) => {
        await console.firstFrame();
        await console.longestBlock();
        await console.firstNodes();
        let isOver = false;
        const known = console
          .allKnown()
          .then(() => pause(plan.after))
          .finally(() => (isOver = true));
        const [times] = await Promise.all([keysUntil(console, () => isOver), known]);
        keys.push(...times);
        blocks.push(await console.longestBlock());
      });
  } finally {
    cluster.load(0);
  }
  return {
    'key-loaded': keys,
    'block-loaded': blocks.map(({ longest }) => longest),
    'block-loaded-waiting': blocks.map(({ withWaiting }) => withWaiting),
  };
}
