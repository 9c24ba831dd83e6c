import { timestamp, type SandboxClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type {
  KubernetesEvent,
  KubernetesObject,
  Lease,
  Node,
  ObjectReference,
  Pod,
  PodDisruptionBudget,
} from '../wire.ts';
import type { Volume } from '../wire-storage.ts';
import type { Storage } from './scheduling/volumes.ts';
import type { PodIndex } from './pod-index.ts';
import { keyOf, type Collection } from './store.ts';

/** What every part of a living world works with. */
export type Site = {
  clock: SandboxClock;
  random: Random;
  nodes: Collection<Node>;
  pods: Collection<Pod>;
  leases: Collection<Lease>;
  events: Collection<KubernetesEvent>;
  storage: Storage;
  /** The volumes of MetalK8s, from which those of Kubernetes are made. */
  devices: Collection<Volume>;
  budgets: Collection<PodDisruptionBudget>;
  collection(name: string): Collection;
  index: PodIndex;
  /** Does something later, unless the world has stopped by then. */
  after(milliseconds: number, callback: () => void): () => void;
};

/** Events are kept for an hour (`--event-ttl` of the API server). */
const EVENT_LIFETIME = 3_600_000;

export type Happening = {
  type?: 'Normal' | 'Warning';
  reason: string;
  message: string;
  component: string;
  /** Node that reports it. */
  host?: string;
};

/** Kinds of which events tell, with their API version. */
const API_VERSIONS = {
  Node: 'v1',
  Pod: 'v1',
  PersistentVolumeClaim: 'v1',
  Volume: 'storage.metalk8s.scality.com/v1alpha1',
};
type Kind = keyof typeof API_VERSIONS;

const referenceTo = (kind: Kind, { metadata }: KubernetesObject): ObjectReference => ({
  kind,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  name: metadata.name,
  uid: metadata.uid,
  apiVersion: API_VERSIONS[kind],
});

/** Builds the Event that tells of an object. Events on what has no namespace lie in the namespace `default`. */
export function eventOf(
  site: Pick<Site, 'random'>,
  kind: Kind,
  object: KubernetesObject,
  { type = 'Normal', reason, message, component, host }: Happening,
  at: number,
): KubernetesEvent {
  const { name, namespace = 'default' } = object.metadata;
  const suffix = `${Math.floor(at).toString(16)}${site.random.between(0x1000, 0xffff).toString(16)}`;
  const time = timestamp(at);
  return {
    metadata: {
      name: `${name}.${suffix}`,
      namespace,
      uid: site.random.uuid(),
      resourceVersion: '',
      creationTimestamp: time,
    },
    involvedObject: referenceTo(kind, object),
    reason,
    message,
    source: { component, ...(host === undefined ? {} : { host }) },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: host ?? '',
  };
}

/** Tells of something now. What is told again of the same object counts up the event that is there. */
export function record(site: Site, kind: Kind, object: KubernetesObject, happening: Happening): void {
  const now = site.clock.now();
  const repeated = happening.type === 'Warning' ? lastOf(site, object, happening) : undefined;
  if (repeated) {
    const count = (repeated.count ?? 1) + 1;
    site.events.put({ ...repeated, count, lastTimestamp: timestamp(now) });
  } else site.events.put(eventOf(site, kind, object, happening, now));
}

function lastOf(
  { events }: Site,
  { metadata }: KubernetesObject,
  { reason, message }: Happening,
): KubernetesEvent | undefined {
  for (const event of events.values()) {
    if (event.involvedObject.uid === metadata.uid && event.reason === reason && event.message === message) return event;
  }
  return undefined;
}

/** Drops events that have had their time. */
export function expireEvents({ events, clock }: Site): void {
  const horizon = timestamp(clock.now() - EVENT_LIFETIME);
  for (const event of [...events.values()]) {
    if ((event.lastTimestamp ?? event.metadata.creationTimestamp) < horizon) events.remove(keyOf(event));
  }
}
