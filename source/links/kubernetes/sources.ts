import type { Items, Resource } from '../../model/cluster-event.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { createPodDecoder, decodeEvent, decodeNode } from './decode.ts';
import { decodeClaim, decodePersistentVolume, decodeStorageClass, decodeVolume } from './decode-storage.ts';
import { decodeUsage } from './decode-usage.ts';
import { decodeDaemonSet, decodeDeployment, decodeStatefulSet } from './decode-workload.ts';
import { followResource, type FollowEvent } from './list-watch.ts';
import type { Listing } from './pages.ts';
import { pollResource } from './poll.ts';
import type { Reachability } from './reachability.ts';
import { SCHEMAS } from './protobuf-schemas.ts';
import { READS } from './reads.ts';

/** Where a resource is listed, in the words of reads.ts, and how it is read from protobuf where the server has that. */
export const listingOf = (name: Resource, query: Readonly<Record<string, string>> = {}): Listing => ({
  name: READS[name].what.replace(/^list /, ''),
  path: READS[name].path,
  query,
  protobuf: (SCHEMAS as Readonly<Partial<Record<Resource, Listing['protobuf']>>>)[name],
});

/** What is asked of a resource besides all of it. */
const QUERIES: Readonly<Partial<Record<Resource, Listing['query']>>> = {
  events: { fieldSelector: 'involvedObject.kind=Node' },
};

/** How an object of a resource becomes a row; the rows of one decoder share what they have in common. */
export const decoderOf = <R extends Resource>(resource: R): ((object: unknown) => Items[R] | null) =>
  DECODERS[resource]();

const DECODERS: { readonly [R in Resource]: () => (object: unknown) => Items[R] | null } = {
  nodes: () => decodeNode,
  pods: createPodDecoder,
  events: () => decodeEvent,
  usage: () => decodeUsage,
  persistentVolumes: () => decodePersistentVolume,
  claims: () => decodeClaim,
  storageClasses: () => decodeStorageClass,
  volumes: () => decodeVolume,
  deployments: () => decodeDeployment,
  daemonSets: () => decodeDaemonSet,
  statefulSets: () => decodeStatefulSet,
};

type FollowSource = {
  readonly connection: Pick<Connection, 'request' | 'json' | 'access'>;
  /** Shared by all that one console follows. */
  readonly reachability: Reachability;
  readonly emit: (event: FollowEvent<Items[Resource]>) => void | Promise<void>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
};

/** Follows a resource in the way it can be: lists and watches it, or asks for it from time to time. Never rejects. */
export function followSource(resource: Resource, how: FollowSource): Promise<void> {
  const follow = { ...how, listing: listingOf(resource, QUERIES[resource]), decode: decoderOf(resource) };
  return resource === 'usage'
    ? pollResource({ ...follow, what: READS.usage.what })
    : followResource<Items[Resource]>({ ...follow, heartbeats: resource === 'nodes', leads: resource === 'nodes' });
}
