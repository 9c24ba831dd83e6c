import { describe, expect, it } from 'vitest';
import type { ResourceStatus } from '../../source/model/cluster-event.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import type { NodeUsage } from '../../source/model/kubernetes/node-usage.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import type { ResourceView } from '../../source/state/cluster-state.ts';
import { clusterHeadroom, headroomOf } from '../../source/state/headroom.ts';
import { largestHole } from '../../source/state/largest-hole.ts';
import { nodeRow } from '../../source/state/node-rows.ts';
import { sumOf } from '../../source/state/sums.ts';
import { makeNode, makePod, makeUsage } from './made.ts';

const GI = 2 ** 30;
const view = (status: ResourceStatus): ResourceView => ({ status, heardAt: 9_000 });
const LIVE = view({ state: 'live' });
const DENIED = view({ state: 'denied', right: 'list pods', why: 'x' });
const ABSENT = view({ state: 'absent', why: 'nobody answers' });
const staleSince = (since: number) => view({ state: 'stale', since, why: 'x' });

type Given = {
  readonly node?: Partial<ClusterNode>;
  readonly pods?: readonly PodRow[];
  readonly seen?: ResourceView;
  readonly usage?: NodeUsage;
  readonly metrics?: ResourceView;
};
const row = (name: string, { node = {}, pods = [], seen = LIVE, usage, metrics = LIVE }: Given = {}) =>
  nodeRow(makeNode({ name, ...node }), { sums: pods.length > 0 ? sumOf(pods) : undefined, pods: seen, usage, metrics });

const taking = (cores: number, gibibytes = 0) =>
  makePod({
    uid: `${cores}-${gibibytes}`,
    requests: { cpu: cores * 1_000, memory: gibibytes * GI, ephemeralStorage: 0 },
  });
const offering = (cpu: number | null, memory: number | null, pods: number | null = 110): Partial<ClusterNode> => ({
  allocatable: { cpu, memory, ephemeralStorage: 0, pods },
});
const known = (value: object) => ({ state: 'known', value });

