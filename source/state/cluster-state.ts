import type {
  Items,
  Question,
  ResourceStatus,
  Resource,
  Rights,
  ServerFacts,
  Told,
  Unanswered,
} from '../model/cluster-event.ts';
import type { EtcdFigures } from '../model/etcd/etcd.ts';
import type { Amounts } from '../model/kubernetes/amounts.ts';
import type { EventRow } from '../model/kubernetes/event.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import type { ChangeLog } from './change-log.ts';

/** Sums over the pods bound to one node, finished pods left out (but counted in `pods.total`). */
export type NodeSums = {
  readonly requests: Amounts;
  readonly limits: Amounts;
  /** `active` holds a pod slot: every pod that has not finished. */
  readonly pods: { readonly active: number; readonly running: number; readonly total: number };
  /** Active pods without a limit, by resource: sums of limits do not bound what these take. */
  readonly unlimited: { readonly cpu: number; readonly memory: number };
};

/** One resource: how well it is seen, and when the server was last heard about it (ms since the epoch). */
export type ResourceView = { readonly status: ResourceStatus; readonly heardAt: number | null };

/**
 * What somebody answered last to a question, and why there was no answer since. Times are ms since the epoch; `since` is
 * when a member first said that it is as healthy as it says now, and `at` of all other answers. Whether it was otherwise
 * before that, `sawBegin`, nobody knows of the first answer.
 */
export type Asked<Q extends Question> = {
  readonly answer: {
    readonly at: number;
    readonly since: number;
    readonly sawBegin: boolean;
    readonly value: Told[Q];
  } | null;
  /** Since when nobody answers, and when they last did not; null while they do. */
  readonly failure: { readonly since: number; readonly at: number; readonly failure: Unanswered } | null;
};

/** Figures of a member at a time, ms since the epoch. */
export type EtcdSample = { readonly at: number; readonly figures: EtcdFigures };

/**
 * The live picture. Owned and changed by the reducer alone; everybody else reads. The maps are kept in place (a copy
 * of 150,000 pods an event would not do), so readers compare `revision` counters, which rise with every change.
 */
export type ClusterState = {
  readonly server: ServerFacts | null;
  readonly rights: Rights;
  /** Round trip of the last measured request, milliseconds. */
  readonly latency: number | null;
  /** Since when questions find no answer, ms since the epoch; null while they do. */
  readonly unansweredSince: number | null;
  readonly resources: Readonly<Record<Resource, ResourceView>>;
  /** By node name. */
  readonly nodes: ReadonlyMap<string, Items['nodes']>;
  /** By node name; also for names that are no Node. */
  readonly usage: ReadonlyMap<string, Items['usage']>;
  /** By name. */
  readonly persistentVolumes: ReadonlyMap<string, Items['persistentVolumes']>;
  /** By `namespace/name`. */
  readonly claims: ReadonlyMap<string, Items['claims']>;
  /** By name. */
  readonly storageClasses: ReadonlyMap<string, Items['storageClasses']>;
  /** Volumes of MetalK8s, by name. */
  readonly volumes: ReadonlyMap<string, Items['volumes']>;
  /** Workloads, by `namespace/name`. */
  readonly deployments: ReadonlyMap<string, Items['deployments']>;
  readonly daemonSets: ReadonlyMap<string, Items['daemonSets']>;
  readonly statefulSets: ReadonlyMap<string, Items['statefulSets']>;
  /** By uid. */
  readonly pods: ReadonlyMap<string, PodRow>;
  /** Pods bound to a node, by node name, then uid; also for names that are no Node (yet, or any more). */
  readonly podsByNode: ReadonlyMap<string, ReadonlyMap<string, PodRow>>;
  /** By uid: pods without a node that have not ended and are not being deleted. */
  readonly pendingPods: ReadonlyMap<string, PodRow>;
  /** Kept up to date by events; a node without pods has no entry. */
  readonly sumsByNode: ReadonlyMap<string, NodeSums>;
  /** Newest last, bounded; by node name. */
  readonly eventsByNode: ReadonlyMap<string, readonly EventRow[]>;
  /** By whom was asked: the node of a member, the address of an API server or a certificate; empty for the cluster. */
  readonly asked: { readonly [Q in Question]: ReadonlyMap<string, Asked<Q>> };
  /** By node: figures of its member over the last hour, oldest first, bounded. */
  readonly etcdSamples: ReadonlyMap<string, readonly EtcdSample[]>;
  readonly revision: Readonly<Record<Resource | 'server' | 'resources' | 'asked', number>>;
  /** Names of nodes of which the Node, the sums or the usage came, changed or went; also names that are no Node. */
  readonly nodeChanges: ChangeLog;
  /** Uids of pods that came to wait, changed meanwhile, or wait no more. */
  readonly pendingChanges: ChangeLog;
};
