// What is said of each node beside its resources: status, roles, version, addresses, taints, ages, against `kubectl get`.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NodeDocument } from '../../source/commands/kinds/node.ts';
import type { NodeItem, NodeList } from '../../source/commands/kinds/node-list.ts';
import { ROLES } from '../../source/product/roles.ts';
import { age } from '../../source/text/age.ts';
import { runProgram } from '../commands/program.ts';
import { recordAgreement } from './agreement.ts';
import { comparison } from './comparison.ts';
import { kubectl, parseAmount, parseTable } from './kubectl.ts';
import { seedCluster } from './seed.ts';
import { startRealCluster, type RealCluster } from './servers/cluster.ts';
import type { List, NodeObject } from './wire.ts';

const SEEDS = [11, 12, 13];
const NODES = 30;

const GET = 'kubectl get nodes';
const WIDE = 'kubectl get nodes -o wide';
const JSON_OUTPUT = 'kubectl get nodes -o json';
const STATUS = comparison(
  'status',
  GET,
  'Cordoned is SchedulingDisabled. Differences: the console says Unknown of a node that was lost (kubectl NotReady), NeverRegistered (kubectl Unknown), and names conditions, which kubectl leaves out.',
);
const ROLE_NAMES = comparison(
  'roles',
  GET,
  'Differences: the console knows the five roles of MetalK8s; kubectl takes every label of that form for a role.',
);
const VERSION = comparison('version of the kubelet', GET, '');
const ADDRESS = comparison('control-plane address', WIDE, 'Its INTERNAL-IP.');
const SYSTEM = comparison('operating system, kernel and container runtime', WIDE, '');
const AGE = comparison('age of a node', GET, '');
const TAINTS = comparison('taints, in their order', JSON_OUTPUT, '');
const AMOUNTS = comparison('capacity and allocatable, each resource', JSON_OUTPUT, '');
const TIMES = comparison('ages from a second to decades', 'kubectl get events', 'LAST SEEN of events made for it.');
const COMPARISONS = [STATUS, ROLE_NAMES, VERSION, ADDRESS, SYSTEM, AGE, TAINTS, AMOUNTS, TIMES];

/** Words of the console that kubectl has another word for. */
const SAME: Partial<Record<string, string>> = { Cordoned: 'SchedulingDisabled' };
/** Those that kubectl knows less exactly, or not at all. */
const LESS_EXACT: Partial<Record<string, readonly string[]>> = {
  Unknown: ['NotReady'],
  NeverRegistered: ['Unknown'],
  NetworkUnavailable: [],
  MemoryPressure: [],
  DiskPressure: [],
  PIDPressure: [],
};

type Row = Readonly<Record<string, string>>;

/** All ages that are right at some moment between two. */
function agesBetween(at: number, from: number, until: number): Set<string> {
  const seconds = Math.ceil((until - from) / 1000) + 1;
  return new Set(Array.from({ length: seconds + 1 }, (_, second) => age(Math.min(from + second * 1000, until) - at)));
}

/** Compares an age that was told between two moments; the server counts from whole seconds. */
function compareAge(to: typeof AGE, where: string, at: number, theirs: string, from: number, until: number): void {
  const right = agesBetween(at, from - 1000, until);
  to.compare(where, right.has(theirs) ? theirs : [...right].join(' or '), theirs);
}

const orNone = (words: readonly string[]) => (words.length === 0 ? '<none>' : words.join(','));

