import type { ClusterEvent, Items, Resource } from '../model/cluster-event.ts';
import { putAnswer, putNoAnswer } from './asked-shelf.ts';
import type { ResourceView } from './cluster-state.ts';
import { putEvent, removeEvent } from './event-shelf.ts';
import type { Named, Picture } from './picture.ts';
import { putPods, removePods } from './pod-shelf.ts';

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
    case 'answer':
      putAnswer(picture, event);
      return;
    case 'no-answer':
      putNoAnswer(picture, event);
      return;
    case 'status':
      see(picture, event.resource, { status: event.status });
      if (event.status.state === 'live') heard(picture, event.resource, event.at);
      return;
    case 'heard':
      heard(picture, event.resource, event.at);
      return;
    case 'list-started':
      picture.listing[event.resource] = new Set(SHELVES[event.resource].uids(picture));
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
  put(picture: Picture, items: readonly Item[]): void;
  remove(picture: Picture, uids: Iterable<string>): void;
  uids(picture: Picture): Iterable<string>;
};

/**
 * A shelf whose items are kept by a name; one of the same name and another uid takes the place of the one before.
 * `noted` is told the name of each that came, changed or went.
 */
const byName = <R extends Named>(
  resource: R,
  shelfOf: (picture: Picture) => Map<string, Items[R]>,
  nameOf: (item: Items[R]) => string,
  noted?: (picture: Picture, name: string) => void,
): Shelf<Items[R]> => ({
  put(picture, items) {
    const shelf = shelfOf(picture);
    const names = picture.names[resource];
    for (const item of items) {
      const name = nameOf(item);
      const before = shelf.get(name);
      if (before && before.uid !== item.uid) names.delete(before.uid);
      shelf.set(name, item);
      names.set(item.uid, name);
      noted?.(picture, name);
    }
  },
  remove(picture, uids) {
    const names = picture.names[resource];
    for (const uid of uids) {
      const name = names.get(uid);
      if (name === undefined) continue;
      names.delete(uid);
      shelfOf(picture).delete(name);
      noted?.(picture, name);
    }
  },
  uids: (picture) => picture.names[resource].keys(),
});

/** What the row of a node is made from. */
const ofRow = ({ nodeChanges }: Picture, node: string): void => nodeChanges.add(node);

/** A name that is one of a kind in its namespace alone. */
const fullName = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${name}`;

const ownName = ({ name }: { readonly name: string }): string => name;

const SHELVES: { readonly [R in Resource]: Shelf<Items[R]> } = {
  nodes: byName('nodes', ({ nodes }) => nodes, ownName, ofRow),
  pods: { put: putPods, remove: removePods, uids: (picture) => picture.pods.keys() },
  events: {
    put: (picture, events) => events.forEach((event) => putEvent(picture, event)),
    remove: (picture, uids) => {
      for (const uid of uids) removeEvent(picture, uid);
    },
    uids: (picture) => picture.eventNodes.keys(),
  },
  usage: byName(
    'usage',
    ({ usage }) => usage,
    ({ uid }) => uid,
    ofRow,
  ),
  persistentVolumes: byName('persistentVolumes', ({ persistentVolumes }) => persistentVolumes, ownName),
  claims: byName('claims', ({ claims }) => claims, fullName),
  storageClasses: byName('storageClasses', ({ storageClasses }) => storageClasses, ownName),
  volumes: byName('volumes', ({ volumes }) => volumes, ownName),
  deployments: byName('deployments', ({ deployments }) => deployments, fullName),
  daemonSets: byName('daemonSets', ({ daemonSets }) => daemonSets, fullName),
  statefulSets: byName('statefulSets', ({ statefulSets }) => statefulSets, fullName),
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
  const unnamed = picture.listing[resource];
  const shelf: Shelf<Items[R]> = SHELVES[resource];
  if (unnamed !== null) for (const { uid } of items) unnamed.delete(uid);
  shelf.put(picture, items);
  picture.revision[resource] += 1;
}

function removeAll(picture: Picture, resource: Resource, uids: Iterable<string>): void {
  SHELVES[resource].remove(picture, uids);
  picture.revision[resource] += 1;
}

function endList(picture: Picture, resource: Resource): void {
  const unnamed = picture.listing[resource];
  if (unnamed === null) return;
  picture.listing[resource] = null;
  removeAll(picture, resource, unnamed);
}
