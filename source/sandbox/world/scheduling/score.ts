import type { Node, Pod } from '../../wire.ts';
import { allocatableOf, demandOf, type Demand, type PodDemand } from './demand.ts';
import { unwelcome } from './taints.ts';

/** Weight of the taints by which a node would rather not take a pod, against 1 for each of the others. */
const TAINT_WEIGHT = 3;

const share = (taken: number, whole: number): number => (whole > 0 ? Math.min(1, taken / whole) : 1);

/** How free a node is with a pod on it, CPU and memory alike (Kubernetes: LeastAllocated). */
const leastAllocated = ({ usual }: PodDemand, used: PodDemand, { cpu, memory }: Demand): number =>
  100 - 50 * (share(used.usual.cpu + usual.cpu, cpu) + share(used.usual.memory + usual.memory, memory));

/** How even CPU and memory are taken with a pod on the node (Kubernetes: BalancedAllocation). */
const balanced = (wanted: PodDemand, used: PodDemand, { cpu, memory }: Demand): number =>
  100 - 50 * Math.abs(share(used.cpu + wanted.cpu, cpu) - share(used.memory + wanted.memory, memory));

/** The highest score of some nodes that can take a pod; the first among equals, null of none. */
export function best(pod: Pod, nodes: readonly Node[], usedOn: (node: Node) => PodDemand): Node | null {
  const wanted = demandOf(pod);
  let most = 0;
  for (const node of nodes) most = Math.max(most, unwelcome(pod.spec, node));
  let highest: Node | null = null;
  let record = -Infinity;
  for (const node of nodes) {
    const [used, allocatable] = [usedOn(node), allocatableOf(node)];
    const penalty = most === 0 ? 0 : (TAINT_WEIGHT * 100 * unwelcome(pod.spec, node)) / most;
    const score = leastAllocated(wanted, used, allocatable) + balanced(wanted, used, allocatable) - penalty;
    if (score <= record) continue;
    highest = node;
    record = score;
  }
  return highest;
}
