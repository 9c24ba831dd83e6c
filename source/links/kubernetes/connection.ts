import { X509Certificate } from 'node:crypto';
import { sameCredentials, type ClusterAccess, type Credentials } from './access.ts';
import { realClock, type Clock } from './clock.ts';
import { createCompression } from './compression.ts';
import { createDoors, LOCAL_DOORS, type Door } from './doors.ts';
import { exchange, readJson, type Answer } from './exchange.ts';
import { execPath, execute, type Command, type Executed } from './exec.ts';
import { LinkFailure, socketFailure, type FailureKind } from './failure.ts';
import { createPool, poolKey, type Pool } from './pool.ts';
import { shownProxy } from './proxy.ts';

/** What is asked of the API server. */
export type Request = {
  /** For sentences, as in "list nodes". */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as it is; `contentType` says what it is. */
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  /** Statuses besides 2xx that are an answer and no refusal. */
  readonly answers?: readonly number[];
  readonly signal?: AbortSignal;
  /**
   * Longest silence in ms, before the answer and within it: 65 s unless given, since etcd without quorum takes 60 s to
   * say so. Null when the caller watches over it: its abort then tells that idle connections are not to be trusted.
   */
  readonly silence?: number | null;
};

/** The authenticated way to one cluster: kept-alive, through whichever door answers. */
export type Connection = {
  /** Resolves with an answer of status 2xx, or of the request's `answers`. Rejects with a LinkFailure, a ConfigurationError, or the signal's reason. */
  readonly request: (request: Request) => Promise<Answer>;
  /** Asks this door alone and once, and leaves the one in use as it is. Rejects with a LinkFailure also where it is no door. */
  readonly requestAt: (door: string, request: Request) => Promise<Answer>;
  /** As `request`, with the body read as JSON. */
  readonly json: (request: Request) => Promise<unknown>;
  /** Runs a command in a container, once, and resolves with its end. Rejects as `request` does. */
  readonly exec: (command: Command) => Promise<Executed>;
  /** Addresses of the masters last seen, to be tried when the kubeconfig's own does not answer. */
  readonly doors: (addresses: readonly string[]) => void;
  /** The door that answered last; null before the first answer. */
  readonly door: () => Door | null;
  /** Every door but the kubeconfig's own. */
  readonly otherDoors: () => readonly string[];
  /** Every door that leads to one API server as far as is known: all but those of this machine. */
  readonly servers: () => Promise<readonly string[]>;
  /** Requests sent so far, with those that a thread of ours counted. */
  readonly requests: () => number;
  readonly countRequests: (more: number) => void;
  readonly access: ClusterAccess;
  readonly userAgent: string;
  /** Ends every open request and socket. */
  readonly close: () => void;
};

export type ConnectionSetting = {
  readonly access: ClusterAccess;
  /** As in `metalk8s-console/1.2.3`. */
  readonly userAgent: string;
  readonly onDoor?: (door: Door) => void;
  readonly localDoors?: readonly string[];
  readonly clock?: Clock;
};

/** What is asked, once, of one door. */
type Attempt<T> = (credentials: Credentials, server: string) => Promise<T>;

/** ms until a connection must stand. */
const CONNECT_TIMEOUT = 5_000;

const SILENCE = 65_000;

/** Failures that a kubeconfig which was mended since can end, with what is said of its credentials then. */
const OF_KUBECONFIG: Readonly<Partial<Record<FailureKind, 'refused' | 'unanswered'>>> = {
  unauthorized: 'refused',
  certificate: 'refused',
  refused: 'unanswered',
  unreachable: 'unanswered',
  timeout: 'unanswered',
};

