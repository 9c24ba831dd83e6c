import type { Amounts } from './amounts.ts';
import { milliValue, parseQuantity, wholeValue, type Quantity } from './quantity.ts';

/** A resource list as the API writes it: quantities by resource name. */
export type WireResources = Readonly<Record<string, string>>;

type WireRequirements = { readonly requests?: WireResources; readonly limits?: WireResources };

type WireContainer = {
  readonly resources?: WireRequirements;
  /** `Always` on an init container makes it a sidecar. */
  readonly restartPolicy?: string;
};

/** The parts of a Pod's spec that decide what it requests, in the shape of the API. */
export type PodResourcesSpec = {
  readonly containers?: readonly WireContainer[];
  readonly initContainers?: readonly WireContainer[];
  readonly overhead?: WireResources;
  /** Pod-level resources. */
  readonly resources?: WireRequirements;
};

type Kind = keyof WireRequirements;

/** The resources counted: name in the API, whether pod-level resources may set it, and the unit it is rounded up to. */
const COUNTED = {
  cpu: { wire: 'cpu', podLevel: true, inUnits: milliValue },
  memory: { wire: 'memory', podLevel: true, inUnits: wholeValue },
  ephemeralStorage: { wire: 'ephemeral-storage', podLevel: false, inUnits: wholeValue },
} as const satisfies Record<keyof Amounts, unknown>;
type Counted = (typeof COUNTED)[keyof Amounts];

/** Clusters use few distinct quantities, so each spelling is parsed once. Emptied when full: only speed depends on it. */
const parsed = new Map<string, Quantity>();
const MOST_PARSED = 20_000;

/** What a resource list names for `wire`, exactly; null when it names nothing that can be read. */
function amountOf(resources: WireResources | undefined, wire: Counted['wire']): Quantity | null {
  const text = resources?.[wire];
  if (text === undefined) return null;
  const before = parsed.get(text);
  if (before !== undefined) return before;
  const quantity = parseQuantity(text);
  if (quantity === null) return null;
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(text, quantity);
  return quantity;
}

const plus = (sum: Quantity, amount: Quantity | null): Quantity => (amount === null ? sum : sum + amount);

/** What all containers of a pod add up to: sidecars run beside everything that starts after them. */
function ofContainers(spec: PodResourcesSpec, kind: Kind, wire: Counted['wire']): Quantity {
  let running = 0n;
  for (const container of spec.containers ?? []) running = plus(running, amountOf(container.resources?.[kind], wire));
  if (spec.initContainers === undefined) return running;
  let sidecars = 0n;
  let starting = 0n;
  for (const container of spec.initContainers) {
    const peak = plus(sidecars, amountOf(container.resources?.[kind], wire));
    if (container.restartPolicy === 'Always') sidecars = peak;
    if (peak > starting) starting = peak;
  }
  running += sidecars;
  return starting > running ? starting : running;
}

/** The whole pod: pod-level resources stand for the sum of the containers, overhead comes on top. */
function ofPod(spec: PodResourcesSpec, kind: Kind, { wire, podLevel, inUnits }: Counted): number {
  const own = podLevel ? amountOf(spec.resources?.[kind], wire) : null;
  const sum = own ?? ofContainers(spec, kind, wire);
  const overhead = kind === 'limits' && sum === 0n ? null : amountOf(spec.overhead, wire);
  return inUnits(plus(sum, overhead));
}

const ofKind = (spec: PodResourcesSpec, kind: Kind): Amounts => ({
  cpu: ofPod(spec, kind, COUNTED.cpu),
  memory: ofPod(spec, kind, COUNTED.memory),
  ephemeralStorage: ofPod(spec, kind, COUNTED.ephemeralStorage),
});

/**
 * Effective requests and limits of a pod as the scheduler counts them (Kubernetes: component-helpers PodRequests and
 * PodLimits): containers and sidecars summed, at least what each init container needs while the sidecars before it
 * run; CPU and memory of the pod level instead of that sum; overhead on top of requests and of limits that are set.
 * The exact total is rounded up to a millicore or a byte. What is not set requests nothing and limits nothing: 0; a
 * quantity that is none, which no API server sends, counts as not set.
 * Requests that follow from limits alone were filled in by the API server already.
 */
export const podAmounts = (spec: PodResourcesSpec): { requests: Amounts; limits: Amounts } => ({
  requests: ofKind(spec, 'requests'),
  limits: ofKind(spec, 'limits'),
});
