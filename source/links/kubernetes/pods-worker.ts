import { parentPort, workerData } from 'node:worker_threads';
import { ConfigurationError, type Credentials } from './access.ts';
import { realClock } from './clock.ts';
import { createConnection } from './connection.ts';
import { createPodDecoder } from './decode.ts';
import { followResource } from './list-watch.ts';
import { readsOnly } from './reads.ts';
import type { FromThread, PodsTask, ToThread } from './pods-messages.ts';

// The thread in which pods are listed, watched, parsed and projected to rows; it ends with the console.

/** Batches of rows on their way to the main thread. With more than these unread, no more is read from the server. */
const MOST_UNREAD = 4;

const port = parentPort;
if (port === null) throw new Error('pods-worker runs as a worker thread only');
const task = workerData as PodsTask;
const post = (message: FromThread) => port.postMessage(message);

let asking: PromiseWithResolvers<Credentials> | null = null;
let unread = 0;
let reported = 0;
let waiting: (() => void)[] = [];

const connection = createConnection({
  access: {
    ...task.access,
    credentials: () => {
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

port.on('message', (message: ToThread) => {
  switch (message.type) {
    case 'credentials':
      connection.doors(message.otherDoors);
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

await followResource({
  connection: readsOnly(connection),
  listing: task.listing,
  decode: createPodDecoder(),
  emit: async (event) => {
    const requests = connection.requests();
    post({ type: 'told', event, requests: requests - reported });
    reported = requests;
    unread += 1;
    while (unread >= MOST_UNREAD) await new Promise<void>((resolve) => waiting.push(resolve));
  },
  clock: realClock,
  random: Math.random,
  signal: new AbortController().signal,
});
