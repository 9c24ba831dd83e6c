// What is requested on each node, pod by pod and in sum: the console's commands against `kubectl describe node`.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeadroomDocument } from '../../source/commands/kinds/headroom.ts';
import type { NodeDocument } from '../../source/commands/kinds/node.ts';
import type { NodeItem, NodeList } from '../../source/commands/kinds/node-list.ts';
import { nodeItem } from '../../source/commands/node-item.ts';
import { createPodDecoder, decodeNode } from '../../source/links/kubernetes/decode.ts';
import { openSession } from '../../source/session/open-session.ts';
import type { Session } from '../../source/session/session.ts';
import { createNodeTable } from '../../source/state/node-table.ts';
import { runProgram } from '../commands/program.ts';
import { recordAgreement } from './agreement.ts';
import { comparison } from './comparison.ts';
import { describeNodes, parseAmount, type Amount, type DescribedNode, type DescribedPod } from './kubectl.ts';
import { cornerPods } from './seed/corner-pods.ts';
import { seedCluster, type Inventory } from './seed.ts';
import { startRealCluster, type RealCluster } from './servers/cluster.ts';
import { waitFor } from './servers/process.ts';
import type { List, NodeObject, PodObject } from './wire.ts';

/** The last is the size that is promised; the others show that it is not luck, with pods in every corner besides. */
const WORLDS = [
  { seed: 1, nodes: 20, pods: 200, corners: true },
  { seed: 2, nodes: 20, pods: 200, corners: true },
  { seed: 3, nodes: 20, pods: 200, corners: true },
  { seed: 20, nodes: 100, pods: 2_000, corners: false },
] as const;

const DESCRIBE = 'kubectl describe node';
const BYTES =
  'kubectl keeps fractions of a byte; the console, as the scheduler, rounds each pod up to a whole byte. Every difference is exactly that rounding.';
const SUMS =
  '`nodes -o json`, `node -o json`, `headroom -o json` and a live picture that watched it all being made; every node of four seeded clusters, the largest with 100 nodes and 2,000 pods.';
const BY_POD = '`node -o json`, every pod that has not ended.';

const sum = (figure: string, note = SUMS) => comparison(`${figure} of a node`, DESCRIBE, note);
const ofPod = (figure: string, note = BY_POD) => comparison(`${figure} of a pod`, DESCRIBE, note);
const NODE_FIGURES = [
  { name: 'cpu', resource: 'cpu', requests: sum('CPU requests'), limits: sum('CPU limits') },
  {
    name: 'memory',
    resource: 'memory',
    requests: sum('memory requests', `${SUMS} ${BYTES}`),
    limits: sum('memory limits', `${SUMS} ${BYTES}`),
  },
  {
    name: 'ephemeralStorage',
    resource: 'ephemeral-storage',
    requests: sum('ephemeral storage requests'),
    limits: sum('ephemeral storage limits'),
  },
] as const;
const inAll = (figure: string, note = '') =>
  comparison(
    `${figure}, whole cluster`,
    DESCRIBE,
    `\`headroom -o json\`, against the sum over all nodes of each of the four clusters. ${note}`,
  );
const CLUSTER_FIGURES = [
  { name: 'cpu', resource: 'cpu', requests: inAll('CPU requests'), limits: inAll('CPU limits') },
  {
    name: 'memory',
    resource: 'memory',
    requests: inAll('memory requests', BYTES),
    limits: inAll('memory limits', BYTES),
  },
  {
    name: 'ephemeralStorage',
    resource: 'ephemeral-storage',
    requests: inAll('ephemeral storage requests'),
    limits: inAll('ephemeral storage limits'),
  },
] as const;
const CLUSTER_PODS = inAll('number of pods that have not ended');
const POD_FIGURES = [
  { of: 'requested', name: 'cpu', described: 'cpuRequests', figure: ofPod('CPU requests') },
  { of: 'limits', name: 'cpu', described: 'cpuLimits', figure: ofPod('CPU limits') },
  {
    of: 'requested',
    name: 'memory',
    described: 'memoryRequests',
    figure: ofPod('memory requests', `${BY_POD} ${BYTES}`),
  },
  { of: 'limits', name: 'memory', described: 'memoryLimits', figure: ofPod('memory limits', `${BY_POD} ${BYTES}`) },
] as const;
const PODS = comparison('pods that have not ended, by name', DESCRIBE, '`node -o json`: the same set on every node.');
const POD_COUNT = comparison('number of pods that have not ended', DESCRIBE, SUMS);
const SHARES = comparison(
  'CPU and memory requests in per cent of allocatable',
  DESCRIBE,
  '`nodes`; both cut off what is behind the point.',
);
const COMPARISONS = [
  ...NODE_FIGURES.flatMap(({ requests, limits }) => [requests, limits]),
  ...POD_FIGURES.map(({ figure }) => figure),
  PODS,
  POD_COUNT,
  SHARES,
];
const SUMS_OF_ALL = [...CLUSTER_FIGURES.flatMap(({ requests, limits }) => [requests, limits]), CLUSTER_PODS];