function compareRow(item: NodeItem, page: NodeDocument, row: Row): void {
  const { name } = item;
  const theirStatus = (row['STATUS'] ?? '').split(',').sort();
  const words = item.status.map((word) => SAME[word] ?? word);
  const known = words.flatMap((word) => LESS_EXACT[word] ?? [word]).sort();
  STATUS.compare(name, words.toSorted(), theirStatus, () => known.join() === theirStatus.join());
  const theirRoles = (row['ROLES'] ?? '').split(',');
  const ofProduct = theirRoles.filter((role) => ROLES.some((known) => known === role));
  ROLE_NAMES.compare(name, orNone(item.roles), row['ROLES'] ?? '', () => orNone(ofProduct) === orNone(item.roles));
  VERSION.compare(name, item.version.kubelet ?? '', row['VERSION'] ?? '');
  ADDRESS.compare(name, item.planes.control ?? '<none>', row['INTERNAL-IP'] ?? '');
  const { operatingSystem, kernel, containerRuntime } = page.system;
  const system = [operatingSystem, kernel, containerRuntime].map((text) => (text === '' ? '<unknown>' : text));
  const columns = ['OS-IMAGE', 'KERNEL-VERSION', 'CONTAINER-RUNTIME'];
  SYSTEM.compare(
    name,
    system,
    columns.map((column) => row[column] ?? ''),
  );
}

const AMOUNT_NAMES = [
  ['cpu', 'cpu'],
  ['memory', 'memory'],
  ['ephemeralStorage', 'ephemeral-storage'],
  ['pods', 'pods'],
] as const;

