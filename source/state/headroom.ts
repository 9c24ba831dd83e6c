import { lossOf, largestNode, type Loss } from '../model/headroom/loss.ts';
import type { AmountsAndPods } from '../model/headroom/site.ts';
import { minus, NOTHING, plus, shareOf, toldInFull } from '../model/headroom/sums.ts';
import { addAmounts, NO_AMOUNTS, type Amounts } from '../model/kubernetes/amounts.ts';
import { absent, mapReading, valueOf, whyNot, type Reading } from '../model/reading.ts';
import { allOf } from '../model/readings.ts';
import { NODE_GROUPS, PLANES, type NodeGroup, type Plane } from '../product/node-groups.ts';
import { ROLES, type Role } from '../product/roles.ts';
import type { Demand, DemandMet } from '../product/sizing.ts';
import type { ClusterState, NodeSums } from './cluster-state.ts';
import type { NodeRow } from './node-rows.ts';
import { seen } from './seen.ts';
import { siteOf } from './site.ts';

/** Sums over some nodes. CPU in millicores, memory and ephemeral storage in bytes. */
export type Headroom = {
  readonly nodes: number;
  /** Nodes on which pods without tolerations are placed. */
  readonly open: number;
  /** Nodes that do not say all of what they offer; in no sum of what is allocatable or free. */
  readonly untold: number;
  readonly allocatable: AmountsAndPods;
  readonly requested: Reading<AmountsAndPods>;
  readonly limits: Reading<Amounts>;
  /** Active pods without a limit, which the limits do not bound. */
  readonly unlimited: Reading<NodeSums['unlimited']>;
  /** Negative where nodes are over-committed. */
  readonly free: Reading<AmountsAndPods>;
  /** Free on the open nodes. */
  readonly freeForWorkloads: Reading<AmountsAndPods>;
  /** Measured, of the nodes that are. */
  readonly used: Reading<{ readonly cpu: number; readonly memory: number }>;
  readonly measured: number;
  /** What the roles of the nodes need by the guide. */
  readonly demand: Demand;
  /** Names of the nodes that are smaller than their roles need, without and with the margin that the guide advises. */
  readonly undersized: readonly string[];
  readonly tight: readonly string[];
};

/** Requests of a node with the pod slots that are taken. */
const requestedOf = ({ requested, pods }: NodeRow): Reading<AmountsAndPods> => {
  const active = valueOf(pods)?.active;
  // Both come from the pods, so one is not known without the other.
  return active === undefined
    ? (pods as Reading<never>)
    : mapReading(requested, (amounts) => ({ ...amounts, pods: active }));
};

/** The nodes that say all of what they offer. */
const offering = (rows: readonly NodeRow[]) =>
  rows.flatMap((row) => {
    const offered = toldInFull(row.node.allocatable);
    return offered === null ? [] : [{ row, offered }];
  });

const summed = <T>(readings: readonly Reading<T>[], add: (sum: T, part: T) => T, none: T): Reading<T> =>
  mapReading(allOf(readings), (parts) => parts.reduce(add, none));

const addPairs = <T extends { readonly cpu: number; readonly memory: number }>(one: T, other: T) => ({
  cpu: one.cpu + other.cpu,
  memory: one.memory + other.memory,
});

type Measured = { readonly cpu: number; readonly memory: number };

/** What a node uses when both figures are measured. */
const measuredOf = ({ used }: NodeRow): Reading<Measured> => {
  const value = valueOf(used);
  if (value === null) return used as Reading<never>;
  const { cpu, memory } = value;
  return cpu === null || memory === null
    ? absent('the metrics API does not say what the node uses')
    : mapReading(used, () => ({ cpu, memory }));
};

/** Over the nodes that are measured; where none is, why. */
function usedOf(rows: readonly NodeRow[]): Pick<Headroom, 'used' | 'measured'> {
  const readings = rows.map(measuredOf);
  const measured = readings.filter((reading) => valueOf(reading) !== null);
  const [first] = readings;
  return {
    measured: measured.length,
    used:
      measured.length > 0
        ? summed(measured, addPairs, { cpu: 0, memory: 0 })
        : (first ?? absent('there is no node to measure')),
  };
}

const namesOf = (rows: readonly NodeRow[], met: DemandMet): readonly string[] =>
  rows.filter((row) => valueOf(row.demandMet) === met).map(({ node }) => node.name);

/** The headroom of some nodes. A reading of the pods that is not known for one node is not known for their sum. */
export function headroomOf(rows: readonly NodeRow[]): Headroom {
  const told = offering(rows);
  const freeOf = (nodes: typeof told): Reading<AmountsAndPods> =>
    summed(
      nodes.map(({ row, offered }) => mapReading(requestedOf(row), (taken) => minus(offered, taken))),
      plus,
      NOTHING,
    );
  return {
    nodes: rows.length,
    open: rows.filter(({ open }) => open).length,
    untold: rows.length - told.length,
    allocatable: told.reduce((sum, { offered }) => plus(sum, offered), NOTHING),
    requested: summed(rows.map(requestedOf), plus, NOTHING),
    limits: summed(
      rows.map(({ limits }) => limits),
      addAmounts,
      NO_AMOUNTS,
    ),
    unlimited: summed(
      rows.map(({ unlimited }) => unlimited),
      addPairs,
      { cpu: 0, memory: 0 },
    ),
    free: freeOf(told),
    freeForWorkloads: freeOf(told.filter(({ row }) => row.open)),
    ...usedOf(rows),
    demand: rows.reduce<Demand>((sum, { demand }) => addPairs(sum, demand), { cpu: 0, memory: 0 }),
    undersized: namesOf(rows, 'no'),
    tight: namesOf(rows, 'tight'),
  };
}

