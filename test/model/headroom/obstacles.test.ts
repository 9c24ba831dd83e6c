import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { obstaclesOn } from '../../../source/model/headroom/obstacles.ts';
import type { AmountsAndPods, Candidate, Obstacle, Place } from '../../../source/model/headroom/site.ts';
import type { NodeAmounts } from '../../../source/model/kubernetes/amounts.ts';
import type { ClusterNode, Taint } from '../../../source/model/kubernetes/node.ts';
import { ANYWHERE, type HostPort, type Placement } from '../../../source/model/kubernetes/placement.ts';
import type { PodRow, Toleration } from '../../../source/model/kubernetes/pod.ts';
import { makeNode, onlyOn } from '../../state/made.ts';
import { madeTaint } from '../kubernetes/node.ts';
import * as arbitrary from './arbitrary.ts';
import { asking, NO_STORAGE, placeOf } from './made-site.ts';

const found = (candidate: Candidate, place: Place): readonly Obstacle[] => obstaclesOn(candidate, place, NO_STORAGE);
const tolerating = (given: Partial<Toleration>): Toleration => ({
  key: '',
  operator: 'Exists',
  value: '',
  effect: '',
  seconds: null,
  ...given,
});

const UNSCHEDULABLE = madeTaint('node.kubernetes.io/unschedulable:NoSchedule');
const INFRA = madeTaint('node-role.kubernetes.io/infra:NoSchedule');
const SLOW = madeTaint('disk=slow:NoExecute');

describe('cordoning and taints', () => {
  const taintOf = (taint: Taint): Obstacle => ({ kind: 'taint', taint });
  test.each<[string, Partial<ClusterNode>, readonly Toleration[], readonly Obstacle[]]>([
    ['an open node', {}, [], []],
    ['a cordoned one', { cordoned: true }, [], [{ kind: 'cordoned' }]],
    ['its taint says no more', { cordoned: true, taints: [UNSCHEDULABLE] }, [], [{ kind: 'cordoned' }]],
    ['a taint that outlives cordoning', { taints: [UNSCHEDULABLE] }, [], [taintOf(UNSCHEDULABLE)]],
    [
      'a pod that bears it',
      { cordoned: true, taints: [UNSCHEDULABLE] },
      [tolerating({ key: UNSCHEDULABLE.key, effect: 'NoSchedule' })],
      [],
    ],
    [
      'one that bears it for other effects',
      { cordoned: true },
      [tolerating({ effect: 'NoExecute' })],
      [{ kind: 'cordoned' }],
    ],
    ['two taints', { taints: [INFRA, SLOW] }, [], [taintOf(INFRA), taintOf(SLOW)]],
    ['of two taints one borne', { taints: [INFRA, SLOW] }, [tolerating({ key: 'disk' })], [taintOf(INFRA)]],
    [
      'another value borne',
      { taints: [SLOW] },
      [tolerating({ key: 'disk', operator: 'Equal', value: 'old' })],
      [taintOf(SLOW)],
    ],
    ['borne for a while only', { taints: [SLOW] }, [tolerating({ key: 'disk', seconds: 3 })], []],
    ['a preference', { taints: [madeTaint('a=b:PreferNoSchedule')] }, [], []],
    ['an effect that nobody knows', { taints: [madeTaint('a=b:NoFun')] }, [], []],
    ['not being Ready', { conditions: [] }, [], []],
    ['being deleted', { deleting: true }, [], []],
  ])('%s', (_, node, tolerations, obstacles) =>
    expect(found(asking({ tolerations }), placeOf(makeNode({ name: 'a', ...node })))).toEqual(obstacles),
  );
});

