import type { PodRow } from '../model/kubernetes/pod.ts';
import type { ClusterState } from './cluster-state.ts';

/** The pods that wait for a node in the order in which the scheduler takes them, and where each stands, by uid. */
export type PendingInTurn = { readonly pods: readonly PodRow[]; readonly places: ReadonlyMap<string, number> };

const nameOf = ({ namespace, name }: PodRow): string => `${namespace}/${name}`;
const sinceOf = ({ createdAt }: PodRow): number => createdAt ?? Infinity;

/** The highest priority first, then the one that waits longest (Kubernetes: PrioritySort), then by name. */
const inTurn = (one: PodRow, other: PodRow): number =>
  other.priority - one.priority ||
  (sinceOf(one) === sinceOf(other) ? 0 : sinceOf(one) - sinceOf(other)) ||
  (nameOf(one) < nameOf(other) ? -1 : 1);

/** The map of a picture is one and the same as long as the picture lives. */
const kept = new WeakMap<ClusterState['pendingPods'], PendingInTurn & { readonly revision: number }>();

/** The pods that wait, as far as pods are seen; sorted once for each change of the pods. */
export function pendingInTurn({ pendingPods, revision }: ClusterState): PendingInTurn {
  const before = kept.get(pendingPods);
  if (before?.revision === revision.pods) return before;
  const pods = [...pendingPods.values()].sort(inTurn);
  const now = { pods, places: new Map(pods.map(({ uid }, place) => [uid, place])), revision: revision.pods };
  kept.set(pendingPods, now);
  return now;
}
