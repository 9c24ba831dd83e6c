import type { Taint } from '../model/kubernetes/node.ts';
import { taintMeaning, taintSource } from '../product/node-roles.ts';
import { BOOTSTRAP_TAINTS, roleLabel } from '../product/roles.ts';
import { KEEPS_UNTAINTED, returningTaints } from '../product/untaint.ts';
import { addedTaints, removedTaints, taintNames } from './edited.ts';
import type { Edited } from './edited.ts';
import { note, warning } from './node-effect.ts';
import type { NodeEffect } from './node-effect.ts';

/** Taints that a run of the bootstrap or restore script would put back (MetalK8s: bootstrap node update). */
export function returning({ before, after, changes }: Edited): readonly NodeEffect[] {
  const removed = removedTaints(changes);
  const comingBack = returningTaints({ ...before, labels: after.labels }, removed);
  if (comingBack.length > 0)
    return [
      warning(
        `the next run of the bootstrap or restore script puts ${taintNames(comingBack)} back, unless the node has the label ${KEEPS_UNTAINTED}`,
      ),
    ];
  const kept = returningTaints(before, removed);
  return kept.length > 0
    ? [note(`the label ${KEEPS_UNTAINTED} keeps a later bootstrap run from putting ${taintNames(kept)} back`)]
    : [];
}

/** The label that keeps the script from setting taints, where the edit takes none away that it would put back. */
export function keptUntainted({ before, after, changes }: Edited): readonly NodeEffect[] {
  const has = ({ labels }: Edited['before'], label: string) => Object.hasOwn(labels, label);
  const gains = !has(before, KEEPS_UNTAINTED) && has(after, KEEPS_UNTAINTED);
  if (!gains || !has(after, roleLabel('bootstrap')) || returningTaints(before, removedTaints(changes)).length > 0)
    return [];
  return [
    note(`the label ${KEEPS_UNTAINTED} keeps a later run of the bootstrap or restore script from setting taints`),
  ];
}

/** Taints that the script would put on the bootstrap node once the role `node` no longer keeps it from doing so. */
export function returningWithoutRole({ before, after }: Edited): readonly NodeEffect[] {
  const has = (labels: Edited['before']['labels'], label: string) => Object.hasOwn(labels, label);
  if (!has(after.labels, roleLabel('bootstrap'))) return [];
  if (!has(before.labels, KEEPS_UNTAINTED) || has(after.labels, KEEPS_UNTAINTED)) return [];
  const missing = BOOTSTRAP_TAINTS.map(roleLabel).filter((key) => !after.taints?.some((taint) => taint.key === key));
  if (missing.length === 0) return [];
  const taints = taintNames(missing.map((key) => ({ key, effect: 'NoSchedule' })));
  return [note(`without the label ${KEEPS_UNTAINTED} a later run of the bootstrap or restore script sets ${taints}`)];
}

/** Taints that Kubernetes keeps in line with the state of the node by itself. */
export function conditions({ changes }: Edited): readonly NodeEffect[] {
  const own = (taints: readonly Taint[]) => taints.filter((taint) => taintSource(taint) === 'condition');
  return [
    ...own(removedTaints(changes)).map((taint) =>
      warning(`Kubernetes puts ${taintNames([taint])} back as long as ${taintMeaning(taint)}`),
    ),
    ...own(addedTaints(changes)).map((taint) =>
      warning(`Kubernetes takes ${taintNames([taint])} away unless ${taintMeaning(taint)}`),
    ),
  ];
}
