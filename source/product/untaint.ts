import type { ClusterNode, Taint } from '../model/kubernetes/node.ts';
import { BOOTSTRAP_TAINTS, roleLabel } from './roles.ts';

type TaintIdentity = Pick<Taint, 'key' | 'effect'>;

/** The label that keeps a run of the bootstrap or restore script from putting taints back. */
export const KEEPS_UNTAINTED = roleLabel('node');

/**
 * Of the taints about to be removed, those that the next run of the bootstrap or restore script puts back. The script
 * looks at the bootstrap node only, not at one with the `node` role, and adds a taint only where no other taint of
 * its key is left (MetalK8s: bootstrap node update).
 */
export function returningTaints<T extends TaintIdentity>(
  node: Pick<ClusterNode, 'labels' | 'taints'>,
  removed: readonly T[],
): readonly T[] {
  const has = (label: string) => Object.hasOwn(node.labels, label);
  if (!has(roleLabel('bootstrap')) || has(KEEPS_UNTAINTED)) return [];
  const isRemoved = (taint: TaintIdentity) =>
    removed.some(({ key, effect }) => key === taint.key && effect === taint.effect);
  const stays = (key: string) => node.taints?.some((taint) => taint.key === key && !isRemoved(taint)) === true;
  const comesBack = ({ key, effect }: TaintIdentity) =>
    effect === 'NoSchedule' && BOOTSTRAP_TAINTS.some((role) => roleLabel(role) === key) && !stays(key);
  return removed.filter(comesBack);
}

/** Whether a bootstrap run would undo the removal, so that the `node` role should be offered with it. */
export const returnsWithBootstrap = (
  node: Pick<ClusterNode, 'labels' | 'taints'>,
  removed: readonly TaintIdentity[],
): boolean => returningTaints(node, removed).length > 0;
