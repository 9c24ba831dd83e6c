import type { ClusterNode, Taint } from '../model/kubernetes/node.ts';
import { isFinished } from '../model/kubernetes/pod.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { whyNot } from '../model/reading.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { nodeRow, rowSources } from '../state/node-rows.ts';
import { list } from '../text/words.ts';
import type { Change } from './operation.ts';

/** One node with what will be changed on it, in the picture as it is before. */
export type Edited = {
  readonly state: ClusterState;
  readonly before: ClusterNode;
  readonly after: ClusterNode;
  readonly changes: readonly Change[];
};

/** Things of a kind that a sentence lists before it counts the rest. */
export const LISTED = 4;
/** Pods that are named before the rest is counted. */
const PODS_NAMED = 10;

export const taintNames = (taints: readonly Pick<Taint, 'key' | 'effect'>[]): string =>
  list(
    taints.map(({ key, effect }) => `${key}:${effect}`),
    LISTED,
  );

export const podNames = (pods: readonly Pick<PodRow, 'namespace' | 'name'>[]): string =>
  list(pods.map(({ namespace, name }) => `${namespace}/${name}`).sort(), PODS_NAMED);

export const addedTaints = (changes: readonly Change[]): readonly Taint[] =>
  changes.flatMap((change) => (change.field === 'taint' && change.after !== null ? [change.after] : []));

export const removedTaints = (changes: readonly Change[]): readonly Taint[] =>
  changes.flatMap((change) =>
    change.field === 'taint' && change.after === null && change.before !== null ? [change.before] : [],
  );

/** Pods that hold a place: neither ended nor about to go. */
export const isStaying = (pod: PodRow): boolean => !isFinished(pod) && !pod.deleting;

export const podsOf = ({ state, before }: Edited): readonly PodRow[] =>
  [...(state.podsByNode.get(before.name)?.values() ?? [])].filter(isStaying);

/** Why the pods of the node cannot be told; null when they can. */
export const podsUnknown = ({ state, before }: Edited): string | null =>
  whyNot(nodeRow(before, rowSources(state, before.name)).pods);

/** The nodes of the cluster as they will be. */
export function nodesAfter(state: ClusterState, edited: readonly Edited[]): readonly ClusterNode[] {
  const after = new Map(edited.map((one) => [one.before.name, one.after]));
  return [...state.nodes.values()].map((node) => after.get(node.name) ?? node);
}
