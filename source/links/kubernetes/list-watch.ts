import type { ResourceStatus } from '../../model/cluster-event.ts';
import { createBackoff } from './backoff.ts';
import { createChangeBatch } from './change-batch.ts';
import { pause, type Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { LinkFailure, protocolFailure, statusFailure } from './failure.ts';
import { asName, asNumber, asObject, type Fields } from './fields.ts';
import { LineTooLong, linesOf } from './lines.ts';
import { pagesOf, type Listing } from './pages.ts';
import { createSight } from './sight.ts';

/** What following a resource tells; with the resource's name added, the events of the model. */
export type FollowEvent<T> =
  | { readonly type: 'status'; readonly at: number; readonly status: ResourceStatus }
  | { readonly type: 'list-started' | 'list-ended' | 'heard'; readonly at: number }
  | { readonly type: 'listed' | 'changed'; readonly at: number; readonly items: readonly T[] }
  | { readonly type: 'deleted'; readonly at: number; readonly uids: readonly string[] };

type Row = { readonly uid: string };

export type Follow<T extends Row> = {
  readonly connection: Pick<Connection, 'request' | 'json' | 'access'>;
  readonly listing: Listing;
  /** An object of the wire as a row; null when it is no such object. */
  readonly decode: (object: unknown) => T | null;
  /** Told in order; while a promise that it returns is open, nothing more is read from the server. */
  readonly emit: (event: FollowEvent<T>) => void | Promise<void>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
};

/** A bookmark comes once a minute, so this long without a byte is a dead connection. */
const LONGEST_SILENCE = 90_000;
/** Objects are at most a few MB in etcd. */
const LONGEST_LINE = 16 * 1024 * 1024;
/** A watch that starts too old is told so at once; only after this is an accepted one believed. */
const PROOF = 300;
/** Watches that brought nothing at all: the version may lie in a future that was lost with a restored etcd. */
const MOST_SILENT_WATCHES = 2;
const RELIST_AT_ONCE = 10_000;
const SHORTEST_WATCH = 1_000;

/**
 * Keeps a picture of one resource up to date until the signal aborts: lists it by pages, then watches from there,
 * resumes where a watch ended, and lists again when its version has expired (410) or anything else puts the picture in
 * doubt. A failure never ends it: it waits (backoff.ts) and tries again. Resolves after the abort, with no timer or
 * socket left; never rejects.
 */
export async function followResource<T extends Row>(follow: Follow<T>): Promise<void> {
  const { clock, random, signal, listing } = follow;
  const emit = async (event: FollowEvent<T>) => {
    if (!signal.aborted) await follow.emit(event);
  };
  const sight = createSight(listing.name, clock, (status) => void emit({ type: 'status', at: clock.now(), status }));
  const backoff = createBackoff(clock, random);
  /** Where the next watch starts; without a version it is to be listed first. */
  const held: { version: string | null } = { version: null };
  let listedAt = -Infinity;
  let refusals = 0;
  let silentWatches = 0;

  const list = async (): Promise<void> => {
    listedAt = clock.now();
    let loaded = 0;
    let started: string | null = null;
    for await (const page of pagesOf(follow.connection, listing, signal)) {
      if (started === null) await emit({ type: 'list-started', at: clock.now() });
      started ??= page.resourceVersion;
      const items = page.items.map(follow.decode).filter((item) => item !== null);
      loaded += items.length;
      await emit({ type: 'listed', at: clock.now(), items });
      sight.loading(loaded, page.remaining === null ? null : loaded + page.remaining);
    }
    sight.listed();
    await emit({ type: 'list-ended', at: clock.now() });
    held.version = started;
  };

  /** Resolves when the watch ended as watches do; whether it stood long enough to be opened again at once. */
  const watch = async (from: string, proven: boolean): Promise<boolean> => {
    const what = `watch ${listing.name}`;
    const about = { what, server: follow.connection.access.server };
    const ending = new AbortController();
    const end = () => ending.abort(signal.reason ?? new Error('silence'));
    signal.addEventListener('abort', end);
    const guard = createTimer(clock, end);
    const proof = createTimer(clock, sight.live);
    const batch = createChangeBatch<T>(clock, async ({ deleted, changed }) => {
      if (deleted.length > 0) await emit({ type: 'deleted', at: clock.now(), uids: deleted });
      if (changed.length > 0) await emit({ type: 'changed', at: clock.now(), items: changed });
    });
    const openedAt = clock.now();
    let lines = 0;
    guard.start(LONGEST_SILENCE);
    try {
      if (signal.aborted) return false;
      const query = {
        ...listing.query,
        watch: '1',
        resourceVersion: from,
        allowWatchBookmarks: 'true',
        timeoutSeconds: String(Math.round(300 + random() * 300)),
      };
      const path = listing.path;
      const request = { what, method: 'GET', path, query, signal: ending.signal, silence: null } as const;
      const answer = await follow.connection.request(request);
      backoff.healthy();
      refusals = 0;
      if (proven) sight.live();
      else proof.start(PROOF);
      for await (const chunk of linesOf(answer.body, LONGEST_LINE)) {
        guard.start(LONGEST_SILENCE);
        for (const line of chunk) {
          if (line === '') continue;
          const event = eventOf(line, about);
          lines += 1;
          if (event.type === 'BOOKMARK') await emit({ type: 'heard', at: clock.now() });
          else if (event.type === 'DELETED') batch.remove(event.uid);
          else {
            const item = follow.decode(event.object);
            if (item !== null) batch.change(item);
          }
          held.version = event.version;
        }
        if (lines > 0) {
          sight.heard();
          proof.stop();
          sight.live();
        }
        await batch.flush();
      }
    } catch (error) {
      // Silence alone proves nothing: the next watch, or its failure, does.
      if (!ending.signal.aborted) throw error instanceof LineTooLong ? protocolFailure(about, error.message) : error;
    } finally {
      guard.stop();
      proof.stop();
      signal.removeEventListener('abort', end);
      await batch.end();
    }
    silentWatches = lines === 0 ? silentWatches + 1 : 0;
    if (silentWatches >= MOST_SILENT_WATCHES) {
      held.version = null;
      silentWatches = 0;
    }
    return clock.now() - openedAt >= SHORTEST_WATCH;
  };

  const waitAfter = (error: unknown, verb: 'list' | 'watch'): number => {
    const cause = error instanceof WatchError ? error.failure : error;
    const failure = cause instanceof LinkFailure ? cause : null;
    const now = sight.failed(cause, verb);
    // Whoever may list and not watch sees a list from time to time.
    const inDoubt = failure?.kind === 'gone' || failure?.kind === 'protocol' || now === 'denied';
    if (inDoubt || error instanceof WatchError) held.version = null;
    if (failure?.kind === 'gone' && clock.now() - listedAt >= RELIST_AT_ONCE) return 0;
    if (now === 'starting') return 1_000 + random() * 1_000;
    if (now === 'lost') return backoff.next(failure?.retryAfter ?? null);
    // Rights are given, and resources come, while the console runs. The first time a server may just be starting.
    refusals += 1;
    return refusals === 1 ? 5_000 : 30_000 + random() * 30_000;
  };

  sight.loading(0, null);
  while (!signal.aborted) {
    let verb: 'list' | 'watch' = 'list';
    try {
      const fresh = held.version === null;
      if (fresh) await list();
      verb = 'watch';
      if (held.version !== null && !(await watch(held.version, fresh))) await pause(clock, backoff.next(null), signal);
    } catch (error) {
      await pause(clock, waitAfter(error, verb), signal);
    }
  }
}

/** An ERROR event: the server ends the watch in the middle of its stream. */
class WatchError extends Error {
  readonly failure: LinkFailure;

  constructor(failure: LinkFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

type WatchEvent = { readonly type: string; readonly object: Fields; readonly uid: string; readonly version: string };

function eventOf(line: string, about: { readonly what: string; readonly server: string }): WatchEvent {
  const event = asObject(parsed(line));
  const object = asObject(event?.['object']);
  const type = asName(event?.['type']);
  if (object === null || type === null) throw protocolFailure(about, 'a line of the watch is no event');
  if (type === 'ERROR')
    throw new WatchError(
      statusFailure(about, { status: asNumber(object['code']) ?? 500, body: JSON.stringify(object) }),
    );
  const metadata = asObject(object['metadata']);
  const version = asName(metadata?.['resourceVersion']);
  const uid = asName(metadata?.['uid']) ?? '';
  if (!['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'].includes(type) || version === null)
    throw protocolFailure(about, `an event of the watch is unknown (${type.slice(0, 40)})`);
  return { type, object, uid, version };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Told by the caller as a line that is no event.
    return null;
  }
}

function createTimer(clock: Clock, run: () => void) {
  let cancel: (() => void) | null = null;
  return {
    /** Runs after `milliseconds`, in place of what was set before. */
    start: (milliseconds: number) => {
      cancel?.();
      cancel = clock.after(milliseconds, run);
    },
    stop: () => cancel?.(),
  };
}
