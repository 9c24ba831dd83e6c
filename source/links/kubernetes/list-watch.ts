import type { ResourceStatus } from '../../model/cluster-event.ts';
import { createBackoff } from './backoff.ts';
import { createChangeBatch } from './change-batch.ts';
import { pause, type Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { LinkFailure } from './failure.ts';
import { requestEither } from './negotiation.ts';
import { createNews } from './news.ts';
import { partsOf, type Listing } from './pages.ts';
import type { Reachability } from './reachability.ts';
import { createSight } from './sight.ts';
import { isOfProtobuf, watchEvents, WatchError } from './watch-events.ts';

/** What following a resource tells; with the resource's name added, the events of the model. */
export type FollowEvent<T> =
  | { readonly type: 'status'; readonly at: number; readonly status: ResourceStatus }
  | { readonly type: 'list-started' | 'list-ended' | 'heard'; readonly at: number }
  | { readonly type: 'listed' | 'changed'; readonly at: number; readonly items: readonly T[] }
  | { readonly type: 'deleted'; readonly at: number; readonly uids: readonly string[] };

type Row = { readonly uid: string };

export type Follow<T extends Row> = {
  readonly connection: Pick<Connection, 'request' | 'access'>;
  /** Shared by all that one console follows. */
  readonly reachability: Reachability;
  /** Goes first, before all else that is followed, when the server is back. */
  readonly leads?: boolean;
  readonly listing: Listing;
  /** Objects are written while nothing of their rows changes: what is listed is remembered, to tell what is news. */
  readonly heartbeats?: boolean;
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
/** What brought nothing new is told as a sign of life, this seldom: ages move in steps of ten seconds. */
const SIGN_OF_LIFE = 5_000;
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
  const { clock, random, signal } = follow;
  const way = follow.reachability.join(signal, follow.leads === true);
  const { access, request } = follow.connection;
  const connection = { access, request: way.watched(request) };
  let listing = follow.listing;
  let toldAt = -Infinity;
  const emit = async (event: FollowEvent<T>) => {
    if (event.type !== 'status') toldAt = event.at;
    if (!signal.aborted) await follow.emit(event);
  };
  const news = createNews<T>();
  const sight = createSight(listing.name, clock, (status) => void emit({ type: 'status', at: clock.now(), status }));
  const backoff = createBackoff(clock, random);
  /** Where the next watch starts; without a version it is to be listed first. */
  const held: { version: string | null } = { version: null };
  let lastList = { began: -Infinity, ended: -Infinity };
  let refusals = 0;
  let silentWatches = 0;

  /** Whether all of it is of one moment; otherwise a watch that stands has yet to prove the picture. */
  const list = async (): Promise<boolean> => {
    const began = clock.now();
    let ofOneMoment = true;
    let loaded = 0;
    let started: string | null = null;
    news.forgetAll();
    try {
      for await (const part of partsOf(connection, listing, signal)) {
        if (started === null) await emit({ type: 'list-started', at: clock.now() });
        started ??= part.resourceVersion;
        ofOneMoment &&= part.resourceVersion === started;
        const items = part.items.map(follow.decode).filter((item) => item !== null);
        if (follow.heartbeats === true) items.forEach(news.isNews);
        loaded += items.length;
        await emit({ type: 'listed', at: clock.now(), items });
        if (part.ends) sight.loading(loaded, part.remaining === null ? null : loaded + part.remaining);
      }
    } finally {
      lastList = { began, ended: clock.now() };
    }
    sight.listed();
    await emit({ type: 'list-ended', at: clock.now() });
    held.version = started;
    return ofOneMoment;
  };

  /** Resolves when the watch ended as watches do; whether it stood long enough to be opened again at once. */
  const watch = async (from: string, proven: boolean): Promise<boolean> => {
    const what = `watch ${listing.name}`;
    const about = { what, server: access.server };
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
    let anything = false;
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
      const answer = await requestEither(connection, listing.protobuf, request);
      backoff.healthy();
      refusals = 0;
      if (proven) sight.live();
      else proof.start(PROOF);
      for await (const events of watchEvents(answer, listing.protobuf, about)) {
        guard.start(LONGEST_SILENCE);
        let heard = false;
        for (const event of events) {
          heard = true;
          if (event.type === 'BOOKMARK') await emit({ type: 'heard', at: clock.now() });
          else if (event.type === 'DELETED') {
            news.forget(event.uid);
            batch.remove(event.uid);
          } else {
            const item = follow.decode(event.object);
            if (item !== null && news.isNews(item)) batch.change(item);
          }
          held.version = event.version;
        }
        if (heard) {
          anything = true;
          sight.heard();
          proof.stop();
          sight.live();
        }
        await batch.flush();
        if (heard && clock.now() - toldAt >= SIGN_OF_LIFE) await emit({ type: 'heard', at: clock.now() });
      }
    } catch (error) {
      // Silence alone proves nothing: the next watch, or its failure, does.
      if (!ending.signal.aborted) throw error;
    } finally {
      guard.stop();
      proof.stop();
      signal.removeEventListener('abort', end);
      await batch.end();
    }
    silentWatches = anything ? 0 : silentWatches + 1;
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
    // Whatever writes protobuf there, its JSON may be better.
    if (isOfProtobuf(cause)) listing = { ...listing, protobuf: undefined };
    // Whoever may list and not watch sees a list from time to time.
    const inDoubt = failure?.kind === 'gone' || failure?.kind === 'protocol' || now === 'denied';
    if (inDoubt || error instanceof WatchError) held.version = null;
    if (failure?.kind === 'gone' && clock.now() - lastList.ended >= RELIST_AT_ONCE) return 0;
    // What expires while it is listed is more than the line carries: it is left alone for as long as the list took.
    if (failure?.kind === 'gone') return backoff.next(lastList.ended - lastList.began);
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
      const isProven = held.version === null && (await list());
      verb = 'watch';
      if (held.version !== null && !(await watch(held.version, isProven)))
        await pause(clock, backoff.next(null), signal);
    } catch (error) {
      const wait = waitAfter(error, verb);
      const next = held.version === null ? 'list' : 'watch';
      await way.again({
        failure: error,
        wait,
        what: `${next} ${listing.name}`,
        tell: (failure) => void sight.failed(failure, next),
      });
    }
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
