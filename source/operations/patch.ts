import { isDeepStrictEqual } from 'node:util';
import type { ClusterNode, Taint } from '../model/kubernetes/node.ts';
import { labelOf, taintsAfter } from './change.ts';
import type { Change, PatchOperation } from './operation.ts';

/** A path of a JSON patch (RFC 6901): `~` and `/` inside a part are escaped. */
const path = (...parts: readonly string[]): string =>
  parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** A taint as the API server writes it: an empty value and a missing time are left out. */
const wireTaint = ({ key, value, effect, timeAdded }: Taint) => ({
  key,
  ...(value === '' ? {} : { value }),
  effect,
  ...(timeAdded === null ? {} : { timeAdded }),
});

/** What decided on changes besides what they change: labels, and whether the taints did. */
export type Ground = { readonly labels: readonly string[]; readonly taints: boolean };

const NO_GROUND: Ground = { labels: [], taints: false };

/**
 * The JSON patch that makes the changes, guarded by tests on what they rest on: the uid, each label of the changes and
 * of `ground`, the list of taints as a whole, the cordon. A kubelet that writes status in between does not disturb it; whoever
 * changes the same label, any taint, or re-creates the node makes the server refuse it with 422 and change nothing.
 *
 * That a field is absent is tested with the value null, which the API server takes so for every member of an object
 * (its JSON patch library compares a missing member with null as equal).
 */
export function patchFor(
  node: ClusterNode,
  changes: readonly Change[],
  ground: Ground = NO_GROUND,
): readonly PatchOperation[] {
  return [
    { op: 'test', path: path('metadata', 'uid'), value: node.uid },
    ...labelTests(node, changes, ground.labels),
    ...labelOperations(node, changes),
    ...taintOperations(node, changes, ground),
    ...cordonOperations(changes),
  ];
}

/** Of a node without labels one test says that it has none, which a change of labels makes itself. */
function labelTests(
  node: ClusterNode,
  changes: readonly Change[],
  ground: Ground['labels'],
): readonly PatchOperation[] {
  const isChanged = (key: string) => changes.some((change) => change.field === 'label' && change.key === key);
  const keys = ground.filter((key) => !isChanged(key));
  if (keys.length === 0) return [];
  if (Object.keys(node.labels).length > 0)
    return keys.map((key) => ({ op: 'test', path: path('metadata', 'labels', key), value: labelOf(node, key) }));
  const isTested = changes.some(({ field }) => field === 'label');
  return isTested ? [] : [{ op: 'test', path: path('metadata', 'labels'), value: null }];
}

function labelOperations(node: ClusterNode, changes: readonly Change[]): readonly PatchOperation[] {
  const labels = changes.filter((change) => change.field === 'label');
  if (labels.length === 0) return [];
  if (Object.keys(node.labels).length === 0) {
    const all = Object.fromEntries(labels.flatMap(({ key, after }) => (after === null ? [] : [[key, after]])));
    return setOrRemove(path('metadata', 'labels'), null, all);
  }
  return labels.flatMap(({ key, before, after }) => setOrRemove(path('metadata', 'labels', key), before, after));
}

function taintOperations(node: ClusterNode, changes: readonly Change[], { taints }: Ground): readonly PatchOperation[] {
  const at = path('spec', 'taints');
  const before = node.taints?.map(wireTaint) ?? null;
  if (!changes.some((change) => change.field === 'taint'))
    return taints ? [{ op: 'test', path: at, value: before }] : [];
  const after = taintsAfter(node, changes).map(wireTaint);
  return setOrRemove(at, before, after.length === 0 ? null : after);
}

/** The API server leaves out `unschedulable` when it is false. */
const cordonOperations = (changes: readonly Change[]): readonly PatchOperation[] =>
  changes
    .filter((change) => change.field === 'cordoned')
    .flatMap(({ before, after }) => setOrRemove(path('spec', 'unschedulable'), before || null, after || null));

/**
 * What stands on the node at a path that `patchFor` tests, as the API server writes it; null is nothing, and undefined
 * that the object which would hold it is not there either, so that no test of it can pass.
 */
function standsAt(node: ClusterNode, at: string): unknown {
  switch (at) {
    case path('metadata', 'uid'):
      return node.uid;
    case path('metadata', 'labels'):
      return Object.keys(node.labels).length === 0 ? null : node.labels;
    case path('spec', 'taints'):
      return node.taints?.map(wireTaint) ?? null;
    case path('spec', 'unschedulable'):
      return node.cordoned || null;
    default:
      return Object.keys(node.labels).length === 0 ? undefined : labelOf(node, part(at, 2));
  }
}

const part = (at: string, place: number): string =>
  (at.split('/')[place + 1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');

/**
 * What of a patch's tests no longer holds on the node, in words for people, as in "its taints"; empty when the patch
 * can still be made, so that a refusal has another cause.
 */
export function movedSince(node: ClusterNode, patch: readonly PatchOperation[]): readonly string[] {
  return patch
    .filter(
      (operation) => operation.op === 'test' && !isDeepStrictEqual(standsAt(node, operation.path), operation.value),
    )
    .map(({ path: at }) => TESTED[at] ?? `its label ${part(at, 2)}`);
}

const TESTED: Readonly<Record<string, string>> = {
  [path('metadata', 'uid')]: 'the node itself, which was re-created under the same name',
  [path('metadata', 'labels')]: 'its labels',
  [path('spec', 'taints')]: 'its taints',
  [path('spec', 'unschedulable')]: 'its cordon',
};

/** Tests what stands at a path and writes what will stand there; null is nothing. */
function setOrRemove(at: string, before: unknown, after: unknown): readonly PatchOperation[] {
  const test = { op: 'test', path: at, value: before } as const;
  if (after === null) return before === null ? [test] : [test, { op: 'remove', path: at }];
  return [test, { op: before === null ? 'add' : 'replace', path: at, value: after }];
}
