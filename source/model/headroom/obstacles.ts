import type { NodeAmounts } from '../kubernetes/amounts.ts';
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

/**
 * What of the room a node has is too little (Kubernetes: NodeResourcesFit). Only what is asked for is compared: where
 * more memory is promised than there is, a pod that asks for CPU alone still gets in (not so in Kubernetes 1.20, which
 * compares all once anything is asked for).
 */
export function shortages(
  asked: AmountsAndPods,
  offered: NodeAmounts,
  taken: AmountsAndPods,
): readonly Extract<Obstacle, { kind: 'short' }>[] {
  const found: Extract<Obstacle, { kind: 'short' }>[] = [];
  for (const resource of COUNTED) {
    if (asked[resource] === 0) continue;
    const whole = offered[resource];
    const by = whole === null ? null : asked[resource] - (whole - taken[resource]);
    if (by === null || by > 0) found.push({ kind: 'short', resource, by });
  }
  return found;
}

/**
 * All that keeps a candidate off a node, by the filters of the scheduler that need no look at other nodes' pods; none
 * means that it fits. Whether the node is Ready is no filter of its own: the taints of its conditions are.
 */
export function obstaclesOn(candidate: Candidate, place: Place, storage: Site['storage']): readonly Obstacle[] {
  const { node, taken, hostPorts } = place;
  const { requests, tolerations, placement, claims } = candidate;
  const onClaims = claims.length === 0 ? NONE : claimsOf(candidate, storage)(node);
  return [
    ...taintObstacles(tolerations, node),
    ...placementObstacles(placement, node),
    ...portObstacles(placement.hostPorts, hostPorts),
    ...shortages({ ...requests, pods: 1 }, node.allocatable, taken),
    ...('length' in onClaims ? onClaims : NONE),
  ];
}
