// A kubelet that does one thing: it runs commands in the container of the etcd of its machine, by the ways that the API server passes on
// to it, SPDY for kubectl and WebSocket. Run with its settings as JSON in the only argument.
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { isRunning, runInContainer, type ExecStatus } from './etcdctl.ts';
import { openSpdy, type SpdyStream } from './spdy.ts';

export type KubeletSettings = {
  readonly address: string;
  readonly port: number;
  /** Its own certificate and key, and the authority of its clients, which have to show one. */
  readonly files: { readonly authority: string; readonly certificate: string; readonly key: string };
  /** Namespace, pod and container of etcd. */
  readonly container: string;
  /** Holds what the container has as its folder of certificates. */
  readonly certificates: string;
};

const PROTOCOL = 'v4.channel.k8s.io';
/** Numbers of the channels of that protocol, and the flags that ask for them. */
const CHANNELS = { stdout: 1, stderr: 2, error: 3 } as const;
type Channel = keyof typeof CHANNELS;
const ASKED_BY: Readonly<Record<string, string>> = { input: 'stdin', output: 'stdout', error: 'stderr' };

const settings = JSON.parse(process.argv[2] ?? '') as KubeletSettings;

function refuse(socket: Duplex, status: string, words: string): void {
  const length = Buffer.byteLength(words);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${words}`,
  );
}

const run = async (url: URL, write: (channel: Channel, data: Buffer, last: boolean) => void): Promise<void> => {
  const status: ExecStatus = await runInContainer(
    url.searchParams.getAll('command'),
    settings.certificates,
    (channel, data) => write(channel, data, false),
  );
  for (const channel of ['stdout', 'stderr'] as const) write(channel, Buffer.alloc(0), true);
  write('error', Buffer.from(JSON.stringify(status)), true);
};

function answerSpdy(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void {
  const offered = String(request.headers['x-stream-protocol-version']).split(/,\s*/);
  if (!offered.includes(PROTOCOL)) {
    refuse(socket, '403 Forbidden', `unable to negotiate protocol: client supports ${offered.join(' ')}`);
    return;
  }
  const upgrade = `Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${PROTOCOL}`;
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${upgrade}\r\n\r\n`);
  const awaited = new Set([
    'error',
    ...Object.entries(ASKED_BY).flatMap(([flag, type]) => (url.searchParams.get(flag) === '1' ? [type] : [])),
  ]);
  const streams = new Map<string, SpdyStream>();
  const session = openSpdy(socket, head, (stream) => {
    const type = stream.headers['streamtype'] ?? '';
    streams.set(type, stream);
    awaited.delete(type);
    if (awaited.size > 0 || type === '') return;
    void run(url, (channel, data, last) => {
      const to = streams.get(channel);
      if (to !== undefined) session.write(to, data, last);
    }).then(() => socket.end());
  });
}

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: () => PROTOCOL,
});

function answerWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void {
  const offered = String(request.headers['sec-websocket-protocol']).split(/,\s*/);
  if (!offered.includes(PROTOCOL)) {
    refuse(socket, '403 Forbidden', `requested protocol(s) are not supported: ${offered.join(' ')}`);
    return;
  }
  sockets.handleUpgrade(request, socket, head, (client) => {
    const send = (channel: Channel, data: Buffer) =>
      client.send(Buffer.concat([Buffer.from([CHANNELS[channel]]), data]));
    // Tells the client that it is connected.
    send('stdout', Buffer.alloc(0));
    void run(url, (channel, data) => {
      if (data.length > 0) send(channel, data);
    }).then(() => client.close());
  });
}

const server = createServer(
  {
    ca: readFileSync(settings.files.authority),
    cert: readFileSync(settings.files.certificate),
    key: readFileSync(settings.files.key),
    requestCert: true,
    rejectUnauthorized: true,
  },
  (_request, response) => response.writeHead(404).end(),
);
server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
  socket.on('error', () => socket.destroy());
  const url = new URL(request.url ?? '/', 'https://kubelet');
  const answer = async () => {
    if (url.pathname !== `/exec/${settings.container}`) refuse(socket, '404 Not Found', 'pod does not exist');
    else if (!(await isRunning())) refuse(socket, '500 Internal Server Error', 'container not found ("etcd")');
    else if (request.headers.upgrade?.toLowerCase() === 'websocket') answerWebSocket(request, socket, head, url);
    else answerSpdy(request, socket, head, url);
  };
  void answer();
});
server.listen(settings.port, settings.address);