/** A node counts once in the cluster and in its group, and under each of its planes and roles. */
export type ClusterHeadroom = {
  readonly cluster: Headroom;
  readonly byGroup: ReadonlyMap<NodeGroup, Headroom>;
  readonly byPlane: ReadonlyMap<Plane, Headroom>;
  readonly byRole: ReadonlyMap<Role, Headroom>;
};

const by = <K>(
  kinds: readonly K[],
  rows: readonly NodeRow[],
  is: (row: NodeRow, kind: K) => boolean,
): ReadonlyMap<K, Headroom> => new Map(kinds.map((kind) => [kind, headroomOf(rows.filter((row) => is(row, kind)))]));

/** Made when it is first asked for, and kept. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/**
 * The headroom of all nodes, and by each kind of them; kinds without nodes stand there too. Each sum is worked out when
 * it is first read: a screen shows few of them at a time.
 */
export function clusterHeadroom(rows: readonly NodeRow[]): ClusterHeadroom {
  const cluster = lazily(() => headroomOf(rows));
  const byGroup = lazily(() => by(NODE_GROUPS, rows, ({ group }, kind) => group === kind));
  const byPlane = lazily(() => by(PLANES, rows, ({ serves }, kind) => serves.includes(kind)));
  const byRole = lazily(() => by(ROLES, rows, ({ roles }, kind) => roles.includes(kind)));
  return {
    get cluster() {
      return cluster();
    },
    get byGroup() {
      return byGroup();
    },
    get byPlane() {
      return byPlane();
    },
    get byRole() {
      return byRole();
    },
  };
}

/** What is free on one node. */
export type Hole = { readonly node: string; readonly free: AmountsAndPods };

/**
 * The open node that takes the largest single pod: with a free pod slot, and of its free CPU and memory, each as a share
 * of the largest that any node offers, the smaller one the largest; of equals the first by name. Null where pods are
 * not known, or nothing is left.
 */
export function largestHole(rows: readonly NodeRow[]): Hole | null {
  const told = offering(rows);
  const largest = told.reduce(
    (most, { offered }) => ({ cpu: Math.max(most.cpu, offered.cpu), memory: Math.max(most.memory, offered.memory) }),
    { cpu: 0, memory: 0 },
  );
  let hole: Hole | null = null;
  let size = 0;
  for (const { row, offered } of told) {
    const taken = valueOf(requestedOf(row));
    if (!row.open || taken === null) continue;
    const free = minus(offered, taken);
    const share = Math.min(shareOf(free.cpu, largest.cpu), shareOf(free.memory, largest.memory));
    const { name } = row.node;
    if (free.pods < 1 || share <= 0 || share < size || (share === size && hole !== null && name > hole.node)) continue;
    hole = { node: name, free };
    size = share;
  }
  return hole;
}

/** All that the nodes screen says in words. */
export type HeadroomPicture = {
  readonly headroom: ClusterHeadroom;
  readonly hole: Hole | null;
  /** Of the largest node; null where there is none, or pods are not known. */
  readonly loss: Loss | null;
  /** Pods that wait for a node. */
  readonly pending: number;
};

/** What the loss is made from; it is made anew when one of these changes. */
const sourcesOf = ({ revision, resources }: ClusterState): readonly unknown[] => [
  revision.nodes,
  revision.pods,
  revision.persistentVolumes,
  revision.claims,
  revision.storageClasses,
  resources.pods.status,
  resources.persistentVolumes.status,
  resources.claims.status,
  resources.storageClasses.status,
];

const sameAs = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.every((each, index) => each === others[index]);

function lossOfLargest(state: ClusterState): Loss | null {
  if (whyNot(seen(null, state.resources.pods, 'the pods are still being read')) !== null) return null;
  const site = siteOf(state);
  const node = largestNode(site);
  return node === null ? null : lossOf(site, node, state.podsByNode.get(node)?.values() ?? []);
}

/** Gives the picture of headroom, and the same one while nothing of it has changed. */
export function createHeadroom(): (state: ClusterState, rows: readonly NodeRow[]) => HeadroomPicture {
  let sources: readonly unknown[] = [];
  let last: (HeadroomPicture & { readonly rows: readonly NodeRow[] }) | null = null;
  return (state, rows) => {
    const now = sourcesOf(state);
    const sameSources = last !== null && sameAs(now, sources);
    if (last !== null && sameSources && last.rows === rows) return last;
    const loss: Loss | null = last !== null && sameSources ? last.loss : lossOfLargest(state);
    sources = now;
    const kept = last?.rows === rows ? last : { headroom: clusterHeadroom(rows), hole: largestHole(rows) };
    last = { headroom: kept.headroom, hole: kept.hole, loss, pending: state.pendingPods.size, rows };
    return last;
  };
}