export function createConnection(setting: ConnectionSetting): Connection {
  const { access, userAgent, clock = realClock } = setting;
  const { localDoors = LOCAL_DOORS } = setting;
  const doors = createDoors(clock, localDoors, setting.onDoor ?? (() => undefined));
  const pools = createPools();
  const compression = createCompression();
  const closing = new AbortController();
  let requests = 0;

  const send = async (asked: Request, credentials: Credentials, server: string, fresh: boolean): Promise<Answer> => {
    requests += 1;
    const pool = await pools.open(credentials, { what: asked.what, server }, fresh);
    const signal = bothOf(asked.signal, closing.signal);
    // An answer that was asked ahead may never be read.
    signal.signal.addEventListener('abort', end, { once: true });
    try {
      const answer = await exchange({
        what: asked.what,
        method: asked.method,
        server,
        path: asked.path + queryOf(asked.query),
        headers: headersOf(asked, credentials, { userAgent, zipped: compression.isWanted() }),
        body: asked.body,
        answers: asked.answers,
        ...wayOf(pool, credentials),
        silence: asked.silence === undefined ? SILENCE : asked.silence,
        signal: signal.signal,
        // A watch is waited for because nothing happens.
        ...(asked.silence === null ? {} : { measured: compression.measured }),
      });
      return { ...answer, body: finishing(answer.body, () => end()) };
    } catch (error) {
      end();
      if (error instanceof LinkFailure && error.status === null && error.sent) pools.forget(pool);
      throw error;
    }
    function end() {
      signal.release();
      // Whoever watches over the silence ends the request when it has lasted too long.
      if (asked.silence === null && signal.signal.aborted) pools.forget(pool);
      if (fresh) pool.close();
    }
  };

  /** A kept-alive connection may have died unseen: a read is asked once more on a new one, a write never uses one. */
  const sendOnce = async (asked: Request, credentials: Credentials, server: string): Promise<Answer> => {
    if (asked.method !== 'GET') return send(asked, credentials, server, true);
    try {
      return await send(asked, credentials, server, false);
    } catch (error) {
      if (!(error instanceof LinkFailure && error.kind === 'unreachable' && error.sent)) throw error;
      return send(asked, credentials, server, false);
    }
  };

  /** On a connection of its own, which the command takes over. */
  const run = async (command: Command, credentials: Credentials, server: string): Promise<Executed> => {
    requests += 1;
    const { what, timeout } = command;
    const pool = await pools.open(credentials, { what, server }, true);
    const signal = bothOf(command.signal, closing.signal);
    const headers = { ...credentials.headers, 'User-Agent': userAgent };
    try {
      const path = execPath(command);
      return await execute({
        what,
        timeout,
        server,
        path,
        headers,
        ...wayOf(pool, credentials),
        signal: signal.signal,
      });
    } finally {
      signal.release();
      pool.close();
    }
  };

  const wayOf = ({ agent }: Pool, { proxy }: Credentials) => ({
    agent,
    proxy: proxy && { address: shownProxy(proxy), named: proxy.named },
    connectTimeout: CONNECT_TIMEOUT,
    clock,
  });

  /** The doors that may be tried with these credentials. */
  const doorsFor = ({ server, verify, ca, proxy }: Credentials): readonly string[] => {
    // The system's authorities vouch for anyone with a name, the CA of the kubeconfig for this cluster alone.
    const vouched = verify && ca !== null;
    return doors.order(server, vouched && proxy === null && server.startsWith('https:'));
  };

  const throughDoors = async <T>(attempt: Attempt<T>, credentials: Credentials): Promise<T> => {
    const first = credentials.server;
    const order = doorsFor(credentials);
    if (doors.lookBack(first)) void lookBack(credentials);
    let failed: LinkFailure | null = null;
    for (const server of order) {
      try {
        const answer = await attempt(credentials, server);
        doors.answered(server, first);
        return answer;
      } catch (error) {
        if (!(error instanceof LinkFailure)) throw error;
        if (error.status !== null) doors.answered(server, first);
        if (error.sent || (server === first && error.kind === 'certificate')) throw error;
        if (failed === null || server === first) failed = error;
      }
    }
    throw failed ?? new Error('no door');
  };

  const lookBack = async (credentials: Credentials): Promise<void> => {
    const asked: Request = { what: 'look whether it answers', method: 'GET', path: '/version', silence: 10_000 };
    try {
      const answer = await send(asked, credentials, credentials.server, true);
      for await (const chunk of answer.body) if (chunk.length > 1_000_000) break;
    } catch (error) {
      // Any answer at all means that it is back; none means that the door in use stays.
      if (!(error instanceof LinkFailure) || error.status === null) return;
    }
    doors.answered(credentials.server, credentials.server);
  };

  const authenticated = async <T>(attempt: Attempt<T>): Promise<T> => {
    const credentials = await access.credentials();
    try {
      return await throughDoors(attempt, credentials);
    } catch (error) {
      const said = error instanceof LinkFailure ? OF_KUBECONFIG[error.kind] : undefined;
      if (!(error instanceof LinkFailure) || said === undefined) throw error;
      access[said](credentials);
      if (said === 'unanswered' && error.sent) throw error;
      const renewed = await access.credentials();
      if (sameCredentials(credentials, renewed)) throw withReason(error, credentials, access.user, clock.now());
      return throughDoors(attempt, renewed);
    }
  };

  const request = (asked: Request) => authenticated((credentials, server) => sendOnce(asked, credentials, server));

  const requestAt = async (door: string, asked: Request): Promise<Answer> => {
    const credentials = await access.credentials();
    if (doorsFor(credentials).includes(door)) return sendOnce(asked, credentials, door);
    const message = `Cannot ${asked.what} at ${door}: this machine reaches the cluster through ${credentials.server} alone.`;
    throw new LinkFailure({ kind: 'not-found', message, what: asked.what });
  };

  return {
    request,
    requestAt,
    exec: (command) => authenticated((credentials, server) => run(command, credentials, server)),
    json: async (asked) =>
      readJson(await request(asked), { what: asked.what, server: doors.current()?.address ?? access.server }),
    doors: doors.masters,
    door: doors.current,
    otherDoors: doors.others,
    servers: async () => {
      const credentials = await access.credentials();
      return doorsFor(credentials).filter((door) => door === credentials.server || !localDoors.includes(door));
    },
    requests: () => requests,
    countRequests: (more) => {
      requests += more;
    },
    access,
    userAgent,
    close: () => {
      closing.abort(new Error('the connection was closed'));
      pools.close();
    },
  };
}

