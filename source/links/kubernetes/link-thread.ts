import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Resource, ResourceStatus } from '../../model/cluster-event.ts';
import type { PodRow } from '../../model/kubernetes/pod.ts';
import { createBackoff } from './backoff.ts';
import { pause, type Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { createSharing, sharedRows } from './sharing.ts';
import type { FromThread, ThreadTask, ToldEvent, ToThread } from './thread-messages.ts';

export type LinkThreadSetting = {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  /** Where the thread's code is, when not beside this file. */
  readonly script?: URL;
};

/** The one thread in which resources are followed, so that reading thousands of objects holds up no frame. */
export type LinkThread = {
  /**
   * Follows a resource until the signal aborts, and never rejects. The thread starts with the first follower and ends
   * with the last, whose promise resolves when it is gone. One that dies makes what is shown stale and is started again
   * after a pause.
   */
  readonly follow: (resource: Resource, emit: (event: ToldEvent) => void, signal: AbortSignal) => Promise<void>;
};

/** The thread from its first follower to its last, started again whenever it dies; `post` reaches the one that stands. */
type Run = { readonly ending: AbortController; post: (message: ToThread) => void };

type Follower = {
  readonly resource: Resource;
  readonly emit: (event: ToldEvent) => void;
  /** What is shown, whichever thread told it. */
  readonly picture: { heardAt: number | null; whole: boolean };
};

/** From the sources, from the bundle's entry, or from one of its parts. */
function scriptBeside(here: string): URL {
  if (here.endsWith('.ts')) return new URL('./link-worker.ts', here);
  return new URL(here.includes('/parts/') ? '../link-worker.js' : './link-worker.js', here);
}

/** Compiled code is kept for a thread where it is kept for the program, which Node does not do by itself. */
function environmentOfThread(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) };
}

export function createLinkThread({ connection, clock, random, script }: LinkThreadSetting): LinkThread {
  const backoff = createBackoff(clock, random);
  const sharing = createSharing();
  const followers = new Map<number, Follower>();
  let running: { readonly run: Run; readonly ended: Promise<void> } | null = null;
  let ids = 0;

  const take = ({ picture, emit }: Follower, event: ToldEvent) => {
    // A thread that was started again lists anew, while the picture of the one before is still shown.
    if (event.type === 'status' && event.status.state === 'loading' && picture.whole) return;
    if (event.type === 'status' && event.status.state === 'live') backoff.healthy();
    if (event.type !== 'status') picture.heardAt = event.at;
    if (event.type === 'list-ended') picture.whole = true;
    if (event.type === 'status' && event.status.state === 'absent')
      emit({ ...event, status: lost(picture, event.status.why) });
    else emit(event);
  };

  const hear = (message: FromThread, { post }: Run) => {
    switch (message.type) {
      case 'told': {
        connection.countRequests(message.requests);
        const follower = followers.get(message.id);
        if (follower) take(follower, shared(follower.resource, message.event));
        post({ type: 'taken' });
        return;
      }
      case 'refused':
      case 'unanswered':
        connection.access[message.type](message.credentials);
        return;
      case 'ask-credentials':
        giveCredentials(post);
    }
  };

  const giveCredentials = (answer: Run['post']) => {
    connection.access.credentials().then(
      (credentials) => answer({ type: 'credentials', credentials, otherDoors: connection.otherDoors() }),
      (error: unknown) => answer({ type: 'no-credentials', why: messageOf(error) }),
    );
  };

  /** Posting a batch copies what its rows share. */
  const shared = (resource: Resource, event: ToldEvent): ToldEvent =>
    resource === 'pods' && 'items' in event
      ? { ...event, items: sharedRows(event.items as readonly PodRow[], sharing) }
      : event;

  const startThread = (): Worker => {
    const { cluster, context, user, namespace, server } = connection.access;
    const task: ThreadTask = {
      access: { cluster, context, user, namespace, server },
      userAgent: connection.userAgent,
    };
    return new Worker(script ?? scriptBeside(import.meta.url), {
      workerData: task,
      execArgv: [],
      env: environmentOfThread(),
    });
  };

  /** Runs one thread to its end, which is the abort or a crash; resolves with why it ended, as a sentence. */
  const runThread = async (run: Run): Promise<string> => {
    const { signal } = run.ending;
    let thread: Worker;
    try {
      thread = startThread();
    } catch (error) {
      return `The thread that reads from the API server could not be started (${messageOf(error)}); it is tried again.`;
    }
    let why = 'The thread that reads from the API server ended; it is started again.';
    run.post = (message) => thread.postMessage(message);
    for (const [id, { resource }] of followers) run.post({ type: 'follow', id, resource });
    // Before it asks: when it does, this thread may be busy loading a screen.
    giveCredentials(run.post);
    thread.on('message', (message: FromThread) => {
      if (!signal.aborted) hear(message, run);
    });
    thread.on('error', (error) => {
      why = `The thread that reads from the API server failed (${messageOf(error)}); it is started again.`;
    });
    const end = () => void thread.terminate();
    signal.addEventListener('abort', end);
    await new Promise((resolve) => {
      thread.once('exit', resolve);
      if (signal.aborted) end();
    });
    signal.removeEventListener('abort', end);
    run.post = ignored;
    return why;
  };

  const runThreads = async (run: Run): Promise<void> => {
    const { signal } = run.ending;
    while (!signal.aborted) {
      const why = await runThread(run);
      if (isAborted(signal)) return;
      const at = clock.now();
      for (const { emit, picture } of followers.values()) emit({ type: 'status', at, status: lost(picture, why) });
      await pause(clock, backoff.next(null), signal);
    }
  };

  return {
    follow: async (resource, emit, signal) => {
      if (signal.aborted) return;
      const id = (ids += 1);
      followers.set(id, { resource, emit, picture: { heardAt: null, whole: false } });
      if (running === null) {
        const run: Run = { ending: new AbortController(), post: ignored };
        running = { run, ended: runThreads(run) };
      } else running.run.post({ type: 'follow', id, resource });
      await aborted(signal);
      followers.delete(id);
      const { run, ended } = running;
      run.post({ type: 'leave', id });
      if (followers.size > 0) return;
      running = null;
      run.ending.abort(new Error('nobody follows any more'));
      await ended;
    },
  };
}

/** What a thread is told that does not stand: the next one hears of all followers when it starts. */
const ignored = () => undefined;

const isAborted = (signal: AbortSignal) => signal.aborted;

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));

/** Stale while a picture is shown, whichever thread made it. */
const lost = ({ heardAt, whole }: Follower['picture'], why: string): ResourceStatus =>
  whole && heardAt !== null ? { state: 'stale', since: heardAt, why } : { state: 'absent', why };

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
