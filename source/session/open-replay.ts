import { ConfigurationError } from '../links/kubernetes/access.ts';
import { pause, realClock, type Clock } from '../links/kubernetes/clock.ts';
import { RESOURCES } from '../model/cluster-event.ts';
import { journalInMemory } from '../operations/journal.ts';
import { readRecording } from '../state/recording.ts';
import { replay } from '../state/replay.ts';
import { createStore } from '../state/store.ts';
import { createDoing } from './doing.ts';
import type { Session } from './session.ts';

const READ_ONLY = 'Nothing can be written: this is a recording, with no cluster behind it.';

/**
 * A session that shows a recording in place of a cluster. With `speed` null all of it is there at once, else it plays
 * that many times faster than it was recorded. Its time is that of the recording.
 *
 * Rejects with a ConfigurationError for a file that cannot be replayed; one that breaks off later shows the last
 * picture as stale, with the reason.
 */
export async function openReplay(
  file: string,
  { speed = null, clock = realClock }: { readonly speed?: number | null; readonly clock?: Clock } = {},
): Promise<Session> {
  const store = createStore();
  const closing = new AbortController();
  const notices: string[] = [];
  let shown = { at: clock.now(), since: clock.now() };
  const now = () => (speed === null ? shown.at : shown.at + (clock.now() - shown.since) * speed);
  const events = await begun(readRecording(file));
  const playing = replay(
    events,
    (event) => {
      shown = { at: event.at, since: clock.now() };
      store.dispatch(event);
    },
    { speed, pause: (milliseconds, signal) => pause(clock, milliseconds, signal), signal: closing.signal },
  );
  const played = playing.catch((error: unknown) => {
    if (!(error instanceof ConfigurationError)) throw error;
    notices.push(error.message);
    const status = { state: 'stale', since: shown.at, why: error.message } as const;
    for (const resource of RESOURCES)
      if (resource === 'nodes' || store.state.resources[resource].status.state === 'live')
        store.dispatch({ type: 'status', at: shown.at, resource, status });
  });
  if (speed === null) await played;
  const { settled, ...doing } = createDoing({
    store,
    live: false,
    etcd: null,
    backup: null,
    openLinks: null,
    noWrites: READ_ONLY,
    readOnly: () => READ_ONLY,
    journal: journalInMemory(),
    now,
    random: Math.random,
    who: 'a recording',
    context: 'a recording',
    signal: closing.signal,
  });
  return {
    store,
    now,
    readOnly: READ_ONLY,
    notices,
    ...doing,
    attend: () => undefined,
    async close() {
      closing.abort();
      await Promise.all([played, settled()]);
    },
  };
}

/** The same events, with the first already read, so that a file that is no recording is told at once. */
async function begun<T>(events: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await events.next();
  return (async function* () {
    if (first.done === true) return;
    yield first.value;
    yield* events;
  })();
}
