import { isOpen, keepsPodsOut } from '../model/kubernetes/node-status.ts';
import { tolerates, evictedBy } from '../model/kubernetes/tolerations.ts';
import type { ClusterNode, Taint } from '../model/kubernetes/node.ts';
import { isFinished } from '../model/kubernetes/pod.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { valueOf, whyNot } from '../model/reading.ts';
import { taintMeaning, taintSource } from '../product/node-roles.ts';
import { KEEPS_UNTAINTED, returningTaints } from '../product/untaint.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { nodeRow, rowSources } from '../state/node-rows.ts';
import { age } from '../text/age.ts';
import { bytes, cores } from '../text/amounts.ts';
import { list, plural } from '../text/words.ts';
import { nodeSettled } from './change.ts';
import { labelEffects } from './label-effects.ts';
import { note, warning } from './node-effect.ts';
import type { NodeEffect } from './node-effect.ts';
import type { Change, Effect, Step } from './operation.ts';

/** One node with what will be changed on it. */
export type Edited = {
  readonly state: ClusterState;
  readonly before: ClusterNode;
  readonly after: ClusterNode;
  readonly changes: readonly Change[];
};

/** Pods that are named before the rest is counted. */
const PODS_NAMED = 10;
const LISTED = 4;
const words = (taints: readonly Pick<Taint, 'key' | 'effect'>[]): string =>
  list(
    taints.map(({ key, effect }) => `${key}:${effect}`),
    LISTED,
  );

/** What a node says of the edit, each rule a function. */
const RULES: readonly ((edited: Edited) => readonly NodeEffect[])[] = [
  evictions,
  strangers,
  placement,
  returning,
  conditions,
  ({ changes }) => labelEffects(changes),
  ({ before }) => (before.deleting ? [warning('is being deleted')] : []),
];

/**
 * What the steps will do besides the change itself: pods evicted, nodes that open or close for workloads, what the
 * product or Kubernetes will put back. Nodes on which the same happens share a sentence; warnings come first.
 */
export function effectsOf(state: ClusterState, steps: readonly Pick<Step, 'node' | 'changes'>[]): readonly Effect[] {
  const edited = steps.flatMap(({ node: name, changes }) => {
    const before = state.nodes.get(name);
    return before ? [{ state, before, after: nodeSettled(before, changes), changes }] : [];
  });
  const told = edited.flatMap((one) =>
    RULES.flatMap((rule) => rule(one).map((effect) => ({ name: one.before.name, effect }))),
  );
  const shared = Map.groupBy(told, ({ effect }) => `${effect.severity} ${effect.says}`);
  const effects = [...shared.values()].flatMap((group): Effect[] => {
    const effect = group[0]?.effect;
    const names = group.map(({ name }) => name);
    return effect ? [{ severity: effect.severity, sentence: `${list(names, LISTED)}: ${effect.says}.` }] : [];
  });
  const all = [...lastOpenNode(state, edited), ...effects];
  return all.sort((one, other) => Number(other.severity === 'warning') - Number(one.severity === 'warning'));
}

const addedTaints = (changes: readonly Change[]): readonly Taint[] =>
  changes.flatMap((change) => (change.field === 'taint' && change.after !== null ? [change.after] : []));

const evicting = (changes: readonly Change[]): readonly Taint[] =>
  addedTaints(changes).filter(({ effect }) => effect === 'NoExecute');

const removedTaints = (changes: readonly Change[]): readonly Taint[] =>
  changes.flatMap((change) =>
    change.field === 'taint' && change.after === null && change.before !== null ? [change.before] : [],
  );

const podsOf = ({ state, before }: Edited): readonly PodRow[] =>
  [...(state.podsByNode.get(before.name)?.values() ?? [])].filter((pod) => !isFinished(pod) && !pod.deleting);

/** Why the pods of the node cannot be told; null when they can. */
const podsUnknown = ({ state, before }: Edited): string | null =>
  whyNot(nodeRow(before, rowSources(state, before.name)).pods);

/** Pods that the taint controller will evict for the NoExecute taints that are set. */
function evictions(edited: Edited): readonly NodeEffect[] {
  const taints = evicting(edited.changes);
  if (taints.length === 0) return [];
  const unknown = podsUnknown(edited);
  if (unknown !== null) return [warning(`which pods ${words(taints)} evicts cannot be told: ${unknown}`)];
  const evicted = podsOf(edited).flatMap((pod) => {
    const seconds = taints.map((taint) => evictedBy(pod, taint)).filter((after) => after !== 'never');
    return seconds.length === 0 ? [] : [{ pod, seconds: Math.min(...seconds) }];
  });
  if (evicted.length === 0) return [note(`no pod is evicted by ${words(taints)}`)];
  const bySeconds = [...Map.groupBy(evicted, ({ seconds }) => seconds)].sort(([one], [other]) => one - other);
  const counts = bySeconds.map(
    ([seconds, group]) =>
      `${plural(group.length, 'pod')} ${seconds === 0 ? 'at once' : `after ${age(seconds * 1_000)}`}`,
  );
  const names = evicted.map(({ pod }) => `${pod.namespace}/${pod.name}`).sort();
  return [warning(`${words(taints)} evicts ${list(counts, LISTED)}: ${list(names, PODS_NAMED)}`)];
}

