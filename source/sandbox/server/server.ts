import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Authority } from '../certificates.ts';
import type { SandboxClock } from '../clock.ts';
import { authenticate, impersonate, type Tokens } from './authenticate.ts';
import { commandOf, openExec, refuseUpgrade, type Command } from './exec.ts';
import { Faults, type RequestRecord } from './faults.ts';
import { told, type Answer, type ApiRequest } from './answers.ts';
import type { Backend } from './backend.ts';
import { handle } from './handle.ts';
import { Metrics } from './metrics.ts';
import { OwnMetrics, type Askers } from './own-metrics.ts';
import { reset, send, strike } from './send.ts';
import { badRequest, Refusal, tooLarge } from './status.ts';
import type { User } from './users.ts';

const BODY_LIMIT = 3 * 1024 * 1024;
const REMEMBERED_REQUESTS = 10_000;

export type ServerOptions = {
  authority: Authority;
  tokens: Tokens;
  backend: Omit<Backend, 'address' | 'metrics' | 'own'>;
  /** What is measured of it. */
  world: ConstructorParameters<typeof Metrics>[0];
  /** Who else asks it. */
  askers: () => Askers;
  /** The time that TLS goes by, whatever the clock of the backend says. */
  wall: Pick<SandboxClock, 'now'>;
  port: number;
  /** Addresses at which it listens too, each for as long as the machine of its node is up. */
  doors: readonly ServerDoor[];
};

/** Where the API server of a master is, on the usual port. */
export type ServerDoor = { readonly node: string; readonly address: string };

/** Where masters listen (MetalK8s: "Listening Processes"). */
const MASTER_PORT = 6443;

