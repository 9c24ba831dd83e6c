import type { Node, Pod, PodSpec, Taint, Toleration } from '../wire.ts';
import { amount, NONE } from './quantity.ts';

/** What pods ask of a node: cores, bytes, and a place among its pods. */
export type Demand = { cpu: number; memory: number; pods: number };

export const NOTHING: Demand = { cpu: 0, memory: 0, pods: 0 };

export const plus = (a: Demand, b: Demand, sign: 1 | -1 = 1): Demand => ({
  cpu: a.cpu + sign * b.cpu,
  memory: a.memory + sign * b.memory,
  pods: a.pods + sign * b.pods,
});

const requested = (containers: PodSpec['containers'], resource: 'cpu' | 'memory'): number[] =>
  containers.map(({ resources }) => amount(resources.requests?.[resource] ?? NONE));

const demands = new WeakMap<PodSpec['containers'], Demand>();

/** What a pod asks for: all of its containers together, or the largest of its init containers when that is more. */
export function demandOf({ spec: { containers, initContainers = [] } }: Pod): Demand {
  const known = demands.get(containers);
  if (known) return known;
  const needs = (resource: 'cpu' | 'memory'): number =>
    Math.max(
      requested(containers, resource).reduce((sum, each) => sum + each, 0),
      ...requested(initContainers, resource),
    );
  const demand = { cpu: needs('cpu'), memory: needs('memory'), pods: 1 };
  demands.set(containers, demand);
  return demand;
}

const capacities = new WeakMap<NonNullable<Node['status']['allocatable']>, Demand>();

export function allocatableOf({ status: { allocatable } }: Node): Demand {
  if (!allocatable) return NOTHING;
  const known = capacities.get(allocatable);
  if (known) return known;
  const of = (resource: keyof Demand): number => amount(allocatable[resource] ?? NONE);
  const capacity = { cpu: of('cpu'), memory: of('memory'), pods: of('pods') };
  capacities.set(allocatable, capacity);
  return capacity;
}

/** Whether a toleration covers a taint (Kubernetes: ToleratesTaint). */
export const covers = ({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean =>
  (effect === undefined || effect === taint.effect) &&
  (key === undefined ? operator === 'Exists' : key === taint.key) &&
  (operator === 'Exists' || value === (taint.value ?? ''));

const KEEPS_OUT: readonly Taint['effect'][] = ['NoSchedule', 'NoExecute'];

/** The first taint that keeps a pod off a node. */
export const untolerated = ({ tolerations = [] }: PodSpec, { spec: { taints = [] } }: Node): Taint | undefined =>
  taints.find((taint) => KEEPS_OUT.includes(taint.effect) && !tolerations.some((each) => covers(each, taint)));

export const matchesSelector = ({ nodeSelector = {} }: PodSpec, { metadata: { labels = {} } }: Node): boolean =>
  Object.entries(nodeSelector).every(([key, value]) => labels[key] === value);

/** Why a node does not take a pod, in the words of the scheduler, or null when it does. */
export function obstacle(pod: Pod, node: Node, used: Demand): string | null {
  if (!matchesSelector(pod.spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  const taint = untolerated(pod.spec, node);
  if (taint?.key === 'node.kubernetes.io/unschedulable') return 'node(s) were unschedulable';
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (node.spec.unschedulable) return 'node(s) were unschedulable';
  const allocatable = allocatableOf(node);
  const wanted = plus(used, demandOf(pod));
  if (wanted.pods > allocatable.pods) return 'Too many pods';
  if (wanted.cpu > allocatable.cpu) return 'Insufficient cpu';
  return wanted.memory > allocatable.memory ? 'Insufficient memory' : null;
}

/** How free a node would be with the pod on it: the mean of the free shares of CPU, memory and places. */
export function freeness(pod: Pod, node: Node, used: Demand): number {
  const allocatable = allocatableOf(node);
  const wanted = plus(used, demandOf(pod));
  const shares = (['cpu', 'memory', 'pods'] as const).map((resource) => wanted[resource] / allocatable[resource]);
  return 1 - shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

export type Choice = { node: Node } | { why: string };

/** The freest node that takes the pod, or the scheduler's sentence on why none does. */
export function choose(pod: Pod, nodes: Iterable<Node>, usedOn: (node: Node) => Demand): Choice {
  const obstacles = new Map<string, number>();
  let best: { node: Node; score: number } | null = null;
  let total = 0;
  for (const node of nodes) {
    total += 1;
    const used = usedOn(node);
    const why = obstacle(pod, node, used);
    if (why === null) {
      const score = freeness(pod, node, used);
      if (!best || score > best.score) best = { node, score };
    } else {
      const counted = obstacles.get(why);
      obstacles.set(why, counted === undefined ? 1 : counted + 1);
    }
  }
  if (best) return best;
  if (total === 0) return { why: 'no nodes available to schedule pods' };
  const reasons = [...obstacles].map(([why, count]) => `${count} ${why}`).sort();
  return { why: `0/${total} nodes are available: ${reasons.join(', ')}.` };
}
