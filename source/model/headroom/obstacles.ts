import type { Amounts, NodeAmounts } from '../kubernetes/amounts.ts';
import { keepsPodsOut } from '../kubernetes/node-status.ts';
import { hasLabels, matchesTerms } from '../kubernetes/node-selector.ts';
import type { ClusterNode } from '../kubernetes/node.ts';
import type { HostPort, Placement } from '../kubernetes/placement.ts';
import type { Toleration } from '../kubernetes/pod.ts';
import { tolerates } from '../kubernetes/tolerations.ts';
import { claimsOf } from './claims.ts';
import type { AmountsAndPods, Candidate, Obstacle, Place, Site } from './site.ts';

/** What the node lifecycle controller sets on a cordoned node; who tolerates it is placed there all the same. */
const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' };

const NONE: readonly never[] = [];

/** Cordoning and taints that pods with these tolerations do not bear (Kubernetes: NodeUnschedulable, TaintToleration). */
export function taintObstacles(
  tolerations: readonly Toleration[],
  { cordoned, taints }: Pick<ClusterNode, 'cordoned' | 'taints'>,
): readonly Obstacle[] {
  const barred = cordoned && !tolerates(tolerations, UNSCHEDULABLE);
  if (!barred && (taints === null || taints.length === 0)) return NONE;
  const obstacles: Obstacle[] = barred ? [{ kind: 'cordoned' }] : [];
  for (const taint of taints ?? [])
    // Uncordoning takes this taint away too, so it is said once.
    if (keepsPodsOut(taint) && !tolerates(tolerations, taint) && !(barred && taint.key === UNSCHEDULABLE.key))
      obstacles.push({ kind: 'taint', taint });
  return obstacles;
}

/** What the node selector and the required node affinity miss (Kubernetes: NodeAffinity). */
export function placementObstacles({ selector, terms }: Placement, node: ClusterNode): readonly Obstacle[] {
  const selected = hasLabels(node.labels, selector);
  const matched = terms === null || matchesTerms(terms, node);
  if (selected && matched) return NONE;
  const obstacles: Obstacle[] = Object.entries(selector)
    .filter(([key, value]) => !hasLabels(node.labels, { [key]: value }))
    .map(([key, value]) => ({ kind: 'label', key, value }));
  if (!matched) obstacles.push({ kind: 'affinity' });
  return obstacles;
}

const EVERY_ADDRESS = '0.0.0.0';
const isEvery = ({ address }: HostPort): boolean => address === '' || address === EVERY_ADDRESS;

/** A port on every address is in the way of the same port on any (Kubernetes: NodePorts). */
const conflicts = (one: HostPort, other: HostPort): boolean =>
  one.port === other.port &&
  one.protocol === other.protocol &&
  (isEvery(one) || isEvery(other) || one.address === other.address);

/** The ports that are wanted and taken already. */
export const portObstacles = (wanted: readonly HostPort[], taken: readonly HostPort[]): readonly Obstacle[] =>
  wanted.length === 0
    ? NONE
    : wanted.filter((port) => taken.some((other) => conflicts(port, other))).map((port) => ({ kind: 'port', port }));

const COUNTED = ['pods', 'cpu', 'memory', 'ephemeralStorage'] as const satisfies readonly (keyof AmountsAndPods)[];

/** What is missing where so much is asked: 0 or less where it suffices, null where the node does not say what it offers. */
const missing = (asked: number, whole: number | null, taken: number): number | null =>
  asked === 0 ? 0 : whole === null ? null : asked - (whole - taken);

const suffices = (by: number | null): boolean => by !== null && by <= 0;

/**
 * Whether a node has room for one pod (Kubernetes: NodeResourcesFit). Only what is asked for is compared: where more
 * memory is promised than there is, a pod that asks for CPU alone still gets in (not so in Kubernetes 1.20, which
 * compares all once anything is asked for).
 */
export const hasRoom = (requests: Amounts, offered: NodeAmounts, taken: AmountsAndPods): boolean =>
  suffices(missing(1, offered.pods, taken.pods)) &&
  suffices(missing(requests.cpu, offered.cpu, taken.cpu)) &&
  suffices(missing(requests.memory, offered.memory, taken.memory)) &&
  suffices(missing(requests.ephemeralStorage, offered.ephemeralStorage, taken.ephemeralStorage));

/** What of the room is too little where there is not enough. */
export function shortages(requests: Amounts, offered: NodeAmounts, taken: AmountsAndPods): readonly Obstacle[] {
  if (hasRoom(requests, offered, taken)) return NONE;
  const asked: AmountsAndPods = { ...requests, pods: 1 };
  return COUNTED.map((resource) => ({
    kind: 'short' as const,
    resource,
    by: missing(asked[resource], offered[resource], taken[resource]),
  })).filter(({ by }) => !suffices(by));
}

/** What of the node itself, whatever its pods hold, keeps a candidate off; gates keep it off every node. */
export function nodeObstacles(
  { tolerations, placement }: Pick<Candidate, 'tolerations' | 'placement'>,
  node: ClusterNode,
): readonly Obstacle[] {
  const { gates } = placement;
  const held: readonly Obstacle[] = gates.length === 0 ? NONE : [{ kind: 'gates', gates }];
  return joined(joined(held, taintObstacles(tolerations, node)), placementObstacles(placement, node));
}

/** What the pods on a node leave too little of: ports, and room. */
export const roomObstacles = (
  { requests, placement }: Pick<Candidate, 'requests' | 'placement'>,
  { node, taken, hostPorts }: Pick<Place, 'node' | 'taken' | 'hostPorts'>,
): readonly Obstacle[] =>
  joined(portObstacles(placement.hostPorts, hostPorts), shortages(requests, node.allocatable, taken));

/** Most lists are empty, and then none is made. */
const joined = (some: readonly Obstacle[], others: readonly Obstacle[]): readonly Obstacle[] =>
  others.length === 0 ? some : some.length === 0 ? others : [...some, ...others];

/**
 * All that keeps a candidate off a place, by the filters of the scheduler that need no look at other nodes' pods; none
 * means that it fits. Whether the node is Ready is no filter of its own: the taints of its conditions are. For many
 * places ask for the function once: its claims are then looked up once.
 */
export function obstaclesOf(candidate: Candidate, storage: Site['storage']): (place: Place) => readonly Obstacle[] {
  const claims = claimsOf(candidate, storage);
  return (place) => {
    const onClaims = claims(place.node);
    const onNode = joined(nodeObstacles(candidate, place.node), roomObstacles(candidate, place));
    return 'length' in onClaims ? joined(onNode, onClaims) : onNode;
  };
}

/** The same for one place. */
export const obstaclesOn = (candidate: Candidate, place: Place, storage: Site['storage']): readonly Obstacle[] =>
  obstaclesOf(candidate, storage)(place);
