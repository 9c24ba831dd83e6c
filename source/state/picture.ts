import type { Resource, ResourceStatus, Rights, ServerFacts } from '../model/cluster-event.ts';
import type { EventRow } from '../model/kubernetes/event.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import type { NodeSums, ResourceView } from './cluster-state.ts';

/** The state as its owner, the reducer, sees it: open to change, and with the indexes that only the reducer needs. */
export type Picture = {
  server: ServerFacts | null;
  rights: Rights;
  latency: number | null;
  unansweredSince: number | null;
  readonly resources: Record<Resource, ResourceView>;
  readonly nodes: Map<string, ClusterNode>;
  readonly pods: Map<string, PodRow>;
  readonly podsByNode: Map<string, Map<string, PodRow>>;
  readonly sumsByNode: Map<string, NodeSums>;
  readonly eventsByNode: Map<string, readonly EventRow[]>;
  readonly revision: Record<Resource | 'server' | 'resources', number>;
  /** Name of the node that holds a uid. */
  readonly nodeNames: Map<string, string>;
  /** Name of the node under which an event is kept. */
  readonly eventNodes: Map<string, string>;
  /** Uids that the list under way has named so far; null when no list is under way. */
  readonly listing: Record<Resource, Set<string> | null>;
};

/** How every resource begins: nothing was asked, so nothing went wrong. */
export const NOT_ASKED: ResourceStatus = { state: 'absent', why: 'not asked yet' };

/** A picture of nothing: every resource absent because nobody asked. */
export function emptyPicture(): Picture {
  return {
    server: null,
    rights: { patchNodes: null },
    latency: null,
    unansweredSince: null,
    resources: {
      nodes: { status: NOT_ASKED, heardAt: null },
      pods: { status: NOT_ASKED, heardAt: null },
      events: { status: NOT_ASKED, heardAt: null },
    },
    nodes: new Map(),
    pods: new Map(),
    podsByNode: new Map(),
    sumsByNode: new Map(),
    eventsByNode: new Map(),
    revision: { nodes: 0, pods: 0, events: 0, server: 0, resources: 0 },
    nodeNames: new Map(),
    eventNodes: new Map(),
    listing: { nodes: null, pods: null, events: null },
  };
}
