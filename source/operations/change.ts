import type { ClusterNode, Taint } from '../model/kubernetes/node.ts';
import { taintWords } from '../text/taint.ts';
import type { Change } from './operation.ts';

/** The value of a label, or null when the node has no such label. */
export const labelOf = (node: ClusterNode, key: string): string | null =>
  Object.hasOwn(node.labels, key) ? (node.labels[key] ?? null) : null;

/** A node holds one taint at most for a key and an effect (Kubernetes: "taints must be unique by key and effect pair"). */
export const isSameTaint = (one: Pick<Taint, 'key' | 'effect'>, other: Pick<Taint, 'key' | 'effect'>): boolean =>
  one.key === other.key && one.effect === other.effect;

export const taintOf = (node: ClusterNode, taint: Pick<Taint, 'key' | 'effect'>): Taint | null =>
  node.taints?.find((own) => isSameTaint(own, taint)) ?? null;

/** When a taint was added is no part of what an operator writes, so `timeAdded` is not compared. */
const hasValue = (taint: Taint | null, wanted: Taint | null): boolean => taint?.value === wanted?.value;

function holds(node: ClusterNode, change: Change, side: 'before' | 'after'): boolean {
  switch (change.field) {
    case 'label':
      return labelOf(node, change.key) === change[side];
    case 'taint':
      return hasValue(taintOf(node, change), change[side]);
    case 'cordoned':
      return node.cordoned === change[side];
  }
}

/** Whether the node shows what the change wrote. */
export const holdsAfter = (node: ClusterNode, change: Change): boolean => holds(node, change, 'after');

/** Whether the node still shows what stood there when the change was planned. */
export const holdsBefore = (node: ClusterNode, change: Change): boolean => holds(node, change, 'before');

/**
 * The change that takes this one back. A taint that is put back is a new one for the cluster, as with kubectl: it
 * carries no time of its own.
 */
export function inverse(change: Change): Change {
  switch (change.field) {
    case 'label':
      return { ...change, before: change.after, after: change.before };
    case 'taint':
      return { ...change, before: change.after, after: change.before && { ...change.before, timeAdded: null } };
    case 'cordoned':
      return { ...change, before: change.after, after: change.before };
  }
}

/** The taints of the node once the changes are made: the others keep their place, new ones come last. */
export function taintsAfter(node: ClusterNode, changes: readonly Change[]): readonly Taint[] {
  let taints = [...(node.taints ?? [])];
  for (const change of changes) {
    if (change.field !== 'taint') continue;
    const { after } = change;
    const place = taints.findIndex((taint) => isSameTaint(taint, change));
    if (after === null) taints = taints.filter((taint) => !isSameTaint(taint, change));
    else if (place === -1) taints.push(after);
    else taints[place] = after;
  }
  return taints;
}

/** What the node lifecycle controller puts on a cordoned node and takes away from one that is not (Kubernetes). */
const CORDON_TAINT: Taint = {
  key: 'node.kubernetes.io/unschedulable',
  value: '',
  effect: 'NoSchedule',
  timeAdded: null,
};

const withCordon = (taints: readonly Taint[], cordoned: boolean): readonly Taint[] => {
  const others = taints.filter((taint) => !isSameTaint(taint, CORDON_TAINT));
  return cordoned ? [...others, CORDON_TAINT] : others;
};

/** The node as it will be once the changes are made. */
export function nodeAfter(node: ClusterNode, changes: readonly Change[]): ClusterNode {
  const labels = new Map(Object.entries(node.labels));
  let { cordoned } = node;
  for (const change of changes) {
    if (change.field === 'label' && change.after === null) labels.delete(change.key);
    else if (change.field === 'label' && change.after !== null) labels.set(change.key, change.after);
    else if (change.field === 'cordoned') cordoned = change.after;
  }
  return { ...node, labels: Object.fromEntries(labels), cordoned, taints: taintsAfter(node, changes) };
}

/** The node as it will be once the changes are made and the controllers have seen them. */
export function nodeSettled(node: ClusterNode, changes: readonly Change[]): ClusterNode {
  const after = nodeAfter(node, changes);
  return after.cordoned === node.cordoned
    ? after
    : { ...after, taints: withCordon(after.taints ?? [], after.cordoned) };
}

/** What a change is about, as in `label rack` or `taint dedicated:NoSchedule`. */
export function subject(change: Change): string {
  switch (change.field) {
    case 'label':
      return `label ${change.key}`;
    case 'taint':
      return `taint ${change.key}:${change.effect}`;
    case 'cordoned':
      return 'cordon';
  }
}

/** What stands on each side of a change, in the words of a diff; null is nothing. */
export function sidesOf(change: Change): { readonly before: string | null; readonly after: string | null } {
  const both = <T>(words: (side: T) => string | null, { before, after }: { before: T; after: T }) => ({
    before: words(before),
    after: words(after),
  });
  switch (change.field) {
    case 'label':
      return both((value) => (value === null ? null : `label ${change.key}=${value}`), change);
    case 'taint':
      return both((taint) => (taint === null ? null : `taint ${taintWords(taint)}`), change);
    case 'cordoned':
      return both((cordoned) => (cordoned ? 'cordoned' : 'schedulable'), change);
  }
}
