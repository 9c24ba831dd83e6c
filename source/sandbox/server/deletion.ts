import { timestamp } from '../clock.ts';
import type { KubernetesObject, ObjectMeta, Pod } from '../wire.ts';
import { keyOf } from '../world/store.ts';
import { existing, type ChangeContext } from './change.ts';
import { deleteOptions, type DeleteOptions } from './options.ts';
import type { JsonObject } from './patch.ts';
import type { Resource } from './resource.ts';
import { preconditionFailed, success, type Status } from './status.ts';

/** What a delete leaves: the object as it was last, or the Status of success. */
export type Removed = { object: KubernetesObject } | { status: Status };

/**
 * Deletes an object. A pod that runs is marked first and goes when its kubelet has stopped it; what has finalizers is
 * marked and goes with the last of them. Throws 404, and the 409 of a precondition.
 */
export function remove(context: ChangeContext, name: string, body: JsonObject | null): Removed {
  return removeObject(context, existing(context, name), deleteOptions(context.query, body));
}

/** Deletes each of some objects, and answers them as they were. */
export function removeAll(
  context: ChangeContext,
  objects: readonly KubernetesObject[],
  body: JsonObject | null,
): KubernetesObject[] {
  const options = deleteOptions(context.query, body);
  for (const object of objects) {
    if (context.collection.get(keyOf(object))) removeObject(context, object, options);
  }
  return [...objects];
}

/** Deletes an object that was found, or marks it where it cannot go at once. Throws the 409 of a precondition. */
export function removeObject(context: ChangeContext, object: KubernetesObject, options: DeleteOptions): Removed {
  const { resource, collection, clock } = context;
  const { name, uid } = object.metadata;
  refuseOtherObject(resource, object.metadata, options);
  const grace = graceOf(resource, object, options);
  const { finalizers = [] } = object.metadata;
  const marked = mark(object, grace, clock.now());
  const stays = grace > 0 || finalizers.length > 0;
  if (!options.dry) {
    if (!stays) collection.remove(keyOf(object));
    else if (marked !== object) collection.put(marked);
  }
  if (resource.returnsDeleted || stays) return { object: marked };
  const { group, plural } = resource;
  return { status: success({ name, ...(group === '' ? {} : { group }), kind: plural, uid }) };
}

/** The object with the time at which it goes. A mark that is there is only ever moved forward. */
function mark(object: KubernetesObject, grace: number, now: number): KubernetesObject {
  const { metadata } = object;
  const { deletionTimestamp, deletionGracePeriodSeconds: before = 0 } = metadata;
  if (deletionTimestamp !== undefined && grace >= before) return object;
  const since = deletionTimestamp === undefined ? now : Date.parse(deletionTimestamp) - before * 1000;
  return {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: timestamp(since + grace * 1000),
      deletionGracePeriodSeconds: grace,
    },
  };
}

/** Throws the 409 of an object that is not, or no longer, the one that is meant. */
export function refuseOtherObject(
  resource: Resource,
  { name, uid, resourceVersion }: ObjectMeta,
  wanted: Pick<DeleteOptions, 'uid' | 'resourceVersion'>,
): void {
  if (wanted.uid !== null && wanted.uid !== uid) throw preconditionFailed(resource, name, 'UID', wanted.uid, uid);
  if (wanted.resourceVersion !== null && wanted.resourceVersion !== resourceVersion) {
    throw preconditionFailed(resource, name, 'ResourceVersion', wanted.resourceVersion, resourceVersion);
  }
}

/** How many seconds a pod has to stop: none where nothing runs, and none for anything else. */
function graceOf(resource: Resource, object: KubernetesObject, { grace }: DeleteOptions): number {
  if (resource.kind !== 'Pod') return 0;
  const { spec, status } = object as Pod;
  if (spec.nodeName === undefined || status.phase === 'Succeeded' || status.phase === 'Failed') return 0;
  return grace ?? spec.terminationGracePeriodSeconds;
}
