import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import { LARGE_SCREEN, withConsole } from '../console.ts';
import { linuxOnly, type Measured } from '../figures.ts';
import { residentSet } from '../memory.ts';

export type StartPlan = {
  readonly runs: number;
  /** From everything known until memory is read, ms. */
  readonly settling: number;
};

/** Starts the console again and again: when it shows what, what it asks for meanwhile, and what it keeps. */
export async function measureStart(cluster: Cluster, plan: StartPlan): Promise<Measured> {
  const times = { first: [] as number[], nodes: [] as number[], known: [] as number[] };
  const memory = { settled: [] as number[], peak: [] as number[] };
  const requests: number[] = [];
  for (let run = 0; run < plan.runs; run += 1) {
    await cluster.requests();
    await withConsole(cluster, LARGE_SCREEN, async (console) => {
      times.first.push((await console.firstFrame()) - console.startedAt);
      times.nodes.push((await console.firstNodes()) - console.startedAt);
      times.known.push((await console.allKnown()) - console.startedAt);
      requests.push(await cluster.requests());
      await pause(plan.settling);
      const resident = residentSet(console.pid);
      if (resident === null) return;
      memory.settled.push(resident.now);
      memory.peak.push(resident.peak);
    });
  }
  return {
    'first-frame': times.first,
    'first-nodes': times.nodes,
    'all-known': times.known,
    'start-requests': requests,
    'memory-settled': memory.settled.length === 0 ? linuxOnly(process.platform) : memory.settled,
    'memory-peak': memory.peak.length === 0 ? linuxOnly(process.platform) : memory.peak,
  };
}
