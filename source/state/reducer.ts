import type { ClusterEvent, Items, Resource } from '../model/cluster-event.ts';
import type { EventRow } from '../model/kubernetes/event.ts';
import { isFinished, type PodRow } from '../model/kubernetes/pod.ts';
import type { ResourceView } from './cluster-state.ts';
import type { Named, Picture } from './picture.ts';
import { canShrink, NO_SUMS, sumOf, withoutPod, withPod } from './sums.ts';

/** Events kept a node; the oldest go first. */
export const EVENTS_A_NODE = 100;

/**
 * The only thing that changes the picture, in place. Never fails: an event that names what is not there changes
 * nothing but the revision. Each item costs the same whatever the size of the cluster.
 */
export function reduce(picture: Picture, event: ClusterEvent): void {
  switch (event.type) {
    case 'server':
      picture.server = event.facts;
      picture.revision.server += 1;
      return;
    case 'rights':
      picture.rights = event.rights;
      picture.revision.server += 1;
      return;
    case 'latency':
      picture.latency = event.milliseconds;
      picture.unansweredSince = null;
      picture.revision.server += 1;
      return;
    case 'unanswered':
      picture.unansweredSince ??= event.at;
      picture.revision.server += 1;
      return;
    case 'status':
      see(picture, event.resource, { status: event.status });
      if (event.status.state === 'live') heard(picture, event.resource, event.at);
      return;
    case 'heard':
      heard(picture, event.resource, event.at);
      return;
    case 'list-started':
      picture.listing[event.resource] = new Set();
      return;
    case 'list-ended':
      endList(picture, event.resource);
      heard(picture, event.resource, event.at);
      return;
    case 'listed':
    case 'changed':
      putAll(picture, event);
      heard(picture, event.resource, event.at);
      return;
    case 'deleted':
      removeAll(picture, event.resource, event.uids);
      heard(picture, event.resource, event.at);
  }
}

/** How one resource is kept: put replaces what has the same uid, remove ignores a uid that is not there. */
type Shelf<Item> = {
  put(picture: Picture, item: Item): void;
  remove(picture: Picture, uid: string): void;
  uids(picture: Picture): Iterable<string>;
};

/** A shelf whose items are kept by a name; one of the same name and another uid takes the place of the one before. */
const byName = <R extends Named>(
  resource: R,
  shelfOf: (picture: Picture) => Map<string, Items[R]>,
  nameOf: (item: Items[R]) => string,
): Shelf<Items[R]> => ({
  put(picture, item) {
    const shelf = shelfOf(picture);
    const name = nameOf(item);
    const before = shelf.get(name);
    if (before && before.uid !== item.uid) picture.names[resource].delete(before.uid);
    shelf.set(name, item);
    picture.names[resource].set(item.uid, name);
  },
  remove(picture, uid) {
    const name = picture.names[resource].get(uid);
    if (name === undefined) return;
    picture.names[resource].delete(uid);
    shelfOf(picture).delete(name);
  },
  uids: (picture) => picture.names[resource].keys(),
});

const ownName = ({ name }: { readonly name: string }): string => name;

const SHELVES: { readonly [R in Resource]: Shelf<Items[R]> } = {
  nodes: byName('nodes', ({ nodes }) => nodes, ownName),
  pods: { put: putPod, remove: removePod, uids: (picture) => picture.pods.keys() },
  events: { put: putEvent, remove: removeEvent, uids: (picture) => picture.eventNodes.keys() },
  usage: byName(
    'usage',
    ({ usage }) => usage,
    ({ uid }) => uid,
  ),
  persistentVolumes: byName('persistentVolumes', ({ persistentVolumes }) => persistentVolumes, ownName),
  claims: byName(
    'claims',
    ({ claims }) => claims,
    ({ namespace, name }) => `${namespace}/${name}`,
  ),
  storageClasses: byName('storageClasses', ({ storageClasses }) => storageClasses, ownName),
  volumes: byName('volumes', ({ volumes }) => volumes, ownName),
};

/** A view is replaced as a whole, so that one that was kept tells what has changed since. */
function see(picture: Picture, resource: Resource, change: Partial<ResourceView>): void {
  picture.resources[resource] = { ...picture.resources[resource], ...change };
  picture.revision.resources += 1;
}

