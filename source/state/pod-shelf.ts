import { isFinished, type PodRow } from '../model/kubernetes/pod.ts';
import type { Picture } from './picture.ts';
import { addPod, canShrink, openSums, sumOf, takePod, type OpenSums } from './sums.ts';

/** The sums of the nodes that a batch of pods touches, by node name: opened once, given to the picture at its end. */
type Batch = { readonly picture: Picture; readonly sums: Map<string, OpenSums> };

/** Puts pods, each in the place of the one with its uid. */
export function putPods(picture: Picture, pods: readonly PodRow[]): void {
  const batch: Batch = { picture, sums: new Map() };
  for (const pod of pods) put(batch, pod);
  close(batch);
}

/** Takes pods away; a uid that is not there changes nothing. */
export function removePods(picture: Picture, uids: Iterable<string>): void {
  const batch: Batch = { picture, sums: new Map() };
  for (const uid of uids) {
    const pod = picture.pods.get(uid);
    if (pod === undefined) continue;
    picture.pods.delete(uid);
    if (picture.pendingPods.delete(uid)) picture.pendingChanges.add(uid);
    unbind(batch, pod);
  }
  close(batch);
}

/** A pod that is going will not be placed any more. */
const isWaiting = (pod: PodRow): boolean => pod.node === null && !isFinished(pod) && !pod.deleting;

/**
 * Whether a node with one in the place of the other has the same sums and the same room: most of what happens to a pod
 * changes neither. Rows share what they have in common, so that another object is another value as a rule.
 */
const isCountedAlike = (one: PodRow, other: PodRow): boolean =>
  one.node === other.node &&
  one.phase === other.phase &&
  one.requests === other.requests &&
  one.limits === other.limits &&
  one.unlimited === other.unlimited &&
  one.placement === other.placement;

function put(batch: Batch, pod: PodRow): void {
  const { picture } = batch;
  const before = picture.pods.get(pod.uid);
  picture.pods.set(pod.uid, pod);
  if (before !== undefined && before.node !== pod.node) unbind(batch, before);
  if (isWaiting(pod)) {
    picture.pendingPods.set(pod.uid, pod);
    picture.pendingChanges.add(pod.uid);
  } else if (picture.pendingPods.delete(pod.uid)) picture.pendingChanges.add(pod.uid);
  if (pod.node === null) return;
  const bound = picture.podsByNode.get(pod.node) ?? new Map<string, PodRow>();
  picture.podsByNode.set(pod.node, bound.set(pod.uid, pod));
  if (before !== undefined && isCountedAlike(before, pod)) return;
  const sums = opened(batch, pod.node);
  const isNew = before?.node !== pod.node;
  if (!isNew && !canShrink(sums)) batch.sums.set(pod.node, sumOf(bound.values()));
  else {
    if (!isNew) takePod(sums, before);
    addPod(sums, pod);
  }
}

/** Takes a pod off the node to which it is bound. */
function unbind(batch: Batch, pod: PodRow): void {
  if (pod.node === null) return;
  const bound = batch.picture.podsByNode.get(pod.node);
  if (bound?.delete(pod.uid) !== true) return;
  const sums = opened(batch, pod.node);
  if (canShrink(sums)) takePod(sums, pod);
  else batch.sums.set(pod.node, sumOf(bound.values()));
}

function opened({ picture, sums }: Batch, node: string): OpenSums {
  const before = sums.get(node);
  if (before !== undefined) return before;
  const made = openSums(picture.sumsByNode.get(node));
  sums.set(node, made);
  return made;
}

/** Gives the sums to the picture, and takes a node off the indexes with its last pod. */
function close({ picture, sums }: Batch): void {
  for (const [node, made] of sums) {
    if (picture.podsByNode.get(node)?.size === 0) picture.podsByNode.delete(node);
    if (picture.podsByNode.has(node)) picture.sumsByNode.set(node, made);
    else picture.sumsByNode.delete(node);
    picture.nodeChanges.add(node);
  }
}
