import type { SandboxClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { KubernetesObject } from '../wire.ts';
import type { Etcd } from '../world/etcd/etcd.ts';
import type { Change, Collection } from '../world/store.ts';
import { revisionOf, validateListOptions, type Selection } from './list.ts';
import type { EventWriter } from './events.ts';
import type { Resource } from './resource.ts';
import { expired } from './status.ts';

/** How a stream of events is written and ended; the answer of a watch stops it when the client goes away. */
export type StreamSink = { write(part: string | Buffer): void; end(): void };

export type WatchOptions = {
  resource: Resource;
  collection: Collection;
  selection: Selection;
  query: URLSearchParams;
  writer: EventWriter;
  clock: SandboxClock;
  random: Random;
  /** While it has no quorum nothing can be watched. */
  etcd: Pick<Etcd, 'hasQuorum' | 'subscribe'>;
  /** Milliseconds between bookmarks. */
  bookmarkInterval: number;
};

/** A server that is not told how long to watch takes a random time of at least half an hour. */
const SHORTEST_DEFAULT_SECONDS = 1800;
/** The last bookmark comes this long before the end. */
const LAST_BOOKMARK_MILLISECONDS = 2000;

/**
 * Starts a watch: events after the given revision, or all that is there as ADDED when the revision is 0 or missing.
 * A revision that has been forgotten is one ERROR event (410) in an answer of status 200. An object that begins to be
 * selected comes as ADDED, one that leaves the selection as DELETED. Throws what is wrong with the request.
 */
export function openWatch(options: WatchOptions): (sink: StreamSink) => () => void {
  const { collection, query } = options;
  validateListOptions(query, true);
  const wanted = revisionOf(query);
  const past = wanted === null || wanted === 0 ? null : collection.since(wanted);
  return (sink) => {
    if (wanted !== null && wanted !== 0 && past === null) {
      const { status } = expired(tooOld(options.resource, wanted, collection.oldest + 1));
      sink.write(options.writer.error(status));
      sink.end();
      return () => undefined;
    }
    return follow(options, sink, wanted, past);
  };
}

const tooOld = ({ cached }: Resource, wanted: number, oldest: number): string =>
  cached ? `too old resource version: ${wanted} (${oldest})` : 'The resourceVersion for the provided watch is too old.';

function follow(options: WatchOptions, sink: StreamSink, from: number | null, past: Change[] | null): () => void {
  const { collection, selection, query, writer, clock, etcd } = options;
  const ends: (() => void)[] = [];
  let over = false;
  const send = (type: string, object: KubernetesObject): void => sink.write(writer.event(type, object, clock.now()));
  const tell = (change: Change): void => {
    // A revision from the future stays silent until the server has caught up with it.
    if (from !== null && change.revision <= from) return;
    const event = selectedEvent(change, selection);
    if (event) send(event.type, event.object);
  };
  const stop = (): void => {
    over = true;
    for (const end of ends.splice(0)) end();
  };

  if (past === null) for (const object of collection.all()) if (selection.selects(object)) send('ADDED', object);
  for (const change of past ?? []) tell(change);
  ends.push(collection.subscribe(tell));

  ends.push(
    etcd.subscribe(() => {
      if (etcd.hasQuorum) return;
      stop();
      sink.end();
    }),
  );
  const seconds = timeoutOf(query, options.random);
  ends.push(
    clock.after(seconds * 1000, () => {
      stop();
      sink.end();
    }),
  );
  if (query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1') {
    const bookmark = (): void => sink.write(writer.bookmark(collection.revisions.current));
    ends.push(clock.after(Math.max(0, seconds * 1000 - LAST_BOOKMARK_MILLISECONDS), bookmark));
    const again = (): void => {
      if (over) return;
      ends.push(
        clock.after(options.bookmarkInterval, () => {
          bookmark();
          again();
        }),
      );
    };
    again();
  }
  return stop;
}

function timeoutOf(query: URLSearchParams, random: Random): number {
  const seconds = Number(query.get('timeoutSeconds'));
  return Number.isInteger(seconds) && seconds > 0 ? seconds : SHORTEST_DEFAULT_SECONDS * (1 + random.next());
}

/** What a change means to someone who watches a selection, or null when it means nothing. */
function selectedEvent(
  { type, object, previous, revision }: Change,
  { selects }: Selection,
): { type: string; object: KubernetesObject } | null {
  const was = previous !== null && selects(previous);
  const is = type !== 'DELETED' && selects(object);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object };
  if (!was) return null;
  if (type === 'DELETED') return { type: 'DELETED', object };
  // The last state that was selected, at the revision at which it stopped being so.
  return {
    type: 'DELETED',
    object: { ...previous, metadata: { ...previous.metadata, resourceVersion: String(revision) } },
  };
}
