import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import { LARGE_SCREEN, withConsole } from '../console.ts';
import { linuxOnly, type Measured } from '../figures.ts';
import { ranBetween, runTimes } from '../processor.ts';

export type QuietPlan = {
  /** Left alone before the count begins, so that what the start leaves to do is not counted, ms. */
  readonly settling: number;
  readonly seconds: number;
};

/** Leaves the console alone for some seconds: what it writes and asks for, as of a minute, and what it computes. */
export function measureQuiet(cluster: Cluster, plan: QuietPlan): Promise<Measured> {
  const aMinute = (count: number) => Math.round((count * 60) / plan.seconds);
  return withConsole(cluster, LARGE_SCREEN, async ({ allKnown, terminal, pid }) => {
    await allKnown();
    await pause(plan.settling);
    const bytes = terminal.bytes();
    await cluster.requests();
    const ran = runTimes(pid);
    const startedAt = performance.now();
    await pause(plan.seconds * 1_000);
    const after = runTimes(pid);
    const passed = performance.now() - startedAt;
    return {
      'quiet-bytes': [aMinute(terminal.bytes() - bytes)],
      'quiet-requests': [aMinute(await cluster.requests())],
      cpu: ran === null || after === null ? linuxOnly(process.platform) : [(100 * ranBetween(ran, after)) / passed],
    };
  });
}
