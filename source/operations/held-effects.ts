import { placementObstacles, taintObstacles } from '../model/headroom/obstacles.ts';
import { matchesTerms } from '../model/kubernetes/node-selector.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { plural } from '../text/words.ts';
import { podNames, podsOf } from './edited.ts';
import type { Edited } from './edited.ts';
import { warning } from './node-effect.ts';
import type { NodeEffect } from './node-effect.ts';

/** Whether one of the claims of a pod is bound to a volume that no other node reaches. */
function isHeld(state: ClusterState, { namespace, claims }: PodRow, node: ClusterNode): boolean {
  return claims.some((name) => {
    const volume = state.persistentVolumes.get(state.claims.get(`${namespace}/${name}`)?.volume ?? '');
    const terms = volume?.terms ?? null;
    if (terms === null) return false;
    for (const other of state.nodes.values()) if (other.name !== node.name && matchesTerms(terms, other)) return false;
    return true;
  });
}

const mayStart = ({ placement, tolerations }: PodRow, node: ClusterNode): boolean =>
  placementObstacles(placement, node).length + taintObstacles(tolerations, node).length === 0;

/** Pods whose data lies on the node, and which could not be started there again: so nowhere. */
export function heldPods(edited: Edited): readonly NodeEffect[] {
  const { state, before, after } = edited;
  const held = podsOf(edited).filter(
    (pod) => pod.claims.length > 0 && mayStart(pod, before) && !mayStart(pod, after) && isHeld(state, pod, before),
  );
  if (held.length === 0) return [];
  return [
    warning(
      `${plural(held.length, 'pod')} with a volume on it could be started nowhere once stopped: ${podNames(held)}`,
    ),
  ];
}
