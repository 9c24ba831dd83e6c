import { hostname, userInfo } from 'node:os';
import { stateFolder } from '../configuration/state-folder.ts';
import { pause, type Clock } from '../links/kubernetes/clock.ts';
import type { Door } from '../links/kubernetes/doors.ts';
import { createEtcdReader } from '../links/etcd/reader.ts';
import type { ClusterEvent, Resource } from '../model/cluster-event.ts';
import { openJournal } from '../operations/journal.ts';
import { createAttention } from '../state/attention.ts';
import { collect } from '../state/collectors.ts';
import { loadOnce } from '../state/load-once.ts';
import { startRecording, type Recording } from '../state/recording.ts';
import { NOT_ASKED } from '../state/picture.ts';
import { askRights, tellServer } from '../state/server-facts.ts';
import { createStore, type Store } from '../state/store.ts';
import { openClient, type Client } from './client.ts';
import { createDoing } from './doing.ts';
import { backupReading, openLinks } from './links.ts';
import { journalNotices } from './notices.ts';
import type { SessionOptions } from './options.ts';
import type { Session } from './session.ts';

/** What is waited for running operations when a session closes, ms. */
const LONGEST_CLOSE = 1_000;

/**
 * Opens a session with a live picture: everything is followed until it is closed. Resolves before the cluster has
 * answered anything, and whatever it answers, or does not, is status in the store.
 *
 * Rejects with a ConfigurationError when the kubeconfig, its credentials or the file of `record` cannot be used.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const opened = await open(options, true);
  const { client, store, closing, tell, attention } = opened;
  const { reader, connection, clock } = client;
  const { signal } = closing;
  const following = Promise.all([
    collect({ reader, store, tell, doors: connection.doors, clock, signal }),
    loadedOnceListed(store, { clock, signal }, async () => {
      const { askByTurns } = await import('./by-turns.ts');
      await askByTurns(client, options, { store, attention, signal });
    }),
  ]);
  return sessionOf(options, opened, true, following);
}

/** What the nodes have to come, ms: without a quorum their list takes a minute, and whoever asks must know before. */
const PATIENCE = 3_000;

/** Begins once the nodes were listed, or cannot be: whoever waits for their first rows waits for nothing else to load. */
async function loadedOnceListed(
  store: Store,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  begin: () => Promise<void>,
): Promise<void> {
  const isListed = () => {
    const { status } = store.state.resources.nodes;
    return status !== NOT_ASKED && status.state !== 'loading';
  };
  const listed = new AbortController();
  const look = () => isListed() && listed.abort();
  const leave = store.subscribe(look);
  look();
  await pause(clock, PATIENCE, AbortSignal.any([listed.signal, signal]));
  leave();
  if (!signal.aborted) await begin();
}

/** What is read for one answer. `of` confines pods and events to some nodes; events need it. */
export type OnceLoad = {
  readonly resources: readonly Resource[];
  readonly of?: readonly string[] | undefined;
  /** Something may be written: whether it may is asked as well. */
  readonly writes?: boolean | undefined;
};

/**
 * Opens a session for one answer: `resources` are listed once, and effects are seen by reading the node.
 *
 * Rejects as `openSession` does, and with the LinkFailure of the nodes when they cannot be read.
 */
export async function openOnce(options: SessionOptions, load: OnceLoad): Promise<Session> {
  const opened = await open(options, false);
  const { client, store } = opened;
  const { reader, clock, connection } = client;
  try {
    const writes = load.writes === true && options.readOnly !== true;
    const rights = writes ? askRights(reader, store, clock.now, options.signal) : Promise.resolve();
    await Promise.all([rights, loadOnce({ reader, store, ...load, now: clock.now, signal: options.signal })]);
  } catch (error) {
    connection.close();
    await opened.recording?.close();
    throw error;
  }
  return sessionOf(options, opened, false, Promise.resolve());
}

type Opened = {
  readonly client: Client;
  readonly store: Store;
  readonly closing: AbortController;
  readonly recording: Recording | null;
  readonly notices: string[];
  readonly attention: ReturnType<typeof createAttention>;
  readonly tell: (facts: Parameters<typeof tellServer>[3]) => void;
};

async function open(options: SessionOptions, live: boolean): Promise<Opened> {
  const plain = createStore();
  const notices: string[] = [];
  let onDoor: (door: Door) => void = () => undefined;
  const client = await openClient(options, (door) => onDoor(door));
  const recording =
    options.record === undefined ? null : startRecording(options.record, client.clock.now, (why) => notices.push(why));
  const store = recording ? recorded(plain, recording) : plain;
  const tell: Opened['tell'] = (facts) => tellServer(store, client.facts, client.clock.now, facts);
  tell({});
  if (live) onDoor = (door) => tell({ door });
  return { client, store, closing: new AbortController(), recording, notices, attention: createAttention(), tell };
}

const recorded = (store: Store, recording: Recording): Store => ({
  ...store,
  dispatch(event: ClusterEvent) {
    recording.record(event);
    store.dispatch(event);
  },
});

function sessionOf(options: SessionOptions, opened: Opened, live: boolean, following: Promise<unknown>): Session {
  const { client, store, closing, recording, notices } = opened;
  const now = options.now ?? client.clock.now;
  const journal = openJournal(options.stateFolder ?? stateFolder(options.environment));
  const noWrites =
    options.readOnly === true ? 'Nothing can be written: this session is read-only (--read-only).' : null;
  const readOnly = () =>
    noWrites ??
    (store.state.rights.patchNodes === false
      ? `Nothing can be written: user "${client.access.user}" has no right to patch nodes.`
      : null);
  const { settled, ...doing } = createDoing({
    store,
    live,
    etcd: createEtcdReader(client.connection, client.clock),
    backup: backupReading(client),
    openLinks: noWrites === null ? () => openLinks(client) : null,
    noWrites,
    readOnly,
    journal,
    now,
    random: options.random ?? Math.random,
    who: whoAmI(options.environment, client.access.user),
    context: client.access.context,
    chosenContext: options.context,
    patience: options.patience,
    clock: client.clock,
    signal: options.signal ? AbortSignal.any([options.signal, closing.signal]) : closing.signal,
  });
  if (live) notices.push(...journalNotices(journal, now, options.readOnly !== true));
  return {
    store,
    now,
    get readOnly() {
      return readOnly();
    },
    notices,
    attend: opened.attention.attend,
    ...doing,
    async close() {
      closing.abort(new Error('the session was closed'));
      const waiting = new AbortController();
      await Promise.race([settled(), pause(client.clock, LONGEST_CLOSE, waiting.signal)]);
      waiting.abort();
      client.connection.close();
      await following;
      await recording?.close();
    },
  };
}

/** Who did it, for the journal: the account on this machine (the one behind sudo), the machine, and the cluster's user. */
function whoAmI(environment: SessionOptions['environment'], user: string): string {
  const account = environment['SUDO_USER'] ?? accountName();
  return `${account}@${hostname()} as ${user}`;
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account that is in no list of users has its number alone.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