const heard = (picture: Picture, resource: Resource, at: number): void => see(picture, resource, { heardAt: at });

function putAll<R extends Resource>(
  picture: Picture,
  { resource, items }: { readonly resource: R; readonly items: readonly Items[R][] },
): void {
  const named = picture.listing[resource];
  const shelf: Shelf<Items[R]> = SHELVES[resource];
  for (const item of items) {
    named?.add(item.uid);
    shelf.put(picture, item);
  }
  picture.revision[resource] += 1;
}

function removeAll(picture: Picture, resource: Resource, uids: Iterable<string>): void {
  for (const uid of uids) {
    picture.listing[resource]?.delete(uid);
    SHELVES[resource].remove(picture, uid);
  }
  picture.revision[resource] += 1;
}

function endList(picture: Picture, resource: Resource): void {
  const named = picture.listing[resource];
  if (!named) return;
  picture.listing[resource] = null;
  const gone: string[] = [];
  for (const uid of SHELVES[resource].uids(picture)) if (!named.has(uid)) gone.push(uid);
  removeAll(picture, resource, gone);
}

/** A pod that is going will not be placed any more. */
const isWaiting = (pod: PodRow): boolean => pod.node === null && !isFinished(pod) && !pod.deleting;

function putPod(picture: Picture, pod: PodRow): void {
  const before = picture.pods.get(pod.uid);
  picture.pods.set(pod.uid, pod);
  if (before && before.node !== pod.node) unbind(picture, before);
  if (isWaiting(pod)) picture.pendingPods.set(pod.uid, pod);
  else picture.pendingPods.delete(pod.uid);
  if (pod.node === null) return;
  const bound = picture.podsByNode.get(pod.node) ?? new Map<string, PodRow>();
  picture.podsByNode.set(pod.node, bound.set(pod.uid, pod));
  const sums = picture.sumsByNode.get(pod.node) ?? NO_SUMS;
  picture.sumsByNode.set(
    pod.node,
    canShrink(sums) ? withPod(before?.node === pod.node ? withoutPod(sums, before) : sums, pod) : sumOf(bound.values()),
  );
}

function removePod(picture: Picture, uid: string): void {
  const pod = picture.pods.get(uid);
  if (!pod) return;
  picture.pods.delete(uid);
  picture.pendingPods.delete(uid);
  unbind(picture, pod);
}

/** Takes a pod off the node to which it is bound, and the node off the indexes with its last pod. */
function unbind(picture: Picture, pod: PodRow): void {
  if (pod.node === null) return;
  const bound = picture.podsByNode.get(pod.node);
  const sums = picture.sumsByNode.get(pod.node);
  if (!bound || !sums) return;
  bound.delete(pod.uid);
  if (bound.size > 0) {
    picture.sumsByNode.set(pod.node, canShrink(sums) ? withoutPod(sums, pod) : sumOf(bound.values()));
    return;
  }
  picture.podsByNode.delete(pod.node);
  picture.sumsByNode.delete(pod.node);
}

/** An event without a time is older than any that has one. */
const isAfter = (one: EventRow, other: EventRow): boolean => {
  const [left, right] = [one.at ?? -Infinity, other.at ?? -Infinity];
  return left === right ? one.uid > other.uid : left > right;
};

function putEvent(picture: Picture, event: EventRow): void {
  removeEvent(picture, event.uid);
  const rows = [...(picture.eventsByNode.get(event.node) ?? [])];
  const place = rows.findLastIndex((row) => isAfter(event, row)) + 1;
  rows.splice(place, 0, event);
  picture.eventNodes.set(event.uid, event.node);
  for (const dropped of rows.splice(0, rows.length - EVENTS_A_NODE)) picture.eventNodes.delete(dropped.uid);
  picture.eventsByNode.set(event.node, rows);
}

function removeEvent(picture: Picture, uid: string): void {
  const node = picture.eventNodes.get(uid);
  if (node === undefined) return;
  picture.eventNodes.delete(uid);
  const rows = picture.eventsByNode.get(node)?.filter((row) => row.uid !== uid) ?? [];
  if (rows.length > 0) picture.eventsByNode.set(node, rows);
  else picture.eventsByNode.delete(node);
}