const BYTE = 10n ** 9n;
const wholeBytes = (amount: Amount): Amount => ((amount + BYTE - 1n) / BYTE) * BYTE;
/** A figure in base units, by the judge's own reading of its digits. */
const exact = (figure: number | null | undefined): Amount | string =>
  typeof figure === 'number' ? parseAmount(String(figure)) : 'unknown';

const keyOf = ({ namespace, name }: { namespace: string; name: string }): string => `${namespace}/${name}`;

/** What a node's pods would add up to if each were rounded up to whole bytes. */
const inWholeBytes = (pods: readonly DescribedPod[], kind: 'requests' | 'limits'): Amount =>
  pods.reduce((total, pod) => total + wholeBytes(kind === 'requests' ? pod.memoryRequests : pod.memoryLimits), 0n);

type Summed = Pick<NodeItem, 'name' | 'requested' | 'limits'>;

function compareSums(from: string, ours: Summed, theirs: DescribedNode): void {
  const where = `${from} ${ours.name}`;
  for (const { name, resource, ...figures } of NODE_FIGURES)
    for (const kind of ['requests', 'limits'] as const) {
      const told = exact(ours[kind === 'requests' ? 'requested' : 'limits']?.[name]);
      const described = theirs.allocated.get(resource)?.[kind] ?? 'not told';
      const rounded = () => name === 'memory' && told === inWholeBytes(theirs.pods, kind);
      figures[kind].compare(where, told, described, rounded);
    }
  POD_COUNT.compare(where, String(ours.requested?.pods), String(theirs.pods.length));
}

/** What all nodes together have, by the sum of what is said of each. */
function compareInAll(world: string, { cluster: ours }: HeadroomDocument, described: readonly DescribedNode[]): void {
  const total = (of: (node: DescribedNode) => Amount) => described.reduce((sum, node) => sum + of(node), 0n);
  for (const { name, resource, ...figures } of CLUSTER_FIGURES)
    for (const kind of ['requests', 'limits'] as const) {
      const told = exact(ours[kind === 'requests' ? 'requested' : 'limits']?.[name]);
      const says = total(({ allocated }) => allocated.get(resource)?.[kind] ?? 0n);
      const rounded = () => name === 'memory' && told === total(({ pods }) => inWholeBytes(pods, kind));
      figures[kind].compare(world, told, says, rounded);
    }
  const pods = described.reduce((sum, node) => sum + node.pods.length, 0);
  CLUSTER_PODS.compare(world, String(ours.requested?.pods), String(pods));
}

function comparePods(ours: NodeDocument, theirs: DescribedNode): void {
  const ourPods = (ours.podList ?? []).filter((pod) => !pod.finished);
  PODS.compare(ours.name, ourPods.map(keyOf).sort(), theirs.pods.map(keyOf).sort());
  const described = new Map(theirs.pods.map((pod) => [keyOf(pod), pod]));
  for (const pod of ourPods)
    for (const { of, name, described: column, figure } of POD_FIGURES) {
      const told = exact(pod[of][name]);
      const says = described.get(keyOf(pod))?.[column] ?? 'not told';
      figure.compare(
        `${ours.name} ${keyOf(pod)}`,
        told,
        says,
        () => typeof says === 'bigint' && told === wholeBytes(says),
      );
    }
}

/** `0.73/3.7 20%` as the table of `nodes` has it, for CPU and memory, against kubectl's. */
function compareShares(row: string, ours: NodeItem, theirs: DescribedNode): void {
  const shown = [...row.matchAll(/\S+\/\S+ (-?\d+%|-)(?= |$)/g)].map((match) => match[1] ?? '');
  for (const [index, name] of (['cpu', 'memory'] as const).entries()) {
    if (typeof ours.allocatable[name] !== 'number' || typeof ours.requested?.[name] !== 'number') continue;
    const described = theirs.shares.get(name)?.requests ?? 'not told';
    SHARES.compare(`${ours.name} ${name}`, shown[index] ?? 'not told', described);
  }
}

let cluster: RealCluster;
let folder: string;
/** Opened on the empty cluster, so that its sums are made by nothing but the events of all that follows. */
let live: Session;
const tableOf = createNodeTable();

const environment = () => ({ KUBECONFIG: join(folder, 'kubeconfig'), XDG_STATE_HOME: folder, HOME: folder });

async function ask(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(words, { environment: environment() });
  if (code !== 0) throw new Error(`${words.join(' ')}: exit ${code}. ${stderr}`);
  return stdout;
}