function compareObject(item: NodeItem, object: NodeObject): void {
  const { name } = object.metadata;
  const ours = item.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`);
  const theirs = (object.spec?.taints ?? []).map(({ key, value = '', effect }) => `${key}=${value}:${effect}`);
  TAINTS.compare(name, ours, theirs);
  for (const kind of ['capacity', 'allocatable'] as const)
    for (const [field, resource] of AMOUNT_NAMES) {
      const told = item[kind][field];
      const quantity = object.status?.[kind]?.[resource];
      AMOUNTS.compare(
        `${name} ${kind} ${resource}`,
        told === null ? 'unknown' : parseAmount(String(told)),
        quantity === undefined ? 'unknown' : parseAmount(quantity),
      );
    }
}

let cluster: RealCluster;
let folder: string;

async function ask(...words: readonly string[]): Promise<string> {
  const environment = { KUBECONFIG: join(folder, 'kubeconfig'), XDG_STATE_HOME: folder, HOME: folder };
  const { code, stdout, stderr } = await runProgram(words, { environment });
  if (code !== 0) throw new Error(`${words.join(' ')}: exit ${code}. ${stderr}`);
  return stdout;
}

async function askKubectl(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await kubectl(cluster.kubeconfig('reader'), ...words);
  if (code !== 0) throw new Error(`kubectl ${words.join(' ')}: exit ${code}. ${stderr}`);
  return stdout;
}

/** Nodes that no seed makes: cordoned and lost at once, roles of others, no Ready among the conditions, finer amounts. */
async function addOddNodes(): Promise<void> {
  const { admin } = cluster.api;
  const role = 'node-role.kubernetes.io';
  const at = new Date().toISOString();
  const condition = (type: string, status: string) => ({
    type,
    status,
    reason: 'Odd',
    message: '',
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  });
  const odd = [
    {
      name: 'odd-roles',
      labels: { [`${role}/storage`]: '', [`${role}/master`]: 'true', 'kubernetes.io/role': 'worker' },
      conditions: [condition('Ready', 'True')],
    },
    {
      name: 'odd-cordoned',
      unschedulable: true,
      conditions: [condition('Ready', 'Unknown'), condition('DiskPressure', 'True')],
    },
    { name: 'odd-conditions', conditions: [condition('MemoryPressure', 'False')] },
    { name: 'odd-unborn', unschedulable: true, conditions: [] },
  ];
  const amounts = { cpu: '1500u', memory: '1000000k', 'ephemeral-storage': '1.5e3', pods: '1e2' };
  for (const { name, labels = {}, unschedulable = false, conditions } of odd) {
    const manifest = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: { unschedulable } };
    await admin.do('POST', '/api/v1/nodes', manifest);
    const status = { conditions, capacity: amounts, allocatable: amounts };
    await admin.do('PATCH', `/api/v1/nodes/${name}/status`, { status }, 'application/merge-patch+json');
  }
}

async function compareWorld(seed: number): Promise<void> {
  const { admin } = cluster.api;
  await admin.do('DELETE', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases');
  await admin.do('DELETE', '/api/v1/nodes');
  await seedCluster(admin, { seed, nodes: NODES, pods: 0 });
  await addOddNodes();
  const from = Date.now();
  const rows = parseTable(await askKubectl('get', 'nodes', '-o', 'wide'));
  const until = Date.now();
  const objects = (JSON.parse(await askKubectl('get', 'nodes', '-o', 'json')) as List<NodeObject>).items;
  const { items } = JSON.parse(await ask('nodes', '-o', 'json')) as NodeList;
  expect(items.map(({ name }) => name)).toEqual(objects.map(({ metadata }) => metadata.name));
  for (const [index, item] of items.entries()) {
    const row = rows[index] ?? {};
    const object = objects[index];
    if (object === undefined || row['NAME'] !== item.name) throw new Error(`${item.name} is not seen by all.`);
    compareRow(item, JSON.parse(await ask('node', item.name, '-o', 'json')) as NodeDocument, row);
    compareObject(item, object);
    compareAge(AGE, item.name, Date.parse(item.createdAt ?? ''), row['AGE'] ?? '', from, until);
  }
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
/** Around each place where the form of an age changes, half a minute or half an hour off where a second would be too near. */
const AGES = [
  [1 * SECOND, 59 * SECOND, 90 * SECOND, 130 * SECOND, 3 * MINUTE, 9 * MINUTE + 30 * SECOND],
  [10.5 * MINUTE, 59.5 * MINUTE, 61.5 * MINUTE, 2.99 * HOUR, 3 * HOUR + 30 * SECOND, 7 * HOUR + 59.5 * MINUTE],
  [8.5 * HOUR, 23.5 * HOUR, 25.5 * HOUR, 47.5 * HOUR, 48.5 * HOUR, 3 * DAY + 0.5 * HOUR, 7 * DAY + 23.5 * HOUR],
  [8.5 * DAY, 30.5 * DAY, 365.5 * DAY, 729.5 * DAY, 730.5 * DAY, 3 * YEAR + 0.5 * DAY, 7 * YEAR + 364.5 * DAY],
  [8 * YEAR + 0.5 * DAY, 9 * YEAR - 0.5 * DAY, 25.5 * YEAR],
].flat();

async function compareTimes(): Promise<void> {
  const instants = AGES.map((ago) => new Date(Math.floor((Date.now() - ago) / SECOND) * SECOND));
  for (const [index, instant] of instants.entries())
    await cluster.api.admin.do('POST', '/api/v1/namespaces/default/events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `age-${index}` },
      involvedObject: { kind: 'Pod', namespace: 'default', name: `age-${index}` },
      lastTimestamp: instant.toISOString(),
    });
  const from = Date.now();
  const table = await askKubectl('get', 'events', '-n', 'default');
  const until = Date.now();
  const seen = new Map(parseTable(table).map((row) => [row['OBJECT'], row['LAST SEEN'] ?? '']));
  for (const [index, instant] of instants.entries())
    compareAge(TIMES, String(AGES[index]), instant.getTime(), seen.get(`pod/age-${index}`) ?? '', from, until);
}

beforeAll(async () => {
  cluster = await startRealCluster();
  folder = await mkdtemp(join(tmpdir(), 'node-columns-'));
  await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig('reader'), { mode: 0o600 });
  for (const seed of SEEDS) await compareWorld(seed);
  await compareTimes();
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(COMPARISONS)('$figure by $judge', (compared) => {
  expect(compared.unexplained()).toEqual([]);
  expect(compared.row().cases).toBeGreaterThanOrEqual(AGES.length);
});

test('docs/agreement.md says so', () => {
  recordAgreement(
    'nodes',
    COMPARISONS.map((one) => one.row()),
  );
});