/** Pods that stay, and that the scheduler would not place here again. */
function strangers(edited: Edited): readonly NodeEffect[] {
  const taints = addedTaints(edited.changes).filter(({ effect }) => effect === 'NoSchedule');
  if (taints.length === 0 || podsUnknown(edited) !== null) return [];
  const pods = podsOf(edited).filter((pod) => !pod.mirror);
  const staying = pods.filter(
    (pod) =>
      evicting(edited.changes).every((taint) => evictedBy(pod, taint) === 'never') &&
      taints.some((taint) => !tolerates(pod.tolerations, taint)),
  );
  if (staying.length === 0) return [];
  return [
    note(
      `${staying.length} of its ${plural(pods.length, 'pod')} do not tolerate ${words(taints)}: they stay, and could not come back`,
    ),
  ];
}

/** A node that opens or closes for pods without tolerations. */
function placement(edited: Edited): readonly NodeEffect[] {
  const { before, after } = edited;
  if (isOpen(before) && !isOpen(after)) {
    const staying = evicting(edited.changes).length === 0 ? '; those that run stay' : '';
    return [note(`takes no more new pods, but for those that tolerate it${staying}`)];
  }
  if (!isOpen(before) && isOpen(after)) return [note(`opens for workloads, ${roomOf(edited)}`)];
  const closing = (after.taints ?? []).filter(keepsPodsOut);
  const uncordoned = before.cordoned && !after.cordoned;
  const untainted = removedTaints(edited.changes).some(keepsPodsOut);
  if ((uncordoned || untainted) && after.cordoned) return [note('stays cordoned, so that it takes no new pods')];
  if ((uncordoned || untainted) && closing.length > 0)
    return [note(`still takes only pods that tolerate ${words(closing)}`)];
  return [];
}

function roomOf({ state, before }: Edited): string {
  const { free, pods } = nodeRow(before, rowSources(state, before.name));
  const unknown = whyNot(free);
  if (unknown !== null) return `with how much room cannot be told: ${unknown}`;
  const [room, counts, slots] = [valueOf(free), valueOf(pods), before.allocatable.pods];
  const parts: string[] = [];
  if (room && room.cpu !== null) parts.push(`${cores(room.cpu, { round: 'down' })} cores`);
  if (room && room.memory !== null) parts.push(`${bytes(room.memory, { round: 'down' })} of memory`);
  if (counts && slots !== null) parts.push(plural(slots - counts.active, 'pod slot'));
  return parts.length === 0 ? 'though it does not say what it offers' : `with ${list(parts)} free`;
}

/** Taints that a run of the bootstrap or restore script would put back (MetalK8s: bootstrap node update). */
function returning({ before, after, changes }: Edited): readonly NodeEffect[] {
  const removed = removedTaints(changes);
  const comingBack = returningTaints({ ...before, labels: after.labels }, removed);
  if (comingBack.length > 0)
    return [
      warning(
        `the next run of the bootstrap or restore script puts ${words(comingBack)} back, unless the node has the label ${KEEPS_UNTAINTED}`,
      ),
    ];
  const kept = returningTaints(before, removed);
  return kept.length > 0
    ? [note(`the label ${KEEPS_UNTAINTED} keeps a later bootstrap run from putting ${words(kept)} back`)]
    : [];
}

/** Taints that Kubernetes keeps in line with the state of the node by itself. */
function conditions({ changes }: Edited): readonly NodeEffect[] {
  const own = (taints: readonly Taint[]) => taints.filter((taint) => taintSource(taint) === 'condition');
  return [
    ...own(removedTaints(changes)).map((taint) =>
      warning(`Kubernetes puts ${words([taint])} back as long as ${taintMeaning(taint)}`),
    ),
    ...own(addedTaints(changes)).map((taint) =>
      warning(`Kubernetes takes ${words([taint])} away unless ${taintMeaning(taint)}`),
    ),
  ];
}

/** The cluster has nowhere left to place an ordinary pod. */
function lastOpenNode(state: ClusterState, edited: readonly Edited[]): readonly Effect[] {
  const after = new Map(edited.map((one) => [one.before.name, one.after]));
  const nodes = [...state.nodes.values()];
  if (!edited.some((one) => isOpen(one.before) && !isOpen(one.after))) return [];
  if (nodes.some((node) => isOpen(after.get(node.name) ?? node))) return [];
  return [
    { severity: 'warning', sentence: 'No node is left that takes pods without tolerations: new ones stay Pending.' },
  ];
}
