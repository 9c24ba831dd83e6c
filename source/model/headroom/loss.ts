import type { NodeAmounts } from '../kubernetes/amounts.ts';
import { isOpen, isReady } from '../kubernetes/node-status.ts';
import type { Unmodelled } from '../kubernetes/placement.ts';
import { isFinished, type PodRow } from '../kubernetes/pod.ts';
import { mapReading, valueOf, whyNot, type Reading } from '../reading.ts';
import { volumesOf } from './claims.ts';
import { createPlacing } from './placing.ts';
import { reachedFrom } from './reach.ts';
import { finished, type Steps } from './steps.ts';
import type { AmountsAndPods, Site } from './site.ts';
import { dominantShare, NOTHING, toldSum } from './sums.ts';

/**
 * What becomes of the pods of a node that is lost; each of those that have not ended stands in one place. An estimate: no
 * pod elsewhere is evicted to make room, and pods that are pending already are left out.
 */
export type Loss = {
  readonly node: string;
  /** Pods that go with the machine: those of DaemonSets, and static pods. */
  readonly vanishing: number;
  /** Pods that find a place, in the order in which they are placed. */
  readonly moved: readonly { readonly pod: PodRow; readonly to: string }[];
  /** Pods that would stay Pending. */
  readonly pending: readonly PodRow[];
  /** Pods held by a volume that no other node reaches. */
  readonly bound: readonly PodRow[];
  /** Pods that no controller makes again. */
  readonly unowned: readonly PodRow[];
  /** Pods with claims of which nobody can say where they may go, since claims and volumes cannot be read. */
  readonly untold: readonly PodRow[];
  /** Pods that are being deleted already: of a node that is lost they wait until it says that they have ended. */
  readonly leaving: readonly PodRow[];
  /** Nothing would stay pending. What is bound, unowned or untold is told apart. */
  readonly fits: boolean;
  /** Open nodes that are left. */
  readonly open: number;
  /** Free for workloads after the moves, over these. */
  readonly left: Reading<NodeAmounts>;
  /** What was not looked at and may keep some of the moved and pending pods off. */
  readonly unmodelled: readonly Unmodelled[];
};

type Fate = 'leaving' | 'vanishing' | 'bound' | 'unowned' | 'untold' | 'placed';

const nameOf = ({ namespace, name }: PodRow): string => `${namespace}/${name}`;

/** What all nodes offer together. */
const offered = ({ places }: Site): NodeAmounts =>
  valueOf(toldSum(places.map(({ node }) => node.allocatable))) ?? NOTHING;

/**
 * A storage in which claims that go with their pod are as they come again with the next one: unbound, of the same size
 * and class, and of a name for which nothing is set aside.
 */
function renewed(storage: Site['storage'], pods: readonly PodRow[]): Site['storage'] {
  const keys = pods.flatMap(({ namespace, ephemeralClaims }) => ephemeralClaims.map((name) => `${namespace}/${name}`));
  if (keys.length === 0) return storage;
  return mapReading(storage, (told) => {
    const claims = new Map(told.claims);
    for (const key of keys) {
      const claim = claims.get(key);
      if (claim !== undefined)
        claims.set(key, { ...claim, uid: '', name: '', phase: 'Pending', volume: null, deleting: false });
    }
    return { ...told, claims };
  });
}

/**
 * What happens to `pods` of `node` when it is lost. The pods that move are placed on the other nodes as the scheduler
 * would: the highest priority first, then the largest by its share of the cluster's CPU or memory, then by name.
 */
export const lossOf = (site: Site, node: string, pods: Iterable<PodRow>): Loss => finished(lossSteps(site, node, pods));

/** The same bit by bit: a pod, or a look at all nodes, in a step. */
export function* lossSteps(site: Site, node: string, pods: Iterable<PodRow>): Steps<Loss> {
  const rest = site.places.filter((place) => place.node.name !== node);
  const reached = reachedFrom(rest.map((place) => place.node));
  const storageTold = whyNot(site.storage) === null;
  const fateOf = (pod: PodRow): Fate => {
    if (pod.mirror || pod.owner?.kind === 'DaemonSet') return 'vanishing';
    if (pod.deleting) return 'leaving';
    const lasting = pod.claims.filter((claim) => !pod.ephemeralClaims.includes(claim));
    if (!volumesOf({ ...pod, claims: lasting }, site.storage).every(reached)) return 'bound';
    if (pod.owner === null) return 'unowned';
    return pod.claims.length > 0 && !storageTold ? 'untold' : 'placed';
  };
  const by = Map.groupBy(
    [...pods].filter((pod) => !isFinished(pod)),
    fateOf,
  );
  yield;
  const placed = by.get('placed') ?? [];
  const whole = offered(site);
  const inTurn = placed
    .map((pod) => ({ pod, size: dominantShare(pod.requests, whole), name: nameOf(pod) }))
    .sort(
      (one, other) =>
        other.pod.priority - one.pod.priority || other.size - one.size || (one.name < other.name ? -1 : 1),
    );
  yield;
  const placing = createPlacing({ places: rest, storage: renewed(site.storage, placed) });
  const moved: { pod: PodRow; to: string }[] = [];
  const pending: PodRow[] = [];
  const unmodelled = new Set<Unmodelled>();
  for (const { pod } of inTurn) {
    const to = placing.place(pod);
    if (to === null) pending.push(pod);
    else moved.push({ pod, to });
    for (const rule of pod.placement.unmodelled) unmodelled.add(rule);
    yield;
  }
  const open = rest.filter((place) => isOpen(place.node));
  return {
    node,
    vanishing: by.get('vanishing')?.length ?? NOTHING.pods,
    moved,
    pending,
    bound: by.get('bound') ?? [],
    unowned: by.get('unowned') ?? [],
    untold: by.get('untold') ?? [],
    leaving: by.get('leaving') ?? [],
    fits: pending.length === 0,
    open: open.length,
    left: toldSum(open.flatMap((place) => placing.free(place.node.name) ?? [])),
    unmodelled: [...unmodelled],
  };
}

/** What is taken of equal nodes counts in steps, so that a pod more or less does not make another one the largest. */
const HELD_STEPS = 20;

/**
 * The node whose loss matters most: of the open ones, or of the Ready ones where none is open, that say what CPU and
 * memory they offer, the largest by the larger of its shares of the cluster's; of equals the one of which most is taken,
 * then the first by name. Null where there is none.
 */
export function largestNode(site: Site): string | null {
  const whole = offered(site);
  let largest: Sized | null = null;
  for (const { node, taken } of site.places) {
    const { allocatable } = node;
    if (allocatable.cpu === null || allocatable.memory === null || !isReady(node)) continue;
    const size = dominantShare(allocatable, whole);
    const open = isOpen(node);
    // Most nodes are smaller than one that was seen already.
    if (largest !== null && largest.open === open && size < largest.size) continue;
    const sized: Sized = { name: node.name, open, size, held: heldShare(taken, allocatable) };
    if (largest === null || isBefore(sized, largest)) largest = sized;
  }
  return largest?.name ?? null;
}

type Sized = { readonly name: string; readonly open: boolean; readonly size: number; readonly held: number };

const heldShare = (taken: AmountsAndPods, allocatable: NodeAmounts): number =>
  Math.round(dominantShare(taken, allocatable) * HELD_STEPS);

function isBefore(one: Sized, other: Sized): boolean {
  if (one.open !== other.open) return one.open;
  if (one.size !== other.size) return one.size > other.size;
  return one.held === other.held ? one.name < other.name : one.held > other.held;
}
