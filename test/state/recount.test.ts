import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import type { NodeUsage } from '../../source/model/kubernetes/node-usage.ts';
import type { NodeAmounts } from '../../source/model/kubernetes/amounts.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import { groupOf, planesServed } from '../../source/product/node-groups.ts';
import { rolesOf } from '../../source/product/node-roles.ts';
import { seededRandom } from '../../source/sandbox/random.ts';
import { keptHeadroom } from '../../source/state/headroom.ts';
import type { Headroom } from '../../source/state/headroom-sum.ts';
import { createNodeTable } from '../../source/state/node-table.ts';
import { emptyPicture } from '../../source/state/picture.ts';
import { reduce } from '../../source/state/reducer.ts';
import { makeNode, makePod, makeUsage } from './made.ts';

const EVENTS = 100_000;
const WHOLE_EVERY = 500;
const NODES = 12;
const PODS = 150;

const random = seededRandom(20_260_131);
const pick = <T>(...choices: readonly [T, ...T[]]): T => choices[random.between(0, choices.length - 1)] ?? choices[0];
const chance = (part: number): boolean => random.next() < part;
const nodeName = () => `node-${random.between(1, NODES)}`;

/** What was told, kept as it came: no sums and no indexes but these. */
const told = {
  nodes: new Map<string, ClusterNode>(),
  pods: new Map<string, PodRow>(),
  usage: new Map<string, NodeUsage>(),
  /** Pods that the list under way has named, or that came or went meanwhile. */
  named: null as Set<string> | null,
};

const amounts = () => ({
  cpu: random.between(0, 900),
  memory: random.between(0, 2 ** 31),
  ephemeralStorage: random.between(0, 2 ** 30),
});

/** A pod of a few names, each of which comes again with other uids. */
function somePod(): PodRow {
  const name = `pod-${random.between(1, PODS)}`;
  return makePod({
    uid: `${name}/${random.between(1, 3)}`,
    name,
    node: chance(0.85) ? nodeName() : null,
    phase: pick('Pending', 'Running', 'Running', 'Running', 'Succeeded', 'Failed', 'Unknown'),
    requests: amounts(),
    limits: amounts(),
    deleting: chance(0.1),
    unlimited: pick<PodRow['unlimited']>([], ['cpu'], ['memory'], ['cpu', 'memory']),
  });
}

function someNode(): ClusterNode {
  const name = nodeName();
  const roles = ['master', 'etcd', 'infra', 'node'].filter(() => chance(0.3));
  const offers = {
    cpu: random.between(0, 8_000),
    memory: random.between(0, 2 ** 33),
    ephemeralStorage: 2 ** 34,
    pods: 30,
  };
  return makeNode({
    name,
    uid: `${name}/${random.between(1, 3)}`,
    cordoned: chance(0.2),
    labels: Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
    taints: chance(0.2)
      ? [{ key: 'node-role.kubernetes.io/infra', value: '', effect: 'NoSchedule', timeAdded: null }]
      : null,
    allocatable: chance(0.1) ? { ...offers, memory: null } : offers,
  });
}

const someUsage = (): NodeUsage =>
  makeUsage({
    uid: nodeName(),
    at: null,
    cpu: chance(0.1) ? null : random.between(0, 9_000),
    memory: random.between(0, 2 ** 33),
  });

const some = <T>(make: () => T): readonly T[] => Array.from({ length: random.between(1, 3) }, make);

function putPods(items: readonly PodRow[]): void {
  for (const pod of items) {
    told.pods.set(pod.uid, pod);
    told.named?.add(pod.uid);
  }
}

/** The next event, noted down in `told`. */
function happen(): ClusterEvent {
  const at = 1;
  const dice = random.next();
  if (dice < 0.6) {
    const items = some(somePod);
    putPods(items);
    return { type: chance(0.8) ? 'changed' : 'listed', at, resource: 'pods', items };
  }
  if (dice < 0.78) {
    const uids = some(somePod).map(({ uid }) => uid);
    for (const uid of uids) {
      told.pods.delete(uid);
      told.named?.delete(uid);
    }
    return { type: 'deleted', at, resource: 'pods', uids };
  }
  if (dice < 0.81) {
    if (told.named === null) {
      told.named = new Set();
      return { type: 'list-started', at, resource: 'pods' };
    }
    for (const uid of told.pods.keys()) if (!told.named.has(uid)) told.pods.delete(uid);
    told.named = null;
    return { type: 'list-ended', at, resource: 'pods' };
  }
  if (dice < 0.89) {
    const items = some(someNode);
    for (const node of items) told.nodes.set(node.name, node);
    return { type: 'changed', at, resource: 'nodes', items };
  }
  if (dice < 0.92) {
    const uids = some(someNode).map(({ uid }) => uid);
    for (const [name, { uid }] of told.nodes) if (uids.includes(uid)) told.nodes.delete(name);
    return { type: 'deleted', at, resource: 'nodes', uids };
  }
  if (dice < 0.98) {
    const items = some(someUsage);
    for (const usage of items) told.usage.set(usage.uid, usage);
    return { type: 'changed', at, resource: 'usage', items };
  }
  const uids = [nodeName()];
  for (const uid of uids) told.usage.delete(uid);
  return { type: 'deleted', at, resource: 'usage', uids };
}

const total = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);
const totals = <T>(items: readonly T[], of: (item: T) => PodRow['requests']) => ({
  cpu: total(items, (item) => of(item).cpu),
  memory: total(items, (item) => of(item).memory),
  ephemeralStorage: total(items, (item) => of(item).ephemeralStorage),
});
const isActive = ({ phase }: PodRow): boolean => phase !== 'Succeeded' && phase !== 'Failed';