describe('node selector and required affinity', () => {
  const labels = { disk: 'ssd', 'node-role.kubernetes.io/infra': '' };
  test.each<[string, Partial<Placement>, readonly Obstacle[]]>([
    ['none', {}, []],
    ['labels that are there', { selector: { disk: 'ssd', 'node-role.kubernetes.io/infra': '' } }, []],
    [
      'labels that are not',
      { selector: { disk: 'hdd', zone: '', 'node-role.kubernetes.io/infra': '' } },
      [
        { kind: 'label', key: 'disk', value: 'hdd' },
        { kind: 'label', key: 'zone', value: '' },
      ],
    ],
    ['terms of which one matches', { terms: [...onlyOn('z'), ...onlyOn('a')] }, []],
    ['terms of which none does', { terms: onlyOn('z') }, [{ kind: 'affinity' }]],
    ['an empty list', { terms: [] }, [{ kind: 'affinity' }]],
    [
      'both',
      { selector: { zone: 'x' }, terms: [] },
      [{ kind: 'label', key: 'zone', value: 'x' }, { kind: 'affinity' }],
    ],
  ])('%s', (_, placement, obstacles) => {
    const node = makeNode({ name: 'a', labels: { ...labels, 'kubernetes.io/hostname': 'a' } });
    expect(found(asking({ placement: { ...ANYWHERE, ...placement } }), placeOf(node))).toEqual(obstacles);
  });
});

describe('ports of the machine', () => {
  const port = (address: string, number: number, protocol = 'TCP'): HostPort => ({ address, protocol, port: number });
  test.each<[string, HostPort, HostPort, boolean]>([
    ['the same', port('', 80), port('', 80), true],
    ['another port', port('', 80), port('', 81), false],
    ['another protocol', port('', 53), port('', 53, 'UDP'), false],
    ['two addresses', port('10.1.0.1', 80), port('10.1.0.2', 80), false],
    ['one address', port('10.1.0.1', 80), port('10.1.0.1', 80), true],
    ['one address and all', port('10.1.0.1', 80), port('', 80), true],
    ['all and one address', port('0.0.0.0', 80), port('10.1.0.1', 80), true],
    ['all, said in two ways', port('', 80), port('0.0.0.0', 80), true],
  ])('%s', (_, wanted, taken, conflicts) => {
    const place = { ...placeOf(makeNode({ name: 'a' })), hostPorts: [port('', 9_999), taken] };
    const candidate = asking({ placement: { ...ANYWHERE, hostPorts: [wanted] } });
    expect(found(candidate, place)).toEqual(conflicts ? [{ kind: 'port', port: wanted }] : []);
  });
});

describe('room', () => {
  const OFFERED: NodeAmounts = { cpu: 1_000, memory: 1_000, ephemeralStorage: 1_000, pods: 10 };
  const NOTHING: AmountsAndPods = { cpu: 0, memory: 0, ephemeralStorage: 0, pods: 0 };
  const short = (resource: keyof AmountsAndPods, by: number | null): Obstacle => ({ kind: 'short', resource, by });
  test.each<[string, Partial<NodeAmounts>, Partial<AmountsAndPods>, Partial<AmountsAndPods>, readonly Obstacle[]]>([
    ['all that there is', {}, {}, { cpu: 1_000, memory: 1_000, ephemeralStorage: 1_000 }, []],
    ['one too much', {}, {}, { cpu: 1_001 }, [short('cpu', 1)]],
    ['what others hold counts', {}, { memory: 600 }, { memory: 500 }, [short('memory', 100)]],
    [
      'everything short',
      {},
      { ephemeralStorage: 1_000 },
      { cpu: 1_500, memory: 2_000, ephemeralStorage: 5 },
      [short('cpu', 500), short('memory', 1_000), short('ephemeralStorage', 5)],
    ],
    ['no pod slot', {}, { pods: 10 }, {}, [short('pods', 1)]],
    ['fewer than no pod slots', {}, { pods: 12 }, {}, [short('pods', 3)]],
    ['over-committed, and nothing asked of it', {}, { memory: 5_000 }, { cpu: 10 }, []],
    ['over-committed, and a little asked', {}, { memory: 5_000 }, { memory: 1 }, [short('memory', 4_001)]],
    ['zero is offered', { cpu: 0 }, {}, { cpu: 1 }, [short('cpu', 1)]],
    ['zero pods are offered', { pods: 0 }, {}, {}, [short('pods', 1)]],
    ['not told', { cpu: null }, {}, { cpu: 1 }, [short('cpu', null)]],
    ['not told, and nothing asked of it', { cpu: null }, {}, { memory: 1 }, []],
    ['pod slots not told', { pods: null }, {}, {}, [short('pods', null)]],
  ])('%s', (_, offered, taken, asked, obstacles) => {
    const node = makeNode({ name: 'a', allocatable: { ...OFFERED, ...offered } });
    const place: Place = { ...placeOf(node), taken: { ...NOTHING, ...taken } };
    const { cpu, memory, ephemeralStorage } = { ...NOTHING, ...asked };
    expect(found(asking({ requests: { cpu, memory, ephemeralStorage } }), place)).toEqual(obstacles);
  });
});

