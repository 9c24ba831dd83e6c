import { spawn } from 'node:child_process';
import type { Cluster } from '../cluster.ts';
import { withoutKubectl, type Measured } from '../figures.ts';
import { PROGRAM } from '../program.ts';

/** Runs a program to its end, its output thrown away; ms from start to end. Rejects when it cannot be run or fails. */
export function timed(cluster: Cluster, [file, ...args]: readonly [string, ...string[]]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(file, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'], ...cluster.environment },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(performance.now() - startedAt);
      else reject(new Error(`"${[file, ...args].join(' ')}" ended with exit code ${code}.`));
    });
  });
}

/** What is slow is to be measured, not given up. */
const PATIENT = ['--timeout', '5m'] as const;

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

export type CommandsPlan = {
  /** Pairs of `nodes --no-pods` and kubectl, one after the other. */
  readonly pairs: number;
  /** Runs that read the pods too. */
  readonly withPods: number;
};

/** Times commands from start to end, in pairs with kubectl where the same is asked. */
export async function measureCommands(cluster: Cluster, plan: CommandsPlan): Promise<Measured> {
  const withoutPods = () => timed(cluster, [process.execPath, PROGRAM, 'nodes', '--no-pods', ...PATIENT]);
  const withPods = () => timed(cluster, [process.execPath, PROGRAM, 'nodes', ...PATIENT]);
  const kubectl = () => timed(cluster, ['kubectl', 'get', 'nodes']);
  // The first run fills caches, kubectl's of what the server offers among them.
  await withoutPods();
  const hasKubectl = await kubectl().then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
  const times = { short: [] as number[], kubectl: [] as number[], ratio: [] as number[], long: [] as number[] };
  for (let pair = 0; pair < plan.pairs; pair += 1) {
    const short = await withoutPods();
    times.short.push(short);
    if (!hasKubectl) continue;
    const other = await kubectl();
    times.kubectl.push(other);
    times.ratio.push(short / other);
  }
  for (let run = 0; run < plan.withPods; run += 1) times.long.push(await withPods());
  const absent = withoutKubectl(process.env);
  return {
    'nodes-no-pods': times.short,
    'nodes-kubectl': hasKubectl ? times.kubectl : absent,
    'nodes-ratio': hasKubectl ? times.ratio : absent,
    ...(times.long.length > 0 && { nodes: times.long }),
  };
}
