import type { ClusterState } from '../state/cluster-state.ts';
import { nodeSettled } from './change.ts';
import { daemonPods } from './daemon-effects.ts';
import type { Edited } from './edited.ts';
import { evictions, strangers } from './eviction-effects.ts';
import { heldPods } from './held-effects.ts';
import { labelEffects } from './label-effects.ts';
import { sharedSentences, warning, warningsFirst } from './node-effect.ts';
import type { NodeEffect } from './node-effect.ts';
import type { Effect, NodeStep } from './operation.ts';
import { pendingPods } from './pending-effects.ts';
import { closedRoom, lastOpenNode, placement } from './placement-effects.ts';
import { roleCounts, roleSetUp, rolesReturning, roleRemains, sizing } from './role-effects.ts';
import { strandedPods } from './stranded-effects.ts';
import { conditions, keptUntainted, returning, returningWithoutRole } from './taint-effects.ts';

/** What a node says of the edit, each rule a function. */
const RULES: readonly ((edited: Edited) => readonly NodeEffect[])[] = [
  evictions,
  strangers,
  heldPods,
  placement,
  returning,
  keptUntainted,
  returningWithoutRole,
  conditions,
  roleSetUp,
  roleRemains,
  rolesReturning,
  sizing,
  ({ changes }) => labelEffects(changes),
  ({ before }) => (before.deleting ? [warning('is being deleted')] : []),
];

/** What the cluster as a whole says of it. */
const CLUSTER_RULES: readonly ((state: ClusterState, edited: readonly Edited[]) => readonly Effect[])[] = [
  lastOpenNode,
  closedRoom,
  roleCounts,
  daemonPods,
  strandedPods,
  pendingPods,
];

/**
 * What the steps will do besides the change itself: pods evicted, nodes that open or close for workloads, roles to set
 * up, what the product or Kubernetes will put back. Nodes on which the same happens share a sentence; warnings come
 * first.
 */
export function effectsOf(
  state: ClusterState,
  steps: readonly Pick<NodeStep, 'node' | 'changes'>[],
): readonly Effect[] {
  const edited = steps.flatMap(({ node: name, changes }): Edited[] => {
    const before = state.nodes.get(name);
    return before ? [{ state, before, after: nodeSettled(before, changes), changes }] : [];
  });
  return warningsFirst([
    ...CLUSTER_RULES.flatMap((rule) => rule(state, edited)),
    ...sharedSentences(edited.map((one) => ({ node: one.before.name, effects: RULES.flatMap((rule) => rule(one)) }))),
  ]);
}
