import type { ClusterNode } from '../kubernetes/node.ts';
import type { Toleration } from '../kubernetes/pod.ts';
import { tolerates } from '../kubernetes/tolerations.ts';
import type { Place, Weight } from './site.ts';

// Points of a node out of 100 for each rule, and how much a rule counts (Kubernetes: default plugins).

const MOST_POINTS = 100;
const TAINTS_COUNT = 3;

/** More points for more that is left (Kubernetes: NodeResourcesFit, LeastAllocated). */
const leastAllocated = (taken: number, whole: number | null): number =>
  whole === null || taken > whole || whole <= 0 ? 0 : Math.floor(((whole - taken) * MOST_POINTS) / whole);

const shareOf = (taken: number, whole: number | null): number =>
  whole !== null && whole > 0 ? Math.min(1, taken / whole) : 1;

/** Points for the room that is left, and for CPU and memory being used alike (Kubernetes: BalancedAllocation). */
export function roomPoints(
  { node, taken, weighed }: Pick<Place, 'node' | 'taken' | 'weighed'>,
  requests: Weight,
  weight: Weight,
): number {
  const offers = node.allocatable;
  const left = Math.floor(
    (leastAllocated(weighed.cpu + weight.cpu, offers.cpu) +
      leastAllocated(weighed.memory + weight.memory, offers.memory)) /
      2,
  );
  const apart = Math.abs(
    shareOf(taken.cpu + requests.cpu, offers.cpu) - shareOf(taken.memory + requests.memory, offers.memory),
  );
  return left + Math.floor((1 - apart / 2) * MOST_POINTS);
}

/** How many taints a node has that pods with these tolerations had rather avoid (Kubernetes: PreferNoSchedule). */
export const avoidedOn = ({ taints }: ClusterNode, tolerations: readonly Toleration[]): number =>
  taints === null
    ? 0
    : taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerates(tolerations, taint)).length;

/** Points that a node loses for them, by the most that any node has on which the pod fits. */
export const taintPoints = (avoided: number, most: number): number =>
  TAINTS_COUNT * Math.floor((avoided * MOST_POINTS) / most);
