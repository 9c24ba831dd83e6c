import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ClusterAccess, Credentials } from '../../../source/links/kubernetes/access.ts';
import { newAuthority, type Authority } from '../../../source/sandbox/certificates.ts';

export type Asked = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Common name of the client certificate, if the CA signed it. */
  readonly user: string | null;
};

/** Answers one request; a thrown error is a bug of the test. */
export type Script = (asked: Asked, answer: ServerResponse) => void | Promise<void>;

export type ScriptedServer = {
  readonly url: string;
  readonly port: number;
  readonly asked: Asked[];
  /** TLS connections taken so far. */
  readonly connections: () => number;
  script: Script;
  /** Resets every connection, as a killed process does. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

export const authority = newAuthority(new Date());

/** A TLS server on a free port of the loopback that does as the test says; `port` takes one that was free before. */
export async function startScripted(
  script: Script,
  { signedBy = authority, port = 0, host = '127.0.0.1' }: { signedBy?: Authority; port?: number; host?: string } = {},
): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const https = createServer(
    { ...signedBy.server, ca: authority.caPem, requestCert: true, rejectUnauthorized: false },
    (incoming, answer) => {
      void (async () => {
        let body = '';
        for await (const chunk of incoming.setEncoding('utf8')) body += chunk as string;
        const { socket } = incoming;
        const known = socket instanceof TLSSocket && socket.authorized;
        const user = known ? socket.getPeerCertificate().subject.CN : null;
        const asked: Asked = {
          method: incoming.method ?? '',
          url: new URL(incoming.url ?? '', server.url),
          headers: incoming.headers,
          body,
          user: typeof user === 'string' ? user : null,
        };
        server.asked.push(asked);
        await server.script(asked, answer);
      })();
    },
  );
  https.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  https.on('secureConnection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve, reject) => {
    https.once('error', reject);
    https.listen(port, host, resolve);
  });
  const address = https.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server: ScriptedServer = {
    url: `https://${host}:${address.port}`,
    port: address.port,
    asked: [],
    connections: () => connections,
    script,
    cut,
    close: async () => {
      const closed = new Promise((resolve) => https.close(resolve));
      cut();
      await closed;
    },
  };
  return server;
}

/** A port of the loopback where nothing listens. */
export async function freePort(): Promise<number> {
  const server = await startScripted(() => undefined);
  await server.close();
  return server.port;
}

export function json(answer: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export const refusal = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  metadata: {},
  reason,
  message,
  code,
});

export const credentialsFor = (server: string, more: Partial<Credentials> = {}): Credentials => ({
  server,
  ca: authority.caPem,
  certificate: null,
  key: null,
  servername: null,
  verify: true,
  headers: { Authorization: 'Bearer token-1' },
  proxy: null,
  ...more,
});

/** Access with credentials that the test may change under way. */
export function accessTo(server: string, more: Partial<Credentials> = {}) {
  const held = { credentials: credentialsFor(server, more), refused: 0, unanswered: 0 };
  const access: ClusterAccess = {
    cluster: 'test',
    context: 'test',
    user: 'tester',
    namespace: 'default',
    server,
    credentials: () => Promise.resolve(held.credentials),
    refused: () => {
      held.refused += 1;
    },
    unanswered: () => {
      held.unanswered += 1;
    },
  };
  return { access, held };
}

/** Resolves once the condition holds; looks again whenever the event loop turns. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