/** One pool for the credentials in use; rotated ones get another, and the old one ends with its last request. */
function createPools() {
  let held: { readonly key: string; readonly pool: Promise<Pool> } | null = null;
  /** Lets go of the pool that is held, and ends it so; a pool that never came about needs no end. */
  const drop = (end: (pool: Pool) => void) => {
    void held?.pool.then(end, () => undefined);
    held = null;
  };
  return {
    open: async (credentials: Credentials, about: { what: string; server: string }, fresh: boolean): Promise<Pool> => {
      const key = poolKey(credentials);
      try {
        if (fresh) return await createPool(credentials);
        if (held?.key !== key) {
          drop(retire);
          held = { key, pool: createPool(credentials) };
        }
        return await held.pool;
      } catch (error) {
        if (held?.key === key) drop(retire);
        throw socketFailure(error, about, false);
      }
    },
    /** After a lost connection its idle fellows are not to be trusted either. */
    forget: (pool: Pool) => {
      for (const sockets of Object.values(pool.agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    },
    close: () => {
      drop((pool) => pool.close());
    },
  };
}

function retire({ agent }: Pool) {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

/** A signal that follows two others, without leaving a listener on them once released. */
function bothOf(one: AbortSignal | undefined, other: AbortSignal) {
  const both = new AbortController();
  const follow = (signal: AbortSignal) => {
    const abort = () => both.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    return () => signal.removeEventListener('abort', abort);
  };
  const releases = [one, other].flatMap((signal) => (signal ? [follow(signal)] : []));
  return { signal: both.signal, release: () => releases.forEach((release) => release()) };
}

async function* finishing(body: AsyncIterable<Buffer>, end: () => void): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } finally {
    end();
  }
}

const queryOf = (query: Request['query']) => {
  const text = new URLSearchParams(query).toString();
  return text && `?${text}`;
};

const headersOf = (
  asked: Request,
  credentials: Credentials,
  { userAgent, zipped }: { readonly userAgent: string; readonly zipped: boolean },
) => ({
  ...credentials.headers,
  Accept: asked.accept ?? 'application/json',
  'User-Agent': userAgent,
  // The API server zips answers above 128 KB; it never zips a watch.
  'Accept-Encoding': zipped ? 'gzip' : 'identity',
  ...(asked.body === undefined
    ? {}
    : { 'Content-Type': asked.contentType ?? 'application/json', 'Content-Length': Buffer.byteLength(asked.body) }),
});

/** A 401 with what can be told from here: the client certificate's own end, by the clock of who judged it. */
function withReason(failure: LinkFailure, credentials: Credentials, user: string, now: number): LinkFailure {
  const end = failure.kind === 'unauthorized' ? endOf(credentials.certificate) : null;
  if (end === null || end.getTime() > (failure.serverTime ?? now)) return failure;
  return failure.reworded(
    `The client certificate of user "${user}" expired on ${end.toISOString()}; renew it in the kubeconfig.`,
  );
}

function endOf(certificate: string | null): Date | null {
  if (certificate === null) return null;
  try {
    return new X509Certificate(certificate).validToDate;
  } catch {
    // Not a certificate that can be read: then nothing is known of its end.
    return null;
  }
}
