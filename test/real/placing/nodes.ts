// A hundred nodes on which placing is hard: of many sizes, tainted, cordoned, broken, full and too full, with few pod slots.
import type { Random } from '../../../source/sandbox/random.ts';
import type { SeededNode, Health } from '../seed/nodes.ts';
import { conditionTaint, reportedStatus, roleKey, TROUBLES, WELL } from '../seed/nodes.ts';
import { pick } from '../seed/quantities.ts';
import type { Taint } from '../wire.ts';

/** A node with what its pods are to take of it: whole numbers of the seed's own, which nobody else computes with. */
export type Host = {
  readonly node: SeededNode;
  readonly index: number;
  /** Allocatable: millicores, MiB, MiB, slots. */
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
  readonly slots: number;
  /** Share of CPU or memory, or of the slots where these are few, up to which pods are bound to it. */
  readonly fill: number;
  readonly labels: Readonly<Record<string, string>>;
};

type Kind = {
  readonly name: string;
  readonly count: number;
  readonly roles?: readonly string[];
  /** Roles whose taint it carries. */
  readonly tainted?: readonly string[];
  readonly taints?: readonly Taint[];
  readonly labels?: Readonly<Record<string, string>>;
  /** From and to, in hundredths. */
  readonly fill: readonly [number, number];
  readonly slots?: readonly [number, number];
  readonly health?: Health;
  readonly cordoned?: boolean;
  /** What its kubelet does not tell of, or `all` when it has never registered. */
  readonly untold?: 'cpu' | 'ephemeral-storage' | 'all';
};

const trouble = (taint: string): Health => {
  const found = TROUBLES.find(({ taints }) => taints.includes(taint));
  if (found === undefined) throw new Error(`No trouble has the taint ${taint}.`);
  return found;
};
const DATABASE = { key: 'dedicated', value: 'database', effect: 'NoSchedule' };
const WORKER = ['node'];

/** The name of the node that serves the test alone: nothing else tolerates its taint, unless it tolerates everything. */
export const FENCE = 'fence';

const KINDS: readonly Kind[] = [
  {
    name: 'bootstrap',
    count: 1,
    roles: ['bootstrap', 'master', 'etcd', 'infra'],
    tainted: ['bootstrap', 'infra'],
    fill: [50, 80],
  },
  { name: 'master', count: 2, roles: ['master', 'etcd'], tainted: ['master', 'etcd'], fill: [30, 50] },
  { name: 'infra', count: 4, roles: ['infra'], tainted: ['infra'], fill: [85, 98] },
  { name: 'open-infra', count: 3, roles: ['infra'], fill: [85, 98] },
  { name: 'idle', count: 3, roles: WORKER, fill: [20, 50] },
  { name: 'busy', count: 34, roles: WORKER, fill: [84, 98] },
  { name: 'full', count: 17, roles: WORKER, fill: [100, 100] },
  { name: 'over', count: 6, roles: WORKER, fill: [110, 150] },
  { name: 'slots', count: 8, roles: [], fill: [85, 100], slots: [7, 14] },
  { name: 'database', count: 5, roles: WORKER, taints: [DATABASE], labels: { dedicated: 'database' }, fill: [90, 99] },
  {
    name: 'maintenance',
    count: 2,
    roles: WORKER,
    taints: [{ key: 'example.com/maintenance', effect: 'NoExecute' }],
    fill: [20, 50],
  },
  {
    name: 'batch',
    count: 5,
    roles: WORKER,
    taints: [{ key: 'dedicated', value: 'batch', effect: 'PreferNoSchedule' }],
    fill: [30, 80],
  },
  {
    name: 'cordoned',
    count: 2,
    roles: WORKER,
    health: trouble('unschedulable:NoSchedule'),
    cordoned: true,
    fill: [40, 80],
  },
  // As it is until the node controller adds its taint.
  { name: 'just-cordoned', count: 1, roles: WORKER, cordoned: true, fill: [40, 80] },
  { name: 'not-ready', count: 1, roles: WORKER, health: trouble('not-ready:NoSchedule'), fill: [40, 80] },
  { name: 'lost', count: 1, roles: WORKER, health: trouble('unreachable:NoSchedule'), fill: [40, 80] },
  { name: 'disk-pressure', count: 1, roles: WORKER, health: trouble('disk-pressure:NoSchedule'), fill: [40, 80] },
  { name: 'untold-cpu', count: 1, roles: WORKER, untold: 'cpu', fill: [20, 30] },
  { name: 'untold-disk', count: 1, roles: WORKER, untold: 'ephemeral-storage', fill: [40, 80] },
  { name: 'declared', count: 1, roles: WORKER, untold: 'all', fill: [0, 0] },
  { name: FENCE, count: 1, taints: [{ key: 'example.com/fence', effect: 'NoExecute' }], fill: [0, 0] },
];

const SIZES = [
  { cpu: 3_720, memory: 7_400, disk: 40_000 },
  { cpu: 7_710, memory: 15_200, disk: 90_000 },
  { cpu: 15_690, memory: 31_000, disk: 200_000 },
] as const;
const ZONES = ['north', 'south', 'west'];

function hostOf(random: Random, kind: Kind, name: string, index: number, now: Date): Host {
  const { cpu, memory, disk } = pick(random, SIZES);
  const slots = random.between(...(kind.slots ?? ([110, 110] as const)));
  const labels = {
    'kubernetes.io/hostname': name,
    'metalk8s.scality.com/version': '129.0.0',
    'example.com/zone': pick(random, ZONES),
    'example.com/rack': String(random.between(1, 20)),
    // One in three has no such label.
    ...pick(random, [{ disk: 'ssd' }, { disk: 'hdd' }, {}]),
    ...kind.labels,
    ...Object.fromEntries((kind.roles ?? []).map((role) => [roleKey(role), ''])),
  };
  const health = kind.health ?? { condition: WELL, taints: [] };
  const { untold } = kind;
  const amounts = { cpu: `${cpu}m`, memory: `${memory}Mi`, 'ephemeral-storage': `${disk}Mi`, pods: String(slots) };
  const told = Object.fromEntries(Object.entries(amounts).filter(([resource]) => resource !== untold));
  const taints = [
    ...(kind.tainted ?? []).map((role): Taint => ({ key: roleKey(role), effect: 'NoSchedule' })),
    ...(kind.taints ?? []),
    ...(untold === 'all' ? ['not-ready:NoSchedule'] : health.taints).map(conditionTaint),
  ];
  return {
    node: {
      name,
      manifest: {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels },
        spec: { taints, ...(kind.cordoned && { unschedulable: true }) },
      },
      taints,
      status:
        untold === 'all'
          ? null
          : reportedStatus(random, { now, index, name }, { capacity: told, allocatable: told }, health),
    },
    index,
    cpu: untold === 'cpu' || untold === 'all' ? 0 : cpu,
    memory,
    disk,
    slots,
    fill: random.between(...kind.fill) / 100,
    labels,
  };
}

/** The hundred nodes, those of a kind one after the other: `busy-1`, `busy-2` … */
export function hosts(random: Random, now: Date): Host[] {
  const named = KINDS.flatMap((kind) =>
    Array.from({ length: kind.count }, (_, at) => ({
      kind,
      name: kind.count === 1 ? kind.name : `${kind.name}-${at + 1}`,
    })),
  );
  return named.map(({ kind, name }, index) => hostOf(random, kind, name, index, now));
}