test('gates keep a pod off every node, whatever room there is', () => {
  const gates = ['example.com/quota'];
  const gated = asking({ placement: { ...ANYWHERE, gates } });
  expect(found(gated, placeOf(makeNode({ name: 'a' })))).toEqual([{ kind: 'gates', gates }]);
});

test('everything that is in the way is told at once', () => {
  const node = makeNode({ name: 'a', cordoned: true, taints: [INFRA] });
  const candidate = asking({
    placement: { ...ANYWHERE, selector: { zone: 'x' }, terms: [], gates: ['g'] },
    requests: { cpu: 99_000, memory: 0, ephemeralStorage: 0 },
    claims: ['data'],
  });
  expect(found(candidate, placeOf(node)).map(({ kind }) => kind)).toEqual([
    'gates',
    'cordoned',
    'taint',
    'label',
    'affinity',
    'short',
    'claim',
  ]);
});

/** Whether the scheduler would let a pod onto a node with others, in the plainest words there are. */
function letIn(pod: PodRow, node: ClusterNode, others: readonly PodRow[]): boolean {
  const bears = (taint: Taint) =>
    pod.tolerations.some(
      ({ key, effect, operator, value }) =>
        ['', taint.key].includes(key) &&
        ['', taint.effect].includes(effect) &&
        (operator === 'Exists' || value === taint.value),
    );
  const taints = (node.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
  const { selector, terms, hostPorts } = pod.placement;
  const zone = node.labels['zone'];
  const left = (resource: 'cpu' | 'memory' | 'ephemeralStorage') =>
    others.reduce((rest, other) => rest - other.requests[resource], node.allocatable[resource] ?? -Infinity);
  return (
    (!node.cordoned || bears(UNSCHEDULABLE)) &&
    taints.every(bears) &&
    (!('zone' in selector) || selector['zone'] === zone) &&
    // The only terms that the arbitrary pods have.
    (terms === null || zone !== 'x') &&
    !(hostPorts.length > 0 && others.some((other) => other.placement.hostPorts.length > 0)) &&
    (node.allocatable.pods ?? 0) > others.length &&
    (['cpu', 'memory', 'ephemeralStorage'] as const).every(
      (resource) => pod.requests[resource] === 0 || pod.requests[resource] <= left(resource),
    )
  );
}

test('a pod has no obstacle on the very nodes that would let it in', () => {
  const seen = { in: 0, out: 0 };
  fc.assert(
    fc.property(arbitrary.node('n'), arbitrary.pods(4, 'n'), arbitrary.pods(6, null), (node, bound, pods) => {
      for (const pod of pods) {
        const fits = letIn(pod, node, bound);
        seen[fits ? 'in' : 'out'] += 1;
        expect(found(pod, placeOf(node, bound)).length === 0).toBe(fits);
      }
    }),
    { numRuns: 500 },
  );
  expect(Math.min(seen.in, seen.out)).toBeGreaterThan(50);
});
