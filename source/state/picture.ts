import { QUESTIONS, RESOURCES } from '../model/cluster-event.ts';
import type { Items, Question, Resource, ResourceStatus, Rights, ServerFacts } from '../model/cluster-event.ts';
import type { EventRow } from '../model/kubernetes/event.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { OpenChangeLog } from './change-log.ts';
import type { Asked, EtcdSample, NodeSums, ResourceView } from './cluster-state.ts';

/** The state as its owner, the reducer, sees it: open to change, and with the indexes that only the reducer needs. */
export type Picture = {
  server: ServerFacts | null;
  rights: Rights;
  latency: number | null;
  unansweredSince: number | null;
  readonly resources: Record<Resource, ResourceView>;
  readonly nodes: Map<string, Items['nodes']>;
  readonly usage: Map<string, Items['usage']>;
  readonly persistentVolumes: Map<string, Items['persistentVolumes']>;
  readonly claims: Map<string, Items['claims']>;
  readonly storageClasses: Map<string, Items['storageClasses']>;
  readonly volumes: Map<string, Items['volumes']>;
  readonly deployments: Map<string, Items['deployments']>;
  readonly daemonSets: Map<string, Items['daemonSets']>;
  readonly statefulSets: Map<string, Items['statefulSets']>;
  readonly pods: Map<string, PodRow>;
  readonly podsByNode: Map<string, Map<string, PodRow>>;
  readonly pendingPods: Map<string, PodRow>;
  readonly sumsByNode: Map<string, NodeSums>;
  readonly eventsByNode: Map<string, readonly EventRow[]>;
  readonly asked: { readonly [Q in Question]: Map<string, Asked<Q>> };
  readonly etcdSamples: Map<string, readonly EtcdSample[]>;
  readonly revision: Record<Resource | 'server' | 'resources' | 'asked', number>;
  readonly nodeChanges: OpenChangeLog;
  readonly pendingChanges: OpenChangeLog;
  /** For what is kept by name: the name under which each uid is kept. */
  readonly names: Readonly<Record<Named, Map<string, string>>>;
  /** Name of the node under which an event is kept. */
  readonly eventNodes: Map<string, string>;
  /** Uids that stood there when the list under way began and that it has not named yet; null when none is under way. */
  readonly listing: Record<Resource, Set<string> | null>;
};

/** Resources that are kept by name. */
export type Named = Exclude<Resource, 'pods' | 'events'>;

/** How every resource begins: nothing was asked, so nothing went wrong. */
export const NOT_ASKED: ResourceStatus = { state: 'absent', why: 'not asked yet' };

/** A picture of nothing: every resource absent because nobody asked. */
export function emptyPicture(): Picture {
  return {
    server: null,
    rights: { patchNodes: null },
    latency: null,
    unansweredSince: null,
    resources: forEachResource(() => ({ status: NOT_ASKED, heardAt: null })),
    nodes: new Map(),
    usage: new Map(),
    persistentVolumes: new Map(),
    claims: new Map(),
    storageClasses: new Map(),
    volumes: new Map(),
    deployments: new Map(),
    daemonSets: new Map(),
    statefulSets: new Map(),
    pods: new Map(),
    podsByNode: new Map(),
    pendingPods: new Map(),
    sumsByNode: new Map(),
    eventsByNode: new Map(),
    asked: Object.fromEntries(QUESTIONS.map((question) => [question, new Map()])) as unknown as Picture['asked'],
    etcdSamples: new Map(),
    revision: { ...forEachResource(() => 0), server: 0, resources: 0, asked: 0 },
    nodeChanges: new OpenChangeLog(),
    pendingChanges: new OpenChangeLog(),
    names: forEachResource(() => new Map<string, string>()),
    eventNodes: new Map(),
    listing: forEachResource(() => null),
  };
}

const forEachResource = <T>(make: () => T): Record<Resource, T> =>
  Object.fromEntries(RESOURCES.map((resource) => [resource, make()])) as Record<Resource, T>;
