import type { Container, Node, Pod, PodSpec } from '../../wire.ts';
import { millicores, NONE, units } from '../quantity.ts';

/** What is asked of a node or offered by it: millicores, bytes, places of pods; and whatever else there is, by name. */
export type Demand = {
  cpu: number;
  memory: number;
  ephemeralStorage: number;
  pods: number;
  others: Readonly<Record<string, number>>;
};

/** What a pod asks for; `usual` counts something for each container that asks for nothing, to spread such pods too. */
export type PodDemand = Demand & { usual: { cpu: number; memory: number } };

const NO_OTHERS: Demand['others'] = {};
export const NOTHING: Readonly<PodDemand> = {
  cpu: 0,
  memory: 0,
  ephemeralStorage: 0,
  pods: 0,
  others: NO_OTHERS,
  usual: { cpu: 0, memory: 0 },
};

type Measure = 'cpu' | 'memory' | 'ephemeral-storage';
const MEASURES: ReadonlySet<string> = new Set<Measure>(['cpu', 'memory', 'ephemeral-storage']);

/** What the scheduler takes a container for that asks for no CPU, or no memory (Kubernetes: non-zero requests). */
const USUAL: Readonly<Record<string, number>> = { cpu: 100, memory: 200 * 2 ** 20 };

const parse = (resource: string, text: string): number => (resource === 'cpu' ? millicores(text) : units(text));

/** What a container asks for, or what it is taken for when it says nothing. */
function asked(container: Container, resource: string, otherwise: number): number {
  const text = container.resources.requests?.[resource];
  return text === undefined ? otherwise : parse(resource, text);
}

/**
 * What a pod needs of a resource (Kubernetes: PodRequests). Containers and sidecars run at the same time; an init
 * container runs beside the sidecars that were started before it; the larger of both counts. The overhead comes on top.
 */
function needed({ initContainers = [], containers, overhead }: PodSpec, resource: string, otherwise = 0): number {
  let running = containers.reduce((sum, each) => sum + asked(each, resource, otherwise), 0);
  let sidecars = 0;
  let starting = 0;
  for (const container of initContainers) {
    const own = asked(container, resource, otherwise);
    if (container.restartPolicy === 'Always') {
      running += own;
      sidecars += own;
      starting = Math.max(starting, sidecars);
    } else starting = Math.max(starting, sidecars + own);
  }
  return Math.max(running, starting) + parse(resource, overhead?.[resource] ?? NONE);
}

/** Resources beyond the three that every node has, as devices are. */
function othersOf(spec: PodSpec): Demand['others'] {
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const names = new Set(all.flatMap(({ resources }) => Object.keys(resources.requests ?? {})));
  const others = [...names].filter((name) => !MEASURES.has(name));
  return others.length === 0 ? NO_OTHERS : Object.fromEntries(others.map((name) => [name, needed(spec, name)]));
}

const demands = new WeakMap<PodSpec['containers'], PodDemand>();

/** What a pod asks of its node. Pods of one template share their containers, and the answer. */
export function demandOf({ spec }: Pod): PodDemand {
  const known = demands.get(spec.containers);
  if (known) return known;
  const demand = {
    cpu: needed(spec, 'cpu'),
    memory: needed(spec, 'memory'),
    ephemeralStorage: needed(spec, 'ephemeral-storage'),
    pods: 1,
    others: othersOf(spec),
    usual: { cpu: needed(spec, 'cpu', USUAL['cpu']), memory: needed(spec, 'memory', USUAL['memory']) },
  };
  demands.set(spec.containers, demand);
  return demand;
}

const capacities = new WeakMap<NonNullable<Node['status']['allocatable']>, Demand>();

/** What a node offers; one that says nothing offers nothing. */
export function allocatableOf({ status: { allocatable } }: Node): Demand {
  if (!allocatable) return NOTHING;
  const known = capacities.get(allocatable);
  if (known) return known;
  const of = (name: string): number => parse(name, allocatable[name] ?? NONE);
  const others = Object.keys(allocatable).filter((name) => !MEASURES.has(name) && name !== 'pods');
  const capacity = {
    cpu: of('cpu'),
    memory: of('memory'),
    ephemeralStorage: of('ephemeral-storage'),
    pods: of('pods'),
    others: Object.fromEntries(others.map((name) => [name, of(name)])),
  };
  capacities.set(allocatable, capacity);
  return capacity;
}

/** A sum to which demands are added. */
export const nothing = (): PodDemand => ({ ...NOTHING, usual: { ...NOTHING.usual } });

/** Adds a demand to a sum, in place, or takes it away. */
export function add(sum: PodDemand, demand: PodDemand, sign: 1 | -1): void {
  sum.cpu += sign * demand.cpu;
  sum.memory += sign * demand.memory;
  sum.ephemeralStorage += sign * demand.ephemeralStorage;
  sum.pods += sign * demand.pods;
  sum.usual.cpu += sign * demand.usual.cpu;
  sum.usual.memory += sign * demand.usual.memory;
  for (const name in demand.others) {
    const { [name]: asked = 0 } = demand.others;
    const { [name]: present = 0 } = sum.others;
    sum.others = { ...sum.others, [name]: present + sign * asked };
  }
}
