import type { Node, Pod, PodSpec, Taint, Toleration } from '../wire.ts';
import { amount, NONE } from './quantity.ts';

/** What pods ask of a node: cores, bytes, and a place among its pods. */
export type Demand = { cpu: number; memory: number; pods: number };

export const NOTHING: Readonly<Demand> = { cpu: 0, memory: 0, pods: 0 };

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

/** Why a node has no room for what a pod asks, or null when it has. */
function shortage(wanted: Demand, used: Demand, allocatable: Demand): string | null {
  if (used.pods + wanted.pods > allocatable.pods) return 'Too many pods';
  if (used.cpu + wanted.cpu > allocatable.cpu) return 'Insufficient cpu';
  return used.memory + wanted.memory > allocatable.memory ? 'Insufficient memory' : null;
}

/** Why a node does not take a pod, in the words of the scheduler, or null when it does. */
export function obstacle(pod: Pod, node: Node, used: Demand): string | null {
  if (!matchesSelector(pod.spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  const taint = untolerated(pod.spec, node);
  if (taint?.key === 'node.kubernetes.io/unschedulable') return 'node(s) were unschedulable';
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (node.spec.unschedulable) return 'node(s) were unschedulable';
  return shortage(demandOf(pod), used, allocatableOf(node));
}

/** How free a node would be with the pod on it: the sum of the free shares of CPU, memory and places. */
function freeness(wanted: Demand, used: Demand, allocatable: Demand): number {
  const cpu = (used.cpu + wanted.cpu) / allocatable.cpu;
  const memory = (used.memory + wanted.memory) / allocatable.memory;
  return 3 - cpu - memory - (used.pods + wanted.pods) / allocatable.pods;
}

/** The freest of some nodes that are known to take such a pod as long as they have room; null when none has. */
export function freest(pod: Pod, nodes: readonly Node[], usedOn: (node: Node) => Demand): Node | null {
  const wanted = demandOf(pod);
  let best: Node | null = null;
  let highest = -Infinity;
  for (const node of nodes) {
    const used = usedOn(node);
    const allocatable = allocatableOf(node);
    if (shortage(wanted, used, allocatable) !== null) continue;
    const free = freeness(wanted, used, allocatable);
    if (free <= highest) continue;
    best = node;
    highest = free;
  }
  return best;
}

export type Choice = { node: Node } | { why: string };

/** The freest node that takes the pod, or the scheduler's sentence on why none does. */
export function choose(pod: Pod, nodes: Iterable<Node>, usedOn: (node: Node) => Demand): Choice {
  const obstacles = new Map<string, number>();
  const open: Node[] = [];
  let total = 0;
  for (const node of nodes) {
    total += 1;
    const why = obstacle(pod, node, usedOn(node));
    const counted = why === null ? undefined : obstacles.get(why);
    if (why === null) open.push(node);
    else obstacles.set(why, counted === undefined ? 1 : counted + 1);
  }
  const node = freest(pod, open, usedOn);
  if (node) return { node };
  if (total === 0) return { why: 'no nodes available to schedule pods' };
  const reasons = [...obstacles].map(([why, count]) => `${count} ${why}`).sort();
  return { why: `0/${total} nodes are available: ${reasons.join(', ')}.` };
}
