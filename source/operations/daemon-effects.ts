import { placementObstacles, taintObstacles } from '../model/headroom/obstacles.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import type { Placement } from '../model/kubernetes/placement.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { list, plural } from '../text/words.ts';
import { isStaying, LISTED, podsOf } from './edited.ts';
import type { Edited } from './edited.ts';
import { note, sharedSentences, warning } from './node-effect.ts';
import type { NodeEffect } from './node-effect.ts';
import type { Effect } from './operation.ts';

const isDaemon = ({ owner }: PodRow): boolean => owner?.kind === 'DaemonSet';
const daemonOf = ({ namespace, owner }: PodRow): string => `${namespace}/${owner?.name ?? ''}`;

const selects = (placement: Placement, node: ClusterNode): boolean => placementObstacles(placement, node).length === 0;

/** The placement of a DaemonSet as one of its pods tells it: without the node to which the pod is pinned by its name. */
function unpinned({ terms, ...placement }: Placement): Placement {
  const kept = terms?.filter(({ labels }) => labels.length > 0).map(({ labels }) => ({ labels, fields: [] }));
  return { ...placement, terms: kept === undefined || kept.length === 0 ? null : kept };
}

const changesLabels = ({ changes }: Edited): boolean => changes.some(({ field }) => field === 'label');

/** A pod of each DaemonSet, by the name of that. */
function daemonsOf(state: ClusterState): ReadonlyMap<string, PodRow> {
  const daemons = new Map<string, PodRow>();
  for (const pod of state.pods.values()) if (isDaemon(pod) && isStaying(pod)) daemons.set(daemonOf(pod), pod);
  return daemons;
}

const named = (daemons: readonly string[]): string =>
  `${plural(daemons.length, 'DaemonSet')} (${list(daemons.toSorted(), LISTED)})`;

function followed(edited: Edited, daemons: ReadonlyMap<string, PodRow>): readonly NodeEffect[] {
  const { before, after } = edited;
  const here = podsOf(edited).filter(isDaemon);
  const stopped = here
    .filter(({ placement }) => selects(placement, before) && !selects(placement, after))
    .map(daemonOf);
  const present = new Set(here.map(daemonOf));
  const started = [...daemons].flatMap(([name, { placement, tolerations }]) => {
    const wanted = unpinned(placement);
    const follows =
      !selects(wanted, before) && selects(wanted, after) && taintObstacles(tolerations, after).length === 0;
    return follows && !present.has(name) ? [name] : [];
  });
  return [
    ...(stopped.length === 0 ? [] : [warning(`the pod of ${named(stopped)} is removed from it at once`)]),
    ...(started.length === 0 ? [] : [note(`a pod of ${named(started)} is started on it`)]),
  ];
}

/**
 * Pods of DaemonSets follow the labels of a node: one that no longer selects it is removed at once, one that now does is
 * started there (Kubernetes: DaemonSet controller). Taints that keep new pods off remove none.
 */
export function daemonPods(state: ClusterState, edited: readonly Edited[]): readonly Effect[] {
  const labelled = edited.filter(changesLabels);
  if (labelled.length === 0) return [];
  const daemons = daemonsOf(state);
  return sharedSentences(labelled.map((one) => ({ node: one.before.name, effects: followed(one, daemons) })));
}