/** Removes the nodes, their leases and the pods of the world before. */
async function clear(): Promise<void> {
  const { admin } = cluster.api;
  const pods = await admin.do<List<PodObject>>('GET', '/api/v1/pods');
  for (const namespace of new Set(pods.items.map(({ metadata }) => metadata.namespace ?? '')))
    await admin.do('DELETE', `/api/v1/namespaces/${namespace}/pods?gracePeriodSeconds=0`);
  await admin.do('DELETE', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases');
  await admin.do('DELETE', '/api/v1/nodes');
}

async function makeWorld({ corners, ...options }: (typeof WORLDS)[number]): Promise<Inventory> {
  await clear();
  const inventory = await seedCluster(cluster.api.admin, options);
  // One of them is full of other pods, the last has never registered and knows no allocatable.
  const hosts = [inventory.nodes[0], inventory.nodes.at(-1)];
  const pods = corners ? hosts.flatMap((node) => (node === undefined ? [] : cornerPods(node.name))) : [];
  await Promise.all(pods.map((pod) => cluster.api.admin.do('POST', '/api/v1/namespaces/default/pods', pod)));
  return inventory;
}

/** The live picture as items, once it holds exactly what the server holds. */
async function itemsSeenLive(): Promise<NodeItem[]> {
  const decoders = { nodes: decodeNode, pods: createPodDecoder() };
  const byUid = <T extends { readonly uid: string }>(rows: Iterable<T | null>) =>
    new Map([...rows].filter((row) => row !== null).map((row) => [row.uid, row]));
  for (const resource of ['nodes', 'pods'] as const) {
    const { items } = await cluster.api.admin.do<List<NodeObject | PodObject>>('GET', `/api/v1/${resource}`);
    const wanted = byUid<{ uid: string }>(items.map((item) => decoders[resource](item)));
    const isSeen = () => isDeepStrictEqual(byUid<{ uid: string }>(live.store.state[resource].values()), wanted);
    await waitFor(`the live picture of the ${resource}`, () => Promise.resolve(isSeen()));
  }
  return Array.from(tableOf(live.store.state).rows, nodeItem);
}

const NODES_AT_A_TIME = 4;

async function compareWorld({ nodes }: Inventory): Promise<void> {
  const names = nodes.map(({ name }) => name);
  const described = new Map(
    (await describeNodes(cluster.kubeconfig('reader'), names)).map((node) => [node.name, node] as const),
  );
  const list = JSON.parse(await ask('nodes', '-o', 'json')) as NodeList;
  const seenLive = new Map((await itemsSeenLive()).map((item) => [item.name, item] as const));
  const headroom = JSON.parse(await ask('headroom', '-o', 'json')) as HeadroomDocument;
  compareInAll(`${names.length} nodes`, headroom, [...described.values()]);
  const rows = new Map((await ask('nodes')).split('\n').map((line) => [line.split(' ')[0] ?? '', line]));
  expect(list.items.map(({ name }) => name)).toEqual(names.toSorted());
  const queue = list.items.values();
  const takeTurns = async () => {
    for (const item of queue) {
      const theirs = described.get(item.name);
      const watched = seenLive.get(item.name);
      if (theirs === undefined || watched === undefined) throw new Error(`${item.name} is not seen by all.`);
      const left = headroom.byNode[item.name];
      if (left === undefined) throw new Error(`headroom does not tell of ${item.name}.`);
      compareSums('headroom', { name: item.name, ...left }, theirs);
      const page = JSON.parse(await ask('node', item.name, '-o', 'json')) as NodeDocument;
      compareSums('nodes', item, theirs);
      compareSums('node', page, theirs);
      compareSums('live', watched, theirs);
      comparePods(page, theirs);
      compareShares(rows.get(item.name) ?? '', item, theirs);
    }
  };
  await Promise.all(Array.from({ length: NODES_AT_A_TIME }, takeTurns));
}

beforeAll(async () => {
  cluster = await startRealCluster();
  folder = await mkdtemp(join(tmpdir(), 'requests-'));
  await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig('reader'), { mode: 0o600 });
  live = await openSession({ environment: environment(), version: '0.0.0-test', stateFolder: folder });
  for (const world of WORLDS) await compareWorld(await makeWorld(world));
});
afterAll(async () => {
  await live.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(COMPARISONS)('$figure', (compared) => {
  expect(compared.unexplained()).toEqual([]);
  expect(compared.row().cases).toBeGreaterThanOrEqual(160);
});

test.each(SUMS_OF_ALL)('$figure', (compared) => {
  expect(compared.unexplained()).toEqual([]);
  expect(compared.row().cases).toBe(WORLDS.length);
});

test('enough was compared', () => {
  expect(POD_FIGURES[0].figure.row().cases).toBeGreaterThan(2_000);
});

test('docs/agreement.md says so', () => {
  recordAgreement(
    'requests',
    [...COMPARISONS, ...SUMS_OF_ALL].map((one) => one.row()),
  );
});
