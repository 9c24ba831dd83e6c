import { largestNode, type Loss } from '../model/headroom/loss.ts';
import type { AmountsAndPods, Site } from '../model/headroom/site.ts';
import { leftOf, NOTHING, shareOf, toldSum } from '../model/headroom/sums.ts';
import { addAmounts, NO_AMOUNTS, type Amounts, type NodeAmounts } from '../model/kubernetes/amounts.ts';
import { absent, valueOf, whyNot, type Reading } from '../model/reading.ts';
import { together, type Together } from '../model/readings.ts';
import { NODE_GROUPS, PLANES, type NodeGroup, type Plane } from '../product/node-groups.ts';
import { ROLES, type Role } from '../product/roles.ts';
import type { Demand } from '../product/sizing.ts';
import type { ClusterState, NodeSums } from './cluster-state.ts';
import { lossIn } from './kept-site.ts';
import type { NodeRow } from './node-rows.ts';
import { seen } from './seen.ts';

/** Sums over some nodes. CPU in millicores, memory and ephemeral storage in bytes. */
export type Headroom = {
  readonly nodes: number;
  /** Nodes on which pods without tolerations are placed. */
  readonly open: number;
  /** Nodes that do not say all of what they offer; what they leave out is in no sum of what is allocatable or free. */
  readonly untold: number;
  /** A resource of which no node here says how much it offers is null, here and in what is free. */
  readonly allocatable: Reading<NodeAmounts>;
  readonly requested: Reading<AmountsAndPods>;
  readonly limits: Reading<Amounts>;
  /** Active pods without a limit, which the limits do not bound. */
  readonly unlimited: Reading<NodeSums['unlimited']>;
  /** Negative where nodes are over-committed. */
  readonly free: Reading<NodeAmounts>;
  /** Free on the open nodes. */
  readonly freeForWorkloads: Reading<NodeAmounts>;
  /** Measured, of the nodes that are. */
  readonly used: Reading<{ readonly cpu: number; readonly memory: number }>;
  readonly measured: number;
  /** What the roles of the nodes need by the guide. */
  readonly demand: Demand;
  /** Names of the nodes that are smaller than their roles need, without and with the margin that the guide advises. */
  readonly undersized: readonly string[];
  readonly tight: readonly string[];
};

/** What is taken on a node, pod slots too; null where its pods are not known. */
function takenOn({ requested, pods }: NodeRow): AmountsAndPods | null {
  const [amounts, counts] = [valueOf(requested), valueOf(pods)];
  return amounts === null || counts === null ? null : { ...amounts, pods: counts.active };
}

const saysAll = ({ cpu, memory, ephemeralStorage, pods }: NodeAmounts): boolean =>
  cpu !== null && memory !== null && ephemeralStorage !== null && pods !== null;

type Pair = { readonly cpu: number; readonly memory: number };
const NO_PAIR: Pair = { cpu: 0, memory: 0 };
const addPairs = (one: Pair, other: Pair): Pair => ({ cpu: one.cpu + other.cpu, memory: one.memory + other.memory });

/** What is measured, summed up over the nodes of which both figures are; where there is none, why of the first. */
function usedSum() {
  const measurements = together();
  let measured = 0;
  let sum = NO_PAIR;
  let why: Reading<never> | null = null;
  return {
    add({ used }: NodeRow) {
      if (used.state === 'absent' || used.state === 'denied') why ??= used;
      else if (used.value.cpu === null || used.value.memory === null)
        why ??= absent('the metrics API does not say what the node uses');
      else {
        measurements.add(used);
        measured += 1;
        sum = addPairs(sum, { cpu: used.value.cpu, memory: used.value.memory });
      }
    },
    total: (): Pick<Headroom, 'used' | 'measured'> => ({
      measured,
      used: measured > 0 ? measurements.of(sum) : (why ?? absent('there is no node to measure')),
    }),
  };
}

/** The headroom of some nodes. A reading of the pods that is not known for one node is not known for their sum. */
export function headroomOf(rows: readonly NodeRow[]): Headroom {
  const [pods, podsOfOpen] = [together(), together()];
  const [allocatable, free, freeForWorkloads] = [toldSum(), toldSum(), toldSum()];
  const used = usedSum();
  const undersized: string[] = [];
  const tight: string[] = [];
  let [open, untold] = [0, 0];
  let requested = NOTHING;
  let limits = NO_AMOUNTS;
  let unlimited = NO_PAIR;
  let demand: Demand = NO_PAIR;
  for (const row of rows) {
    const { node } = row;
    allocatable.add(node.allocatable);
    if (!saysAll(node.allocatable)) untold += 1;
    // All that comes from pods is known as well as their count.
    pods.add(row.pods);
    if (row.open) {
      open += 1;
      podsOfOpen.add(row.pods);
    }
    const taken = takenOn(row);
    if (taken !== null) {
      const left = leftOf(node.allocatable, taken);
      free.add(left);
      if (row.open) freeForWorkloads.add(left);
      requested = { ...addAmounts(requested, taken), pods: requested.pods + taken.pods };
      limits = addAmounts(limits, valueOf(row.limits) ?? NO_AMOUNTS);
      unlimited = addPairs(unlimited, valueOf(row.unlimited) ?? NO_PAIR);
    }
    used.add(row);
    demand = addPairs(demand, row.demand);
    const met = valueOf(row.demandMet);
    if (met === 'no') undersized.push(node.name);
    else if (met === 'tight') tight.push(node.name);
  }
  return {
    nodes: rows.length,
    open,
    untold,
    allocatable: allocatable.total(),
    requested: pods.of(requested),
    limits: pods.of(limits),
    unlimited: pods.of(unlimited),
    free: joined(pods, free.total()),
    freeForWorkloads: joined(podsOfOpen, freeForWorkloads.total()),
    ...used.total(),
    demand,
    undersized,
    tight,
  };
}

