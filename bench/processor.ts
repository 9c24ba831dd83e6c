import { readdirSync, readFileSync } from 'node:fs';

const NANOSECONDS = 1e6;

/** How long each thread of a process has run on a core so far, ms by thread; null where there is no Linux /proc. */
export function runTimes(pid: number): ReadonlyMap<string, number> | null {
  if (process.platform !== 'linux') return null;
  const folder = `/proc/${pid}/task`;
  return new Map(readdirSync(folder).map((thread) => [thread, runTimeOf(`${folder}/${thread}/schedstat`)]));
}

/** The first field: ns on a core. A thread that ends while it is looked at has run for as long as was seen before: NaN. */
function runTimeOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]) / NANOSECONDS;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return NaN;
    throw error;
  }
}

/** What ran between two looks, ms, of threads that were there at the end. */
export function ranBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const [thread, time] of after) if (!Number.isNaN(time)) total += time - (before.get(thread) ?? 0);
  return total;
}
