import { isOpen, isReady } from '../kubernetes/node-status.ts';
import type { Unmodelled } from '../kubernetes/placement.ts';
import { isFinished, type PodRow } from '../kubernetes/pod.ts';
import { whyNot } from '../reading.ts';
import { reaches, volumesOf } from './claims.ts';
import { createPlacing } from './placing.ts';
import type { AmountsAndPods, Site } from './site.ts';
import { dominantShare, NOTHING, plus, toldInFull } from './sums.ts';

/**
 * What becomes of the pods of a node that is lost; each of those that are active stands in one place. An estimate: no
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
  /** Nothing would stay pending. What is bound, unowned or untold is told apart. */
  readonly fits: boolean;
  /** Free for workloads after the moves, over the open nodes that are left and say what they offer. */
  readonly left: AmountsAndPods;
  /** What was not looked at and may keep some of the moved and pending pods off. */
  readonly unmodelled: readonly Unmodelled[];
};

type Fate = 'vanishing' | 'bound' | 'unowned' | 'untold' | 'placed';

const nameOf = ({ namespace, name }: PodRow): string => `${namespace}/${name}`;

/** What all nodes that tell in full offer together. */
const offered = ({ places }: Site): AmountsAndPods =>
  places.reduce((sum, { node }) => {
    const amounts = toldInFull(node.allocatable);
    return amounts === null ? sum : plus(sum, amounts);
  }, NOTHING);

/**
 * What happens to `pods` of `node` when it is lost. The pods that move are placed on the other nodes as the scheduler
 * would: the highest priority first, then the largest by its share of the cluster's CPU or memory, then by name.
 */
export function lossOf(site: Site, node: string, pods: Iterable<PodRow>): Loss {
  const rest: Site = { ...site, places: site.places.filter((place) => place.node.name !== node) };
  const storageTold = whyNot(site.storage) === null;
  const fateOf = (pod: PodRow): Fate => {
    if (pod.mirror || pod.owner?.kind === 'DaemonSet') return 'vanishing';
    const held = volumesOf(pod, site.storage).some(
      (volume) => !rest.places.some((place) => reaches(place.node, volume)),
    );
    if (held) return 'bound';
    if (pod.owner === null) return 'unowned';
    return pod.claims.length > 0 && !storageTold ? 'untold' : 'placed';
  };
  const by = Map.groupBy(
    [...pods].filter((pod) => !isFinished(pod) && !pod.deleting),
    fateOf,
  );
  const whole = offered(site);
  const size = new Map((by.get('placed') ?? []).map((pod) => [pod, dominantShare(pod.requests, whole)]));
  const inTurn = [...size].sort(
    ([one, oneSize], [other, otherSize]) =>
      other.priority - one.priority || otherSize - oneSize || (nameOf(one) < nameOf(other) ? -1 : 1),
  );
  const placing = createPlacing(rest);
  const moved: { pod: PodRow; to: string }[] = [];
  const pending: PodRow[] = [];
  const unmodelled = new Set<Unmodelled>();
  for (const [pod] of inTurn) {
    const to = placing.place(pod);
    if (to === null) pending.push(pod);
    else moved.push({ pod, to });
    for (const rule of pod.placement.unmodelled) unmodelled.add(rule);
  }
  return {
    node,
    vanishing: by.get('vanishing')?.length ?? NOTHING.pods,
    moved,
    pending,
    bound: by.get('bound') ?? [],
    unowned: by.get('unowned') ?? [],
    untold: by.get('untold') ?? [],
    fits: pending.length === 0,
    left: rest.places.reduce((sum, place) => {
      const free = isOpen(place.node) ? placing.free(place.node.name) : null;
      const amounts = free && toldInFull(free);
      return amounts === null ? sum : plus(sum, amounts);
    }, NOTHING),
    unmodelled: [...unmodelled],
  };
}

/**
 * The node whose loss would take most: of the Ready ones that say what they offer the largest by the larger of its
 * shares of the cluster's CPU and memory, of equals the one of which most is taken, then the first by name. Null where
 * there is none.
 */
export function largestNode(site: Site): string | null {
  const whole = offered(site);
  const ranked = site.places
    .filter(({ node }) => isReady(node) && toldInFull(node.allocatable) !== null)
    .map(({ node, taken }) => ({
      name: node.name,
      size: dominantShare(node.allocatable, whole),
      held: dominantShare(taken, whole),
    }))
    .sort((one, other) => other.size - one.size || other.held - one.held || (one.name < other.name ? -1 : 1));
  return ranked[0]?.name ?? null;
}
