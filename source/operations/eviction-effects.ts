import type { Taint } from '../model/kubernetes/node.ts';
import { evictedBy, tolerates } from '../model/kubernetes/tolerations.ts';
import { age } from '../text/age.ts';
import { list, plural } from '../text/words.ts';
import { addedTaints, LISTED, podNames, podsOf, podsUnknown, taintNames } from './edited.ts';
import type { Edited } from './edited.ts';
import { note, warning } from './node-effect.ts';
import type { NodeEffect } from './node-effect.ts';
import type { Change } from './operation.ts';

/** The taints that are set and evict pods. */
export const evicting = (changes: readonly Change[]): readonly Taint[] =>
  addedTaints(changes).filter(({ effect }) => effect === 'NoExecute');

/** Pods that the taint controller will evict for the NoExecute taints that are set. */
export function evictions(edited: Edited): readonly NodeEffect[] {
  const taints = evicting(edited.changes);
  if (taints.length === 0) return [];
  const unknown = podsUnknown(edited);
  if (unknown !== null) return [warning(`which pods ${taintNames(taints)} evicts cannot be told: ${unknown}`)];
  const evicted = podsOf(edited).flatMap((pod) => {
    const seconds = taints.map((taint) => evictedBy(pod, taint)).filter((after) => after !== 'never');
    return seconds.length === 0 ? [] : [{ pod, seconds: Math.min(...seconds) }];
  });
  if (evicted.length === 0) return [note(`no pod is evicted by ${taintNames(taints)}`)];
  const bySeconds = [...Map.groupBy(evicted, ({ seconds }) => seconds)].sort(([one], [other]) => one - other);
  const counts = bySeconds.map(
    ([seconds, group]) =>
      `${plural(group.length, 'pod')} ${seconds === 0 ? 'at once' : `after ${age(seconds * 1_000)}`}`,
  );
  return [warning(`${taintNames(taints)} evicts ${list(counts, LISTED)}: ${podNames(evicted.map(({ pod }) => pod))}`)];
}

/** Pods that stay, and that the scheduler would not place here again. */
export function strangers(edited: Edited): readonly NodeEffect[] {
  const taints = addedTaints(edited.changes).filter(({ effect }) => effect === 'NoSchedule');
  if (taints.length === 0 || podsUnknown(edited) !== null) return [];
  const all = podsOf(edited);
  const pods = all.filter((pod) => !pod.mirror);
  const staying = pods.filter(
    (pod) =>
      evicting(edited.changes).every((taint) => evictedBy(pod, taint) === 'never') &&
      taints.some((taint) => !tolerates(pod.tolerations, taint)),
  );
  if (staying.length === 0) return [];
  const which = pods.length === all.length ? '' : ' that are not static';
  return [
    note(
      `${staying.length} of its ${plural(pods.length, 'pod')}${which} do not tolerate ${taintNames(taints)}: they stay, and could not come back`,
    ),
  ];
}
