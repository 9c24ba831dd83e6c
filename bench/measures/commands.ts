import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import type { Measured } from '../figures.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

/** Runs a program to its end, its output thrown away; ms from start to end. Rejects when it cannot be run or fails. */
function timed(cluster: Cluster, [file, ...args]: readonly [string, ...string[]]): Promise<number> {
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

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Times commands from start to end, each next to kubectl in the same run. */
export async function measureCommands(cluster: Cluster, plan: { runs: number }): Promise<Measured> {
  const withoutPods = () => timed(cluster, [process.execPath, CLI, 'nodes', '--no-pods']);
  const withPods = () => timed(cluster, [process.execPath, CLI, 'nodes']);
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
  const times = { short: [] as number[], long: [] as number[], kubectl: [] as number[], ratio: [] as number[] };
  for (let run = 0; run < plan.runs; run += 1) {
    const short = await withoutPods();
    times.short.push(short);
    times.long.push(await withPods());
    if (!hasKubectl) continue;
    const other = await kubectl();
    times.kubectl.push(other);
    times.ratio.push(short / other);
  }
  const absent = { absent: 'kubectl is not installed' };
  return {
    'nodes-no-pods': times.short,
    'nodes-kubectl': hasKubectl ? times.kubectl : absent,
    'nodes-ratio': hasKubectl ? times.ratio : absent,
    nodes: times.long,
  };
}
