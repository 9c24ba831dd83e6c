import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import { withConsole } from '../console.ts';
import type { Measured } from '../figures.ts';

const SCREEN = { columns: 200, rows: 60 };
/** Left alone before the count begins, so that what the start has drawn is not counted, ms. */
const SETTLING = 2_000;

/** Leaves the console alone for some seconds and tells what it writes and asks for, as of a minute. */
export function measureQuiet(cluster: Cluster, plan: { seconds: number }): Promise<Measured> {
  const aMinute = (count: number) => Math.round((count * 60) / plan.seconds);
  return withConsole(cluster, SCREEN, async (console) => {
    await console.allKnown();
    await pause(SETTLING);
    const before = console.bytes();
    await cluster.requests();
    await pause(plan.seconds * 1_000);
    return {
      'quiet-bytes': [aMinute(console.bytes() - before)],
      'quiet-requests': [aMinute(await cluster.requests())],
    };
  });
}
