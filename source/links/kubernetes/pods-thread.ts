import { Worker } from 'node:worker_threads';
import type { ResourceStatus } from '../../model/cluster-event.ts';
import type { PodRow } from '../../model/kubernetes/pod.ts';
import { createBackoff } from './backoff.ts';
import { pause, type Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { FollowEvent } from './list-watch.ts';
import type { Listing } from './pages.ts';
import type { FromThread, PodsTask, ToThread } from './pods-messages.ts';
import { createSharing, sharedRows } from './sharing.ts';

export type FollowPods = {
  readonly connection: Connection;
  readonly listing: Listing;
  readonly emit: (event: FollowEvent<PodRow>) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Where the thread's code is, when not beside this file. */
  readonly script?: URL;
};

/** From the sources, from the bundle's entry, or from one of its parts. */
function scriptBeside(here: string): URL {
  if (here.endsWith('.ts')) return new URL('./pods-worker.ts', here);
  return new URL(here.includes('/parts/') ? '../pods-worker.js' : './pods-worker.js', here);
}

/** MiB: pages are parsed and dropped, so more would only keep more garbage resident. */
const YOUNG_GENERATION = 16;

/**
 * Follows pods in a thread of its own, so that parsing tens of thousands of them holds up no frame. A thread that dies
 * makes what is shown stale and is started again after a pause. Resolves after the abort, with the thread ended.
 */
export async function followPods(follow: FollowPods): Promise<void> {
  const { clock, signal, emit } = follow;
  const backoff = createBackoff(clock, follow.random);
  const sharing = createSharing();
  const picture: { heardAt: number | null; whole: boolean } = { heardAt: null, whole: false };

  const take = (event: FollowEvent<PodRow>) => {
    // A thread that was started again lists anew, while the picture of the one before is still shown.
    if (event.type === 'status' && event.status.state === 'loading' && picture.whole) return;
    if (event.type === 'status' && event.status.state === 'live') backoff.healthy();
    if (event.type !== 'status') picture.heardAt = event.at;
    if (event.type === 'list-ended') picture.whole = true;
    // Posting a batch copies what its rows share.
    if ('items' in event) emit({ ...event, items: sharedRows(event.items, sharing) });
    else if (event.type === 'status' && event.status.state === 'absent')
      emit({ ...event, status: lost(picture, event.status.why) });
    else emit(event);
  };

  while (!signal.aborted) {
    const why = await runThread(follow, take);
    if (isAborted(signal)) return;
    emit({ type: 'status', at: clock.now(), status: lost(picture, why) });
    await pause(clock, backoff.next(null), signal);
  }
}

const isAborted = (signal: AbortSignal) => signal.aborted;

/** Stale while a picture is shown, whichever thread made it. */
const lost = ({ heardAt, whole }: { heardAt: number | null; whole: boolean }, why: string): ResourceStatus =>
  whole && heardAt !== null ? { state: 'stale', since: heardAt, why } : { state: 'absent', why };

/** Runs one thread to its end, which is the abort or a crash; resolves with why it ended, as a sentence. */
async function runThread(follow: FollowPods, take: (event: FollowEvent<PodRow>) => void): Promise<string> {
  const { connection, signal, listing } = follow;
  const { cluster, context, user, namespace, server } = connection.access;
  const task: PodsTask = {
    access: { cluster, context, user, namespace, server },
    userAgent: connection.userAgent,
    listing,
  };
  const thread = new Worker(follow.script ?? scriptBeside(import.meta.url), {
    workerData: task,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
  });
  const answer = (message: ToThread) => thread.postMessage(message);
  let why = 'The thread that reads pods ended; it is started again.';

  thread.on('message', (message: FromThread) => {
    if (signal.aborted) return;
    switch (message.type) {
      case 'told':
        connection.countRequests(message.requests);
        take(message.event);
        answer({ type: 'taken' });
        return;
      case 'refused':
      case 'unanswered':
        connection.access[message.type](message.credentials);
        return;
      case 'ask-credentials':
        connection.access.credentials().then(
          (credentials) => answer({ type: 'credentials', credentials, otherDoors: connection.otherDoors() }),
          (error: unknown) => answer({ type: 'no-credentials', why: messageOf(error) }),
        );
    }
  });
  thread.on('error', (error) => {
    why = `The thread that reads pods failed (${messageOf(error)}); it is started again.`;
  });
  const end = () => void thread.terminate();
  signal.addEventListener('abort', end);
  await new Promise((resolve) => {
    thread.once('exit', resolve);
    if (signal.aborted) end();
  });
  signal.removeEventListener('abort', end);
  return why;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
