import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { authority } from './scripted-server.ts';

/** A command that is run in a pod, and how to answer it. */
export type Running = {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly socket: WebSocket;
  readonly write: (channel: number, text: string) => void;
  /** Tells the end as Kubernetes does, and closes. */
  readonly end: (exitCode: number) => void;
  readonly status: (status: object) => void;
};

export type ExecServer = {
  readonly url: string;
  readonly ran: Running[];
  /** WebSockets that are open. */
  readonly open: () => number;
};

type Answer = {
  readonly run?: (running: Running) => void;
  /** Answers with a status and a body in place of a WebSocket. */
  readonly refuse?: { readonly status: number; readonly body: string; readonly type?: string };
  /** What the server takes of the subprotocols; null takes none. */
  readonly protocol?: string | null;
  readonly plain?: boolean;
};

export const success = { metadata: {}, status: 'Success' };
export const ended = (exitCode: number) =>
  exitCode === 0
    ? success
    : {
        metadata: {},
        status: 'Failure',
        reason: 'NonZeroExitCode',
        message: `command terminated with non-zero exit code: exit status ${exitCode}`,
        details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
      };

/** An API server that runs commands, on a free port of the loopback; it ends with the test. */
export async function serveExec({ run, refuse, protocol, plain = false }: Answer): Promise<ExecServer> {
  const sockets = new Set<Socket>();
  const ran: Running[] = [];
  const http = plain ? createServer() : createTlsServer(authority.server);
  const webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (protocol === undefined ? ([...offered][0] ?? false) : (protocol ?? false)),
  });
  http.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (refuse !== undefined) {
      const { status, body, type = 'application/json' } = refuse;
      socket.end(
        `HTTP/1.1 ${status} No\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const write = (channel: number, text: string) =>
        webSocket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
      const status = (told: object) => {
        write(3, JSON.stringify(told));
        webSocket.close(1_000);
      };
      webSocket.on('error', () => undefined);
      const running: Running = {
        url: new URL(request.url ?? '', 'https://server'),
        headers: request.headers,
        socket: webSocket,
        write,
        status,
        end: (exitCode) => status(ended(exitCode)),
      };
      ran.push(running);
      run?.(running);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => http.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const { port } = http.address() as AddressInfo;
  return { url: `http${plain ? '' : 's'}://127.0.0.1:${port}`, ran, open: () => webSockets.clients.size };
}
