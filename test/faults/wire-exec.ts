import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { WebSocket, WebSocketServer } from 'ws';
import type { Sandbox } from '../../source/sandbox/sandbox.ts';
import type { Spoken } from './spoken.ts';

/** What a command wrote, and how it ended. */
export type Ran = { readonly stdout: string; readonly stderr: string; readonly exitCode: number };

/** A command on its way to a container, run in place of the server's own. */
export type Running = {
  /** Its words, as in `etcdctl member list`, without flags. */
  readonly words: string;
  /** What the server's own comes to. */
  readonly ran: () => Promise<Ran>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Tells the end as Kubernetes does, and closes. */
  readonly end: (exitCode: number) => void;
  /** Closes without a word about the end. */
  readonly close: () => void;
  /** Resets the connection. */
  readonly cut: () => void;
};

const CHANNEL = { stdout: 1, stderr: 2, status: 3 } as const;

const endOf = (exitCode: number) =>
  exitCode === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        reason: 'NonZeroExitCode',
        message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
        details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
      };

const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: (offered) => [...offered][0] ?? false,
});

const wordsOf = (path: string): string =>
  new URL(path, 'https://wire').searchParams
    .getAll('command')
    .filter((word) => !word.startsWith('-') && word !== 'json')
    .join(' ');

/** Runs on the server what was asked for, with the credentials of whoever asked. */
function runOn(box: Sandbox, { url = '/', headers }: IncomingMessage): Promise<Ran> {
  const protocol = headers['sec-websocket-protocol']?.split(/, */) ?? [];
  const socket = new WebSocket(new URL(url, box.url).href.replace(/^https/, 'wss'), protocol, {
    ca: box.caPem,
    headers: { authorization: headers.authorization ?? '' },
    perMessageDeflate: false,
  });
  const written: Buffer[] = [];
  socket.on('message', (data: Buffer) => void written.push(data));
  const on = (channel: number) =>
    Buffer.concat(written.filter(([first]) => first === channel).map((data) => data.subarray(1))).toString('utf8');
  return new Promise((resolve) => {
    // What was cut has come to no end, which the code tells.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const status = on(CHANNEL.status);
      const exitCode = Number(
        /"ExitCode","message":"(\d+)"/.exec(status)?.[1] ?? (status.includes('Success') ? 0 : -1),
      );
      resolve({ stdout: on(CHANNEL.stdout), stderr: on(CHANNEL.stderr), exitCode });
    });
  });
}

/** Takes a connection over, and lets the command be run as `run` likes. */
export function runAs(
  box: Sandbox,
  { incoming, socket, head }: { incoming: IncomingMessage; socket: Duplex; head: Buffer },
  run: (running: Running) => void,
): void {
  sockets.handleUpgrade(incoming, socket, head, (open) => {
    open.on('error', () => open.terminate());
    const say = (channel: number, text: string) => {
      if (open.readyState === open.OPEN) open.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
    };
    run({
      words: wordsOf(incoming.url ?? '/'),
      ran: () => runOn(box, incoming),
      stdout: (text) => say(CHANNEL.stdout, text),
      stderr: (text) => say(CHANNEL.stderr, text),
      end: (exitCode) => {
        say(CHANNEL.status, JSON.stringify(endOf(exitCode)));
        open.close(1_000);
      },
      close: () => open.close(1_000),
      cut: () => open.terminate(),
    });
  });
}

/** Passes an upgraded connection on to the server, byte for byte. */
export function passOn(
  box: Sandbox,
  { incoming, socket, head }: { incoming: IncomingMessage; socket: Duplex; head: Buffer },
): void {
  const { hostname, port } = new URL(box.url);
  const onward = connect({ host: hostname, port: Number(port), ca: box.caPem }, () => {
    const { method = 'GET', url = '/', rawHeaders } = incoming;
    const lines = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}\r\n`] : [],
    );
    onward.write(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  onward.on('close', () => socket.destroy());
  socket.on('error', () => onward.destroy());
  socket.on('close', () => onward.destroy());
}

/** Answers in place of an upgrade, and ends the connection. */
export function refuse(socket: Duplex, { status, headers = {}, body }: Spoken): void {
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.end(
    `HTTP/1.1 ${status} Refused\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
