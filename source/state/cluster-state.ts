import type { ResourceStatus, Resource, Rights, ServerFacts } from '../model/cluster-event.ts';
import type { Amounts } from '../model/kubernetes/amounts.ts';
import type { EventRow } from '../model/kubernetes/event.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';

/** Sums over the pods bound to one node, finished pods left out (but counted in `pods.total`). */
export type NodeSums = {
  readonly requests: Amounts;
  readonly limits: Amounts;
  /** `active` holds a pod slot: every pod that has not finished. */
  readonly pods: { readonly active: number; readonly running: number; readonly total: number };
};

/** One resource: how well it is seen, and when the server was last heard about it (ms since the epoch). */
export type ResourceView = { readonly status: ResourceStatus; readonly heardAt: number | null };

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
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  /** By uid. */
  readonly pods: ReadonlyMap<string, PodRow>;
  /** Pods bound to a node, by node name, then uid; also for names that are no Node (yet, or any more). */
  readonly podsByNode: ReadonlyMap<string, ReadonlyMap<string, PodRow>>;
  /** Kept up to date by events; a node without pods has no entry. */
  readonly sumsByNode: ReadonlyMap<string, NodeSums>;
  /** Newest last, bounded; by node name. */
  readonly eventsByNode: ReadonlyMap<string, readonly EventRow[]>;
  readonly revision: Readonly<Record<Resource | 'server' | 'resources', number>>;
};
