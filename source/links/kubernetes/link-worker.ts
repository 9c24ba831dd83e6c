import { parentPort, workerData } from 'node:worker_threads';
import type { Resource } from '../../model/cluster-event.ts';
import { ConfigurationError, type Credentials } from './access.ts';
import { realClock } from './clock.ts';
import { createConnection } from './connection.ts';
import { createReachability } from './reachability.ts';
import { readsOnly } from './reads.ts';
import { followSource } from './sources.ts';
import type { FromThread, ThreadTask, ToldEvent, ToThread } from './thread-messages.ts';

// The thread in which resources are listed, watched, parsed and projected to rows; it ends with the console.

/** Batches of rows on their way to the main thread. With more than these unread, no more is read from the server. */
const MOST_UNREAD = 4;

const port = parentPort;
if (port === null) throw new Error('link-worker runs as a worker thread only');
const task = workerData as ThreadTask;
const post = (message: FromThread) => port.postMessage(message);

let asking: PromiseWithResolvers<Credentials> | null = null;
/** What came before anybody asked, which is for the first request; whatever comes later unasked may be old when used. */
let early: Credentials | null = null;
let everAsked = false;
let unread = 0;
let reported = 0;
let waiting: (() => void)[] = [];
const following = new Map<number, AbortController>();
/** Nodes are on the screen first: whatever else is followed starts when their first list has ended, or failed. */
let nodesFirst: PromiseWithResolvers<void> | null = null;

const connection = createConnection({
  access: {
    ...task.access,
    credentials: () => {
      everAsked = true;
      if (early !== null) {
        const credentials = early;
        early = null;
        return Promise.resolve(credentials);
      }
      if (asking === null) {
        asking = Promise.withResolvers<Credentials>();
        post({ type: 'ask-credentials' });
      }
      return asking.promise;
    },
    refused: (credentials) => post({ type: 'refused', credentials }),
    unanswered: (credentials) => post({ type: 'unanswered', credentials }),
  },
  userAgent: task.userAgent,
  localDoors: [],
});
const reads = readsOnly(connection);
const reachability = createReachability(realClock, Math.random);

const tell = async (id: number, event: ToldEvent) => {
  const requests = connection.requests();
  post({ type: 'told', id, event, requests: requests - reported });
  reported = requests;
  unread += 1;
  while (unread >= MOST_UNREAD) await new Promise<void>((resolve) => waiting.push(resolve));
};

const endsFirstList = (event: ToldEvent) =>
  event.type === 'list-ended' || (event.type === 'status' && event.status.state !== 'loading');

async function follow(id: number, resource: Resource): Promise<void> {
  const leaving = new AbortController();
  following.set(id, leaving);
  if (resource === 'nodes') nodesFirst ??= Promise.withResolvers();
  else await nodesFirst?.promise;
  await followSource(resource, {
    connection: reads,
    reachability,
    emit: (event) => {
      if (resource === 'nodes' && endsFirstList(event)) nodesFirst?.resolve();
      return tell(id, event);
    },
    clock: realClock,
    random: Math.random,
    signal: leaving.signal,
  });
  if (resource === 'nodes') nodesFirst?.resolve();
}

function leave(id: number): void {
  following.get(id)?.abort(new Error('nobody follows any more'));
  following.delete(id);
}

port.on('message', (message: ToThread) => {
  switch (message.type) {
    case 'follow':
      void follow(message.id, message.resource);
      return;
    case 'leave':
      leave(message.id);
      return;
    case 'credentials':
      connection.doors(message.otherDoors);
      if (!everAsked) early = message.credentials;
      asking?.resolve(message.credentials);
      asking = null;
      return;
    case 'no-credentials':
      asking?.reject(new ConfigurationError(message.why));
      asking = null;
      return;
    case 'taken': {
      unread -= 1;
      const resumed = waiting;
      waiting = [];
      for (const resume of resumed) resume();
    }
  }
});
