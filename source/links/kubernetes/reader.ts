import type { ClusterEvent, Items, Resource } from '../../model/cluster-event.ts';
import type { EventRow } from '../../model/kubernetes/event.ts';
import type { NodeUsage } from '../../model/kubernetes/node-usage.ts';
import type { ClusterNode } from '../../model/kubernetes/node.ts';
import type { PodRow } from '../../model/kubernetes/pod.ts';
import { CLUSTER_VERSION_ANNOTATION } from '../../product/keys.ts';
import { realClock, type Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { decodeEvent, decodeNode } from './decode.ts';
import { decodeUsage } from './decode-usage.ts';
import { protocolFailure } from './failure.ts';
import { asName, asObject } from './fields.ts';
import { createLinkThread } from './link-thread.ts';
import { partsOf, type Listing } from './pages.ts';
import { createReachability } from './reachability.ts';
import { about, READS, readsOnly, type Read } from './reads.ts';
import { decoderOf, followSource, listingOf } from './sources.ts';
import type { ToldEvent } from './thread-messages.ts';
import { isOfProtobuf } from './watch-events.ts';

/** A right in the terms of Kubernetes: a verb on a resource, of one name or of any. */
export type Right = {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly group?: string;
  readonly name?: string;
  readonly namespace?: string;
};

/**
 * All that is read through the API server (reads.ts has the list). What is asked once rejects with a LinkFailure, with
 * a ConfigurationError when the credentials cannot be had, or with the signal's reason.
 */
export type KubernetesReader = {
  /** Keeps telling about a resource until the signal aborts; resolves then, and never rejects. */
  readonly follow: (resource: Resource, emit: (event: ClusterEvent) => void, signal: AbortSignal) => Promise<void>;
  readonly node: (name: string, signal?: AbortSignal) => Promise<ClusterNode>;
  /** Pods of one node, or all. */
  readonly pods: (of?: { readonly node?: string; readonly signal?: AbortSignal }) => Promise<readonly PodRow[]>;
  readonly eventsOfNode: (name: string, signal?: AbortSignal) => Promise<readonly EventRow[]>;
  /** All of a resource that is listed as a whole. */
  readonly all: <R extends Whole>(resource: R, signal?: AbortSignal) => Promise<readonly Items[R][]>;
  /** What the nodes use now, which is not listed by pages. */
  readonly usage: (signal?: AbortSignal) => Promise<readonly NodeUsage[]>;
  /** Version of the API server, as in `v1.29.8`. */
  readonly version: (signal?: AbortSignal) => Promise<string>;
  /** Version of MetalK8s; null where the kube-system namespace does not carry it. */
  readonly metalk8sVersion: (signal?: AbortSignal) => Promise<string | null>;
  readonly mayI: (right: Right, signal?: AbortSignal) => Promise<boolean>;
  /** Milliseconds of a small authenticated read that reaches storage, which /livez and cached lists do not. */
  readonly ping: (signal?: AbortSignal) => Promise<number>;
};

/** Resources that are small, listed by pages and always read whole. */
export type Whole = Exclude<Resource, 'pods' | 'events' | 'usage'>;

export type ReaderSetting = {
  readonly clock: Clock;
  readonly random: () => number;
  /** Resources are followed on the calling thread, by `clock`, in place of one of their own, which goes by real time. */
  readonly onThisThread?: boolean | undefined;
};

export function createReader(
  way: Connection,
  { clock, random, onThisThread = false }: ReaderSetting = { clock: realClock, random: Math.random },
): KubernetesReader {
  const connection = readsOnly(way);
  const ask = async (
    read: Read,
    more: { readonly body?: string; readonly query?: Record<string, string> },
    signal?: AbortSignal,
  ) => asObject(await connection.json({ ...read, ...more, ...(signal ? { signal } : {}) }));
  const all = async <T>(
    listing: Listing,
    decode: (object: unknown) => T | null,
    signal?: AbortSignal,
  ): Promise<readonly T[]> => {
    const rows: T[] = [];
    try {
      for await (const part of partsOf(connection, listing, signal))
        for (const item of part.items) {
          const row = decode(item);
          if (row !== null) rows.push(row);
        }
      return rows;
    } catch (error) {
      if (!isOfProtobuf(error)) throw error;
      return all({ ...listing, protobuf: undefined }, decode, signal);
    }
  };
  const foreign = (read: Read) =>
    protocolFailure({ what: read.what, server: connection.access.server }, 'the answer is not what Kubernetes sends');
  const thread = createLinkThread({ connection: way, clock, random });
  const reachability = createReachability(clock, random);

  return {
    follow: (resource, emit, signal) => {
      // The events of a resource are those of its link with its name added.
      const tell = (event: ToldEvent) => emit({ ...event, resource } as ClusterEvent);
      return onThisThread
        ? followSource(resource, { connection, reachability, emit: tell, clock, random, signal })
        : thread.follow(resource, tell, signal);
    },
    all: (resource, signal) => all(listingOf(resource), decoderOf(resource), signal),
    usage: async (signal) => {
      const items = (await ask(READS.usage, {}, signal))?.['items'];
      if (!Array.isArray(items)) throw foreign(READS.usage);
      return items.map(decodeUsage).filter((item) => item !== null);
    },
    node: async (name, signal) => {
      const read = about(READS.node, name);
      const node = decodeNode(await ask(read, {}, signal));
      if (node === null) throw foreign(read);
      return node;
    },
    pods: ({ node, signal } = {}) =>
      all(
        listingOf('pods', node === undefined ? {} : { fieldSelector: `spec.nodeName=${node}` }),
        decoderOf('pods'),
        signal,
      ),
    eventsOfNode: (name, signal) =>
      all(
        listingOf('events', { fieldSelector: `involvedObject.kind=Node,involvedObject.name=${name}` }),
        decodeEvent,
        signal,
      ),
    version: async (signal) => {
      const version = asName((await ask(READS.version, {}, signal))?.['gitVersion']);
      if (version === null) throw foreign(READS.version);
      return version;
    },
    metalk8sVersion: async (signal) => {
      const namespace = await ask(READS.systemNamespace, {}, signal);
      return asName(asObject(asObject(namespace?.['metadata'])?.['annotations'])?.[CLUSTER_VERSION_ANNOTATION]);
    },
    mayI: async (right, signal) => {
      const body = JSON.stringify({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: right },
      });
      const answer = await ask(READS.accessReview, { body }, signal);
      const allowed = asObject(answer?.['status'])?.['allowed'];
      if (typeof allowed !== 'boolean') throw foreign(READS.accessReview);
      return allowed;
    },
    ping: async (signal) => {
      const before = performance.now();
      await ask(READS.nodes, { query: { limit: '1' } }, signal);
      return performance.now() - before;
    },
  };
}