describe('the headroom of some nodes', () => {
  it('adds up what they offer, what is requested and what is free, over-commitment too', () => {
    expect(
      headroomOf([
        row('a', { node: offering(4_000, 8 * GI), pods: [taking(1, 1), taking(0.5)] }),
        row('b', { node: { ...offering(2_000, 4 * GI), cordoned: true }, pods: [taking(3)] }),
        row('c', { node: offering(1_000, GI), pods: [taking(2, 2)] }),
      ]),
    ).toMatchObject({
      nodes: 3,
      open: 2,
      untold: 0,
      allocatable: known({ cpu: 7_000, memory: 13 * GI, ephemeralStorage: 0, pods: 330 }),
      requested: known({ cpu: 6_500, memory: 3 * GI, ephemeralStorage: 0, pods: 4 }),
      free: known({ cpu: 500, memory: 10 * GI, ephemeralStorage: 0, pods: 326 }),
      freeForWorkloads: known({ cpu: 1_500, memory: 6 * GI, ephemeralStorage: 0, pods: 217 }),
    });
  });

  it('leaves what a node does not say out of what is free, but not out of what is requested', () => {
    expect(
      headroomOf([
        row('a', { node: offering(4_000, 8 * GI) }),
        row('partly', { node: offering(4_000, null), pods: [taking(1)] }),
        row('nothing', { node: offering(null, null, null), pods: [taking(1)] }),
      ]),
    ).toMatchObject({
      nodes: 3,
      untold: 2,
      allocatable: known({ cpu: 8_000, memory: 8 * GI, ephemeralStorage: 0, pods: 220 }),
      requested: known({ cpu: 2_000, memory: 0, ephemeralStorage: 0, pods: 2 }),
      free: known({ cpu: 7_000, memory: 8 * GI, ephemeralStorage: 0, pods: 219 }),
    });
  });

  it('does not know how much there is of a resource of which no node says so', () =>
    expect(headroomOf([row('a', { node: offering(4_000, null), pods: [taking(1)] })])).toMatchObject({
      allocatable: known({ cpu: 4_000, memory: null }),
      free: known({ cpu: 3_000, memory: null }),
      freeForWorkloads: known({ cpu: 3_000, memory: null }),
    }));

  describe('where nodes do not say anything', () => {
    const silent = { allocatable: { cpu: null, memory: null, ephemeralStorage: null, pods: null } };
    const UNTOLD = { state: 'absent', why: 'no node here says what it offers' };
    it('does not know what is free', () =>
      expect(headroomOf([row('a', { node: silent })])).toMatchObject({
        untold: 1,
        allocatable: UNTOLD,
        requested: known({ cpu: 0 }),
        free: UNTOLD,
        freeForWorkloads: UNTOLD,
      }));
    it('does not take the closed ones for the open ones', () =>
      expect(
        headroomOf([row('a', { node: silent }), row('b', { node: { ...offering(2_000, GI), cordoned: true } })]),
      ).toMatchObject({ free: known({ cpu: 2_000 }), freeForWorkloads: UNTOLD }));
    it('knows that nothing is free for workloads where no node is open', () =>
      expect(headroomOf([row('a', { node: { ...silent, cordoned: true } })])).toMatchObject({
        free: UNTOLD,
        freeForWorkloads: known({ cpu: 0, memory: 0, ephemeralStorage: 0, pods: 0 }),
      }));
    it('says rather that pods are not known', () =>
      expect(headroomOf([row('a', { node: silent, seen: DENIED })])).toMatchObject({
        allocatable: UNTOLD,
        free: { state: 'denied', right: 'list pods' },
      }));
  });

  it('counts a node that offers zero as one that says so', () =>
    expect(headroomOf([row('a', { node: offering(0, 0, 0), pods: [taking(1)] })])).toMatchObject({
      untold: 0,
      free: known({ cpu: -1_000, memory: 0, ephemeralStorage: 0, pods: -1 }),
    }));

  it('tells which pods have no limit', () =>
    expect(
      headroomOf([
        row('a', {
          pods: [makePod({ uid: '1', unlimited: ['cpu'] }), makePod({ uid: '2', unlimited: ['cpu', 'memory'] })],
        }),
        row('b', { pods: [makePod({ uid: '3' })] }),
      ]),
    ).toMatchObject({
      limits: known({ cpu: 600, memory: 3 * 128 * 2 ** 20, ephemeralStorage: 0 }),
      unlimited: known({ cpu: 2, memory: 1 }),
    }));

  it.each([
    ['denied where one is', [DENIED, LIVE, ABSENT], { state: 'denied', right: 'list pods' }],
    ['absent where one is', [staleSince(5), ABSENT], { state: 'absent', why: 'nobody answers' }],
    ['as stale as the oldest', [staleSince(5), LIVE, staleSince(3)], { state: 'stale', since: 3 }],
  ])('is %s', (_, views, reading) => {
    const headroom = headroomOf(views.map((seen, index) => row(`n${index}`, { seen })));
    for (const field of ['requested', 'limits', 'unlimited', 'free', 'freeForWorkloads'] as const)
      expect(headroom[field]).toMatchObject(reading);
  });

  it('of no nodes is nothing, and known', () =>
    expect(headroomOf([])).toMatchObject({
      nodes: 0,
      allocatable: known({ cpu: 0, memory: 0, ephemeralStorage: 0, pods: 0 }),
      free: known({ cpu: 0, memory: 0, ephemeralStorage: 0, pods: 0 }),
      used: { state: 'absent', why: 'there is no node to measure' },
      demand: { cpu: 0, memory: 0 },
    }));
});

describe('what is used', () => {
  it('is what the nodes that are measured use, also when that is more than they offer', () =>
    expect(
      headroomOf([
        row('a', { node: offering(1_000, GI), usage: makeUsage({ uid: 'a', cpu: 9_000, memory: GI }) }),
        row('b', { usage: makeUsage({ uid: 'b', cpu: null }) }),
        row('c'),
      ]),
    ).toMatchObject({ measured: 1, used: known({ cpu: 9_000, memory: GI }) }));

  it('is as old as the oldest measurement', () =>
    expect(
      headroomOf([
        row('a', { usage: makeUsage({ uid: 'a', at: 70 }), metrics: staleSince(90) }),
        row('b', { usage: makeUsage({ uid: 'b', at: 60 }), metrics: staleSince(90) }),
      ]),
    ).toMatchObject({ measured: 2, used: { state: 'stale', since: 60 } }));

  it.each([
    ['the metrics API is not there', { metrics: ABSENT }, { state: 'absent', why: 'nobody answers' }],
    ['the right is missing', { metrics: DENIED }, { state: 'denied', right: 'list pods' }],
    ['no node is named', {}, { state: 'absent', why: 'the metrics API does not name the node' }],
    [
      'half of it is told',
      { usage: makeUsage({ uid: 'a', memory: null }) },
      { state: 'absent', why: 'the metrics API does not say what the node uses' },
    ],
  ])('is not known where %s', (_, given: Given, used) =>
    expect(headroomOf([row('a', given)])).toMatchObject({ measured: 0, used }),
  );
});