export type ApiServer = {
  port: number;
  faults: Faults;
  requests: readonly RequestRecord[];
  /** Called with each request once its status is known. */
  onRequest: ((request: RequestRecord) => void) | null;
  /** Resets every open connection; watches end in the middle. */
  dropConnections(): void;
  /** Refuses connections until `resume`, on the same port. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
};

/** Serves the Kubernetes protocol over TLS on 127.0.0.1, HTTP/1.1 with connections kept alive. */
export async function startServer(options: ServerOptions): Promise<ApiServer> {
  const { authority, tokens, backend, world, askers, wall, port } = options;
  const faults = new Faults();
  const requests: RequestRecord[] = [];
  const sockets = new Set<Socket>();
  const metrics = new Metrics(world, () => faults.metrics);
  const own = new OwnMetrics(backend.clock.now(), authority.clientLifetime, askers, wall);
  const whole: Backend = { ...backend, metrics, own, address: () => `127.0.0.1:${server.port}` };

  const openServer = (isUp: () => boolean): Server => {
    const https = createServer(
      {
        ...authority.server,
        ca: authority.caPem,
        requestCert: true,
        // A certificate that is not good gets its 401 from us, not a broken handshake.
        rejectUnauthorized: false,
        keepAliveTimeout: 90_000,
        requestTimeout: 0,
      },
      (incoming, outgoing) => void serve(incoming, outgoing),
    );
    https.on(
      'upgrade',
      (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void upgrade(incoming, socket, head),
    );
    https.on('connection', (socket: Socket) => {
      if (!isUp()) socket.resetAndDestroy();
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    // A client that breaks off its handshake or its request is no concern of the server.
    https.on('tlsClientError', () => undefined);
    https.on('clientError', (_error, socket) => socket.destroy());
    return https;
  };
  const https = openServer(() => true);
  const doors = options.doors.map(({ node, address }) => ({ address, at: openServer(() => backend.isAlive(node)) }));

  const remember = (record: RequestRecord): void => {
    requests.push(record);
    if (requests.length > REMEMBERED_REQUESTS) requests.splice(0, REMEMBERED_REQUESTS / 10);
  };

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const record = recordOf(incoming);
    remember(record);
    outgoing.on('error', () => outgoing.destroy());
    const caller = identify(incoming);
    if ('username' in caller) record.user = caller.username;
    const fault = faults.of(record);
    if (fault !== undefined && fault !== 'truncate' && fault !== 'lose-answer') strike(fault, outgoing, record);
    else {
      const answer = 'username' in caller ? await answerOf(requestOf(incoming, caller)) : caller;
      if (fault === 'lose-answer') reset(outgoing);
      else await send(answer, incoming, outgoing, record, fault === 'truncate');
    }
    server.onRequest?.(record);
  }

  /** A remote command: what is refused is answered before the protocol changes. */
  async function upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const record = recordOf(incoming);
    remember(record);
    socket.on('error', () => socket.destroy());
    const caller = identify(incoming);
    if ('username' in caller) record.user = caller.username;
    const fault = faults.of(record);
    if (fault === 'reset' || fault === 'hang') {
      if (fault === 'reset') socket.destroy();
    } else {
      const command = 'username' in caller ? await commandFor(requestOf(incoming, caller)) : caller;
      record.status = 'words' in command ? 101 : command.kind === 'whole' ? command.status : null;
      if ('words' in command) openExec(incoming, socket, head, command, whole);
      else if (command.kind === 'whole') refuseUpgrade(socket, command);
    }
    server.onRequest?.(record);
  }

  async function commandFor(request: ApiRequest): Promise<Command | Answer> {
    try {
      return await commandOf(request, whole);
    } catch (error) {
      return refusalAnswer(error, request.accept);
    }
  }

  function identify(incoming: IncomingMessage): User | Answer {
    try {
      const user = authenticate(incoming.socket, incoming.headers, tokens);
      own.count(incoming.socket);
      return impersonate(user, incoming.headers);
    } catch (error) {
      return refusalAnswer(error, incoming.headers.accept);
    }
  }

  async function answerOf(request: ApiRequest): Promise<Answer> {
    try {
      return await handle(request, whole);
    } catch (error) {
      return refusalAnswer(error, request.accept);
    }
  }

  const listen = async (on: number): Promise<void> => {
    await listenAt(https, on, '127.0.0.1');
    // Where something of this machine has the port already, that master is not to be reached.
    await Promise.allSettled(doors.map(({ at, address }) => listenAt(at, MASTER_PORT, address)));
  };
  const dropConnections = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const pause = async (): Promise<void> => {
    const closed = [https, ...doors.map(({ at }) => at)].map(
      (each) => new Promise<void>((resolve) => void each.close(() => resolve())),
    );
    dropConnections();
    await Promise.all(closed);
  };

  const server: ApiServer = {
    port,
    faults,
    requests,
    onRequest: null,
    dropConnections,
    pause,
    resume: () => listen(server.port),
    stop: () => (https.listening ? pause() : Promise.resolve()),
  };
  await listen(port);
  server.port = (https.address() as AddressInfo).port;
  return server;
}

const listenAt = (server: Server, port: number, address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });

const recordOf = (incoming: IncomingMessage): RequestRecord => ({
  method: incoming.method ?? 'GET',
  path: incoming.url ?? '/',
  user: '',
  userAgent: incoming.headers['user-agent'] ?? '',
  status: null,
});

function requestOf(incoming: IncomingMessage, user: User): ApiRequest {
  const url = new URL(incoming.url ?? '/', 'https://sandbox');
  return {
    user,
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    accept: incoming.headers.accept,
    contentType: (incoming.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '',
    userAgent: incoming.headers['user-agent'] ?? 'unknown',
    body: () => readBody(incoming),
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_LIMIT) chunks.push(chunk);
  }
  if (length > BODY_LIMIT) throw tooLarge(BODY_LIMIT);
  return Buffer.concat(chunks).toString('utf8');
}

function refusalAnswer(error: unknown, accept: string | undefined): Answer {
  const refusal =
    error instanceof Refusal
      ? error
      : error instanceof URIError
        ? badRequest(error.message)
        : new Refusal(
            500,
            'InternalError',
            `Internal error occurred: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          );
  return { ...told(accept, refusal.status, refusal.code), headers: refusal.headers };
}
