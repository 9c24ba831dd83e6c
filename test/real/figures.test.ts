// The promised figures on a real API server, as large as it can be filled in time; bench/README.md says what each means.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../bench/cluster.ts';
import { LARGE_SCREEN } from '../../bench/console.ts';
import { boundBetween, FIGURES, heldOf, type FigureId, type Measured } from '../../bench/figures.ts';
import { measureCommands } from '../../bench/measures/commands.ts';
import { measureQuiet } from '../../bench/measures/quiet.ts';
import { measureScreen } from '../../bench/measures/screens.ts';
import { measureStart } from '../../bench/measures/start.ts';
import { statisticsOf } from '../../bench/statistics.ts';
import { forEach, inventory, plant } from './seed.ts';
import { startRealCluster, type RealCluster } from './servers/cluster.ts';

const SIZE = { nodes: 1_000, pods: 10_000 };
const SEED = 30;
const KEYS = { moves: 100, scrolls: 10, counted: 15 };
/** Times depend on what else the machine does; all else is held as it is. */
const SLACK = 3;
const MINUTE = 60_000;

let real: RealCluster;
let cluster: Cluster;
let folder: string;

/** Nodes with their status, and pods that are bound and nothing more: what is requested does not depend on their status. */
async function fill(): Promise<void> {
  const { nodes, pods } = inventory({ seed: SEED, ...SIZE });
  const { admin } = real.api;
  await plant(admin, { nodes, pods: [] });
  const free = pods.filter(({ manifest }) => manifest.metadata.ownerReferences === undefined);
  await forEach(free, async ({ manifest }) => {
    await admin.do('POST', `/api/v1/namespaces/${manifest.metadata.namespace ?? ''}/pods`, manifest);
  });
}

/** How many requests consoles have sent to the server so far. */
async function asked(): Promise<number> {
  const requests = await real.requestsOf('operator');
  return new Set(requests.filter(({ userAgent }) => userAgent.startsWith('metalk8s-console/')).map(({ id }) => id))
    .size;
}

beforeAll(async () => {
  real = await startRealCluster();
  folder = await mkdtemp(join(tmpdir(), 'figures-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, real.kubeconfig('operator'), { mode: 0o600 });
  let before = 0;
  cluster = {
    kubeconfig,
    environment: { HOME: folder, XDG_STATE_HOME: join(folder, 'state'), KUBECONFIG: kubeconfig },
    async requests() {
      const all = await asked();
      const since = all - before;
      before = all;
      return since;
    },
  };
  await fill();
}, 5 * MINUTE);

afterAll(async () => {
  await real.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Every figure that was measured holds what is promised of a cluster of this size. */
function expectToHold(measured: Measured, ...figures: readonly FigureId[]): void {
  for (const figure of figures) {
    const samples = measured[figure];
    const { what, unit, bound } = FIGURES[figure];
    if (samples === undefined || 'absent' in samples || bound === null)
      throw new Error(`${what}: no figure that could be held.`);
    const value = statisticsOf(samples)[heldOf(figure)];
    const most = boundBetween(figure, SIZE.nodes, SLACK) ?? NaN;
    expect.soft(value, `${what}, ${unit}`).toBeLessThanOrEqual(most);
  }
}

test('rows of nodes and all requests come in time, with a bounded number of requests', async () => {
  const measured = await measureStart(cluster, { runs: 3, settling: 3_000 });
  expectToHold(measured, 'first-nodes', 'all-known', 'start-requests', 'memory-settled');
});

test('nodes are listed as fast as kubectl does', async () => {
  const measured = await measureCommands(cluster, { pairs: 7, withPods: 0 });
  expectToHold(measured, 'nodes-ratio');
});

test('a key draws no more than it changes, at once', async () => {
  const { times, block, bytes } = await measureScreen(cluster, SIZE.nodes, LARGE_SCREEN, KEYS);
  const measured = {
    key: times.moves,
    'key-scroll': times.scrolls,
    block: [block.longest],
    'move-ratio': bytes.ratios,
    scroll: bytes.scrolls,
  };
  expectToHold(measured, 'key', 'key-scroll', 'block', 'move-ratio', 'scroll');
});

test('a console that is left alone asks and writes little', async () => {
  const measured = await measureQuiet(cluster, { settling: 3_000, seconds: 30 });
  expectToHold(measured, 'quiet-requests', 'quiet-bytes', 'cpu');
});
