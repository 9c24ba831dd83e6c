import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer as createTlsServer, request } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newAuthority } from '../../source/sandbox/certificates.ts';
import type { Sandbox, SandboxUser } from '../../source/sandbox/sandbox.ts';
import type { Spoken } from './spoken.ts';
import { passOn, refuse, runAs, type Running } from './wire-exec.ts';

/** A request on its way to the server. */
export type Passing = { readonly method: string; readonly path: string; readonly watch: boolean };

/** What the server says on its way back. */
export type Stream = AsyncIterable<Buffer>;

/** What is done to a request and its answer; whatever is not given leaves them as they are. */
export type Hurt = {
  /** An answer in place of the server's own, which is never asked; a promise may wait as long as it likes. */
  readonly answer?: () => Spoken | Promise<Spoken>;
  /** Nothing is asked and the connection is reset. */
  readonly reset?: true;
  /** Waited for before the server is asked. */
  readonly before?: () => Promise<void>;
  /** What becomes of the body of the answer. */
  readonly body?: (body: Stream) => Stream;
  /** The server is asked for JSON, whatever the console would take. */
  readonly json?: true;
  /** A command in a container is run so; without, a connection that is upgraded passes as it is. */
  readonly run?: (running: Running) => void;
};

/**
 * What stands between a console and its server: it ends TLS with an authority of its own, and passes requests on as
 * they come, bearer tokens and all, until something is done to them.
 */
export type Wire = {
  readonly url: string;
  /** The box's kubeconfig of a user with a token, leading here. */
  kubeconfig(user?: SandboxUser): string;
  /** Chooses what is done to each request from now on; null to leave all as they are. */
  hurt: ((passing: Passing) => Hurt | undefined) | null;
  /** While true, connections are taken and nothing on them, new or old, goes either way. */
  silent: boolean;
  /** Resets every open connection. */
  cut(): void;
  /** Nothing listens there from now on. */
  close(): Promise<void>;
  /** Another authority vouches for the certificate; without, its first. */
  certify(authority?: ReturnType<typeof newAuthority>): void;
};

export async function startWire(box: Sandbox): Promise<Wire> {
  const first = newAuthority(new Date(), 'the authority of the wire');
  const onward = new Agent({ ca: box.caPem, keepAlive: true });
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let silent = false;
  const heard = async () => {
    while (silent) await new Promise<void>((resolve) => waiting.add(resolve));
  };

  const tls = createTlsServer({ ...first.server }, (incoming, outgoing) => {
    outgoing.on('error', () => outgoing.destroy());
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  tls.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade({ incoming, socket, head }).catch(() => socket.destroy());
  });
  tls.on('tlsClientError', () => undefined);
  tls.on('clientError', (_, socket) => socket.destroy());
  tls.keepAliveTimeout = 90_000;
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    void heard().then(() => tls.emit('connection', socket));
  });

  async function upgrade(upgraded: { incoming: IncomingMessage; socket: Duplex; head: Buffer }): Promise<void> {
    const { method = 'GET', url: path = '/' } = upgraded.incoming;
    upgraded.socket.on('error', () => upgraded.socket.destroy());
    await heard();
    const { answer, reset, before, run } = wire.hurt?.({ method, path, watch: false }) ?? {};
    await before?.();
    if (reset) upgraded.socket.destroy();
    else if (answer) refuse(upgraded.socket, await answer());
    else if (run) runAs(box, upgraded, run);
    else passOn(box, upgraded);
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = incoming;
    await heard();
    const hurt = wire.hurt?.({ method, path, watch: path.includes('watch=1') }) ?? {};
    if (hurt.reset) {
      incoming.socket.destroy();
      return;
    }
    await hurt.before?.();
    if (hurt.answer) {
      const { status, headers = { 'content-type': 'application/json' }, body } = await hurt.answer();
      outgoing.writeHead(status, headers).end(body);
      return;
    }
    const answer = await asked(incoming, outgoing, hurt);
    const headers = { ...answer.headers };
    // Whatever is done to the body would make it another length.
    delete headers['content-length'];
    delete headers['transfer-encoding'];
    outgoing.writeHead(Number(answer.statusCode), headers).flushHeaders();
    await pipeline(hurt.body?.(answer) ?? (answer as Stream), heardFirst, outgoing);
  }

  async function* heardFirst(body: Stream): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      await heard();
      yield chunk;
    }
  }

  /** Asks the server what the console asked. */
  const asked = (incoming: IncomingMessage, outgoing: ServerResponse, { json, body }: Hurt): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { method, headers } = incoming;
      const passed = request(new URL(incoming.url ?? '/', box.url), {
        method,
        headers: {
          ...headers,
          host: new URL(box.url).host,
          ...(json && { accept: 'application/json' }),
          // What is zipped cannot be hurt by the byte.
          ...(body && { 'accept-encoding': 'identity' }),
        },
        agent: onward,
      });
      passed.once('response', resolve);
      passed.on('error', reject);
      outgoing.once('close', () => {
        if (!outgoing.writableFinished) passed.destroy();
      });
      incoming.pipe(passed);
    });

  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const wire: Wire = {
    url,
    kubeconfig: (user = 'admin') =>
      box
        .kubeconfig(user, 'token')
        .replace(/server: \S+/, `server: ${url}`)
        .replace(/certificate-authority-data: \S+/, `certificate-authority-data: ${encoded(first.caPem)}`),
    hurt: null,
    get silent() {
      return silent;
    },
    set silent(now) {
      silent = now;
      for (const resume of waiting) resume();
      waiting.clear();
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        cut();
        onward.destroy();
      }),
    certify: (authority = first) => {
      tls.setSecureContext(authority.server);
      cut();
    },
  };
  return wire;
}

export const encoded = (pem: string): string => Buffer.from(pem).toString('base64');