const labels = (...roles: readonly string[]) => ({
  labels: Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
});

describe('the headroom of a cluster', () => {
  const tainted = {
    taints: [{ key: 'node-role.kubernetes.io/infra', value: '', effect: 'NoSchedule', timeAdded: null }],
  };
  const { cluster, byGroup, byPlane, byRole } = clusterHeadroom([
    row('boot', { node: labels('bootstrap', 'master', 'etcd', 'infra') }),
    row('infra', { node: { ...labels('infra'), ...tainted } }),
    row('plain'),
  ]);
  const counts = (map: ReadonlyMap<string, { readonly nodes: number }>) =>
    Object.fromEntries([...map].map(([kind, { nodes }]) => [kind, nodes]));

  it('counts a node once in its group, and under each of its planes and roles', () => {
    expect(cluster.nodes).toBe(3);
    expect(counts(byGroup)).toEqual({ 'control-plane': 1, infra: 1, workload: 1 });
    expect(counts(byPlane)).toEqual({ control: 2, workload: 2 });
    expect(counts(byRole)).toEqual({ bootstrap: 1, master: 1, etcd: 1, infra: 2, node: 0 });
  });

  it('adds up what the roles need, and names the nodes that are too small', () => {
    const capacity = (cores: number, gigabytes: number) => ({
      capacity: { cpu: cores * 1_000, memory: gigabytes * 1e9, ephemeralStorage: 0, pods: 110 },
    });
    expect(
      headroomOf([
        row('small', { node: { ...labels('master', 'etcd'), ...capacity(1, 8) } }),
        row('tight', { node: { ...labels('master', 'etcd'), ...capacity(1.5, 8) } }),
        row('large', { node: { ...labels('master', 'etcd'), ...capacity(4, 8) } }),
        row('silent', {
          node: { ...labels('infra'), capacity: { cpu: null, memory: null, ephemeralStorage: null, pods: null } },
        }),
      ]),
    ).toMatchObject({ demand: { cpu: 4_300, memory: 10e9 }, undersized: ['small'], tight: ['tight'] });
  });
});

describe('the largest hole', () => {
  it.each<[string, readonly ReturnType<typeof row>[], string | null]>([
    [
      'is where the scarcer of CPU and memory is most',
      [row('a', { pods: [taking(3)] }), row('b', { pods: [taking(1, 1)] })],
      'b',
    ],
    ['is on an open node', [row('a', { node: { cordoned: true } }), row('b', { pods: [taking(1)] })], 'b'],
    ['has a pod slot', [row('a', { node: offering(8_000, 9 * GI, 0) }), row('b')], 'b'],
    ['of equals is the first by name', [row('c'), row('a'), row('b')], 'a'],
    ['is none where nothing is left', [row('a', { pods: [taking(4)] })], null],
    ['is none where pods are not known', [row('a', { seen: DENIED })], null],
    ['is none where nobody says what there is', [row('a', { node: offering(null, 1) })], null],
    ['is none of none', [], null],
  ])('%s', (_, rows, name) => expect(largestHole(rows)?.node ?? null).toBe(name));

  it('may be where ephemeral storage is not told', () =>
    expect(
      largestHole([row('a', { node: { allocatable: { cpu: 4_000, memory: GI, ephemeralStorage: null, pods: 9 } } })]),
    ).toEqual({ node: 'a', free: { cpu: 4_000, memory: GI, ephemeralStorage: null, pods: 9 } }));

  it('says what is free there', () =>
    expect(largestHole([row('a', { node: offering(4_000, 8 * GI), pods: [taking(1, 1)] })])).toEqual({
      node: 'a',
      free: { cpu: 3_000, memory: 7 * GI, ephemeralStorage: 0, pods: 109 },
    }));
});
