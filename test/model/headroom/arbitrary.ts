import fc from 'fast-check';
import type { ClusterNode } from '../../../source/model/kubernetes/node.ts';
import { ANYWHERE, type Placement } from '../../../source/model/kubernetes/placement.ts';
import type { PodRow, Toleration } from '../../../source/model/kubernetes/pod.ts';
import { makeNode, makePod } from '../../state/made.ts';
import { madeTaint } from '../kubernetes/node.ts';

/** Few and small figures, so that nodes fill up and agree. */
const offered = (most: number) =>
  fc.oneof({ weight: 9, arbitrary: fc.nat(most) }, { weight: 1, arbitrary: fc.constant(null) });

const TAINTS = ['a=b:NoSchedule', 'a=b:PreferNoSchedule', 'c:PreferNoSchedule', 'c:NoExecute'].map((text) =>
  madeTaint(text),
);

export const node = (name: string): fc.Arbitrary<ClusterNode> =>
  fc
    .record({
      cordoned: fc.boolean(),
      taints: fc.option(fc.subarray(TAINTS, { maxLength: 2 })),
      zone: fc.constantFrom('x', 'y'),
      cpu: offered(4_000),
      memory: offered(4_000),
      ephemeralStorage: offered(4_000),
      pods: offered(8),
      ready: fc.boolean(),
    })
    .map(({ cordoned, taints, zone, ready, ...allocatable }) =>
      makeNode({
        name,
        cordoned: cordoned && zone === 'x',
        taints,
        allocatable,
        labels: { 'kubernetes.io/hostname': name, zone },
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', reason: '', message: '', since: null }],
      }),
    );

export const nodes = fc
  .integer({ min: 1, max: 5 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => node(`n${index}`))));

const TOLERATIONS: readonly (readonly Toleration[])[] = [
  [],
  [{ key: 'a', operator: 'Exists', value: '', effect: '', seconds: null }],
  [{ key: '', operator: 'Exists', value: '', effect: '', seconds: null }],
];

const PLACEMENTS: readonly Placement[] = [
  ANYWHERE,
  { ...ANYWHERE, selector: { zone: 'x' } },
  { ...ANYWHERE, hostPorts: [{ address: '', protocol: 'TCP', port: 80 }] },
  { ...ANYWHERE, terms: [{ labels: [{ key: 'zone', operator: 'NotIn', values: ['x'] }], fields: [] }] },
];

const asked = fc.constantFrom(0, 0, 1, 100, 700, 1_500);

/** Active pods with uids from `p0` on, bound to the node that is given. */
export const pods = (most: number, on: string | null): fc.Arbitrary<readonly PodRow[]> =>
  fc
    .array(
      fc.record({
        requests: fc.record({ cpu: asked, memory: asked, ephemeralStorage: asked }),
        tolerations: fc.constantFrom(...TOLERATIONS),
        placement: fc.constantFrom(...PLACEMENTS),
        priority: fc.constantFrom(0, 0, 5),
      }),
      { maxLength: most },
    )
    .map((rows) => rows.map((row, index) => makePod({ ...row, uid: `${on ?? 'p'}-${index}`, node: on })));
