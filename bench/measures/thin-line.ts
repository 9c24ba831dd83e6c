import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import { LARGE_SCREEN, withConsole } from '../console.ts';
import type { Measured } from '../figures.ts';
import { openLine } from '../line.ts';
import { PROGRAM } from '../program.ts';
import { timed } from './commands.ts';

const BYTES_PER_SECOND = 1_000_000;

/** The same cluster at the end of a line: its kubeconfig with another port. Throws when there is none to replace. */
function through(cluster: Cluster, port: number, folder: string): Cluster {
  const text = readFileSync(cluster.kubeconfig, 'utf8');
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, text.replace(SERVER, `$1${port}`), { mode: 0o600 });
  return { ...cluster, kubeconfig, environment: { ...cluster.environment, KUBECONFIG: kubeconfig } };
}

const SERVER = /(server: https:\/\/127\.0\.0\.1:)(\d+)/;

function portOf(cluster: Cluster): number {
  const port = SERVER.exec(readFileSync(cluster.kubeconfig, 'utf8'))?.[2];
  if (port === undefined) throw new Error(`${cluster.kubeconfig} names no server on 127.0.0.1.`);
  return Number(port);
}

/** The console and a command over a line of 1 MB/s: when nodes are shown, and what it takes to read them all. */
export async function measureThinLine(cluster: Cluster, plan: { runs: number }): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-line-'));
  const port = portOf(cluster);
  const found = { rows: [] as number[], nodes: [] as number[], bytes: [] as number[] };
  try {
    for (let run = 0; run < plan.runs; run += 1) {
      const line = await openLine({ port, bytesPerSecond: BYTES_PER_SECOND });
      try {
        const thin = through(cluster, line.port, folder);
        found.nodes.push(await timed(thin, [process.execPath, PROGRAM, 'nodes', '--no-pods']));
        found.bytes.push(line.carried().down);
        await withConsole(thin, LARGE_SCREEN, async (console) => {
          found.rows.push((await console.firstNodes()) - console.startedAt);
        });
      } finally {
        await line.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { 'line-first-nodes': found.rows, 'line-nodes': found.nodes, 'line-bytes': found.bytes };
}