/** The sums of one node, counted from the pods that were told; undefined where it has none. */
function countedOn(name: string) {
  const all = [...told.pods.values()].filter(({ node }) => node === name);
  if (all.length === 0) return undefined;
  const active = all.filter(isActive);
  return {
    requests: totals(active, ({ requests }) => requests),
    limits: totals(active, ({ limits }) => limits),
    pods: {
      active: active.length,
      running: total(all, ({ phase }) => (phase === 'Running' ? 1 : 0)),
      total: all.length,
    },
    unlimited: {
      cpu: total(active, ({ unlimited }) => (unlimited.includes('cpu') ? 1 : 0)),
      memory: total(active, ({ unlimited }) => (unlimited.includes('memory') ? 1 : 0)),
    },
  };
}

/** The headroom of some nodes, counted from what was told. */
function counted(nodes: readonly ClusterNode[]): Partial<Headroom> {
  const known = <T>(value: T) => ({ state: 'known', value }) as const;
  const active = (of: readonly ClusterNode[]) =>
    [...told.pods.values()].filter((pod) => isActive(pod) && of.some(({ name }) => name === pod.node));
  const requested = (of: readonly ClusterNode[]) => ({
    ...totals(active(of), ({ requests }) => requests),
    pods: active(of).length,
  });
  const open = (node: ClusterNode) => !node.cordoned && node.taints === null;
  /** Over those that tell a resource; null where there are nodes and none does. */
  const offered = (of: readonly ClusterNode[], resource: keyof NodeAmounts, less: boolean): number | null => {
    const telling = of.filter(({ allocatable }) => allocatable[resource] !== null);
    if (telling.length === 0 && of.length > 0) return null;
    const whole = total(telling, ({ allocatable }) => Number(allocatable[resource]));
    return less ? whole - requested(telling)[resource] : whole;
  };
  const reading = (of: readonly ClusterNode[], less: boolean) =>
    known({
      cpu: offered(of, 'cpu', less),
      memory: offered(of, 'memory', less),
      ephemeralStorage: offered(of, 'ephemeralStorage', less),
      pods: offered(of, 'pods', less),
    });
  const measured = nodes.flatMap(({ name }) => told.usage.get(name) ?? []).filter(({ cpu }) => cpu !== null);
  return {
    nodes: nodes.length,
    open: nodes.filter(open).length,
    untold: nodes.filter(({ allocatable }) => allocatable.memory === null).length,
    allocatable: reading(nodes, false),
    requested: known(requested(nodes)),
    limits: known(totals(active(nodes), ({ limits }) => limits)),
    free: reading(nodes, true),
    freeForWorkloads: reading(nodes.filter(open), true),
    measured: measured.length,
    ...(measured.length > 0 && {
      used: known({
        cpu: total(measured, ({ cpu }) => Number(cpu)),
        memory: total(measured, ({ memory }) => Number(memory)),
      }),
    }),
  };
}

test('sums equal a recount at every step of 100,000 events', () => {
  const picture = emptyPicture();
  const table = createNodeTable();
  for (const resource of ['nodes', 'pods', 'usage'] as const)
    reduce(picture, { type: 'status', at: 1, resource, status: { state: 'live' } });
  const before = new Map<string, string | null>();
  let wholes = 0;
  for (let step = 1; step <= EVENTS; step += 1) {
    const event = happen();
    reduce(picture, event);
    if (!('resource' in event) || event.resource !== 'pods') continue;
    const uids =
      'items' in event ? event.items.map(({ uid }) => uid) : 'uids' in event ? event.uids : [...before.keys()];
    const touched = new Set<string>();
    for (const uid of uids) {
      const now = told.pods.get(uid)?.node ?? null;
      for (const name of [before.get(uid) ?? null, now]) if (name !== null) touched.add(name);
      if (told.pods.has(uid)) before.set(uid, now);
      else before.delete(uid);
    }
    for (const name of touched) {
      const sums = picture.sumsByNode.get(name);
      const afresh = countedOn(name);
      if (!isDeepStrictEqual(sums, afresh)) expect({ step, name, sums }).toEqual({ step, name, sums: afresh });
    }
    if (step % WHOLE_EVERY >= 3) continue;
    wholes += 1;
    const nodes = [...told.nodes.values()];
    const names = [...new Set([...told.pods.values()].flatMap(({ node }) => node ?? []))];
    expect(picture.sumsByNode).toEqual(new Map(names.map((name) => [name, countedOn(name)])));
    expect([...picture.pendingPods.keys()].sort()).toEqual(
      [...told.pods.values()]
        .filter((pod) => pod.node === null && isActive(pod) && !pod.deleting)
        .map(({ uid }) => uid)
        .sort(),
    );
    const { cluster, byGroup, byPlane, byRole } = keptHeadroom(table(picture).rows);
    expect(cluster).toMatchObject(counted(nodes));
    for (const [group, headroom] of byGroup)
      expect(headroom).toMatchObject(counted(nodes.filter((node) => groupOf(rolesOf(node)) === group)));
    for (const [plane, headroom] of byPlane)
      expect(headroom).toMatchObject(counted(nodes.filter((node) => planesServed(node).includes(plane))));
    for (const [role, headroom] of byRole)
      expect(headroom).toMatchObject(counted(nodes.filter((node) => rolesOf(node).includes(role))));
  }
  expect(wholes).toBeGreaterThan(EVENTS / WHOLE_EVERY);
});