/** A sum of what is left: as known as the pods are, and not at all where nobody says what there is. */
function joined(pods: Together, left: Reading<NodeAmounts>): Reading<NodeAmounts> {
  const value = valueOf(left);
  const reading = pods.of(value ?? NOTHING);
  return value === null && whyNot(reading) === null ? left : reading;
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

/** What is free on one node; how much ephemeral storage may not be told. */
export type Hole = {
  readonly node: string;
  readonly free: Omit<AmountsAndPods, 'ephemeralStorage'> & Pick<NodeAmounts, 'ephemeralStorage'>;
};

/** What is free on a node of which pods, and all that a pod asks for as a rule, are told. */
function freeOn(row: NodeRow): Hole['free'] | null {
  const taken = takenOn(row);
  if (taken === null) return null;
  const { cpu, memory, pods, ephemeralStorage } = leftOf(row.node.allocatable, taken);
  return cpu === null || memory === null || pods === null ? null : { cpu, memory, ephemeralStorage, pods };
}

/**
 * The open node that takes the largest single pod: with a free pod slot, and of its free CPU and memory, each as a share
 * of the largest that any node offers, the smaller one the largest; of equals the first by name. Null where pods are
 * not known, or nothing is left.
 */
export function largestHole(rows: readonly NodeRow[]): Hole | null {
  const largest = { cpu: 0, memory: 0 };
  for (const { node } of rows) {
    const { cpu, memory } = node.allocatable;
    if (cpu !== null && cpu > largest.cpu) largest.cpu = cpu;
    if (memory !== null && memory > largest.memory) largest.memory = memory;
  }
  let hole: Hole | null = null;
  let size = 0;
  for (const row of rows) {
    const free = row.open ? freeOn(row) : null;
    if (free === null) continue;
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

/** What the loss is made from besides the pods. */
const groundOf = ({ revision, resources }: ClusterState): readonly unknown[] => [
  revision.nodes,
  revision.persistentVolumes,
  revision.claims,
  revision.storageClasses,
  resources.pods.status,
  resources.persistentVolumes.status,
  resources.claims.status,
  resources.storageClasses.status,
];

function lossOfLargest(state: ClusterState, sites: (state: ClusterState) => Site): Loss | null {
  if (whyNot(seen(null, state.resources.pods, 'the pods are still being read')) !== null) return null;
  const site = sites(state);
  const node = largestNode(site);
  return node === null ? null : lossIn(site, node, state);
}

/** Gives the loss of the largest node: anew when its ground changed, and at the next step after pods alone did. */
function createLargestLoss(sites: (state: ClusterState) => Site): (state: ClusterState, step: number) => Loss | null {
  let last: { ground: readonly unknown[]; pods: number; step: number; loss: Loss | null } | null = null;
  return (state, step) => {
    const ground = groundOf(state);
    const { pods } = state.revision;
    const stands = last?.ground.every((each, index) => each === ground[index]) === true;
    if (last === null || !stands || (last.pods !== pods && last.step !== step))
      last = { ground, pods, step, loss: lossOfLargest(state, sites) };
    return last.loss;
  };
}

/**
 * Gives the picture of headroom from sites that are kept, and the same picture while nothing of it has changed. Pods
 * come and go all the time, so after them alone the loss is worked out anew only once `step`, a clock of coarse steps,
 * has moved.
 */
export function createHeadroom(
  sites: (state: ClusterState) => Site,
): (state: ClusterState, rows: readonly NodeRow[], step: number) => HeadroomPicture {
  const lossAt = createLargestLoss(sites);
  let last: { readonly rows: readonly NodeRow[]; readonly picture: HeadroomPicture } | null = null;
  return (state, rows, step) => {
    const loss = lossAt(state, step);
    const pending = state.pendingPods.size;
    const before = last?.rows === rows ? last.picture : null;
    if (before?.loss === loss && before.pending === pending) return before;
    const sums = before ?? { headroom: clusterHeadroom(rows), hole: largestHole(rows) };
    const picture = { headroom: sums.headroom, hole: sums.hole, loss, pending };
    last = { rows, picture };
    return picture;
  };
}
