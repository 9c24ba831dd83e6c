import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connect, createServer as listenOn, type AddressInfo, type Socket } from 'node:net';

/** A real proxy on loopback. Every name leads to this machine, whatever DNS says. */
export type ForwardProxy = {
  readonly url: string;
  readonly port: number;
  /** Where ways were asked to, as HOST:PORT, oldest first. */
  readonly asked: readonly string[];
  /** What came with each way that was asked for; empty for SOCKS. */
  readonly headers: readonly IncomingHttpHeaders[];
  /** Given in place of a way while it is set; null means that nothing is ever answered. */
  refusal: number | null | undefined;
  readonly close: () => Promise<void>;
};

/** Opens a way to a port of this machine and lets both sides speak. */
function join(port: number, socket: Socket, opened: () => void) {
  const onward = connect(port, '127.0.0.1', () => {
    opened();
    onward.pipe(socket).pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
  socket.on('close', () => onward.destroy());
}

const listening = (server: { listen: (port: number, host: string, done: () => void) => void }) =>
  new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

/** A proxy that opens tunnels by CONNECT (RFC 9110, 9.3.6). */
export async function startConnectProxy(): Promise<ForwardProxy> {
  const asked: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const sockets = new Set<Socket>();
  const server = createServer().on('connect', (request) => {
    const { socket } = request;
    sockets.add(socket);
    asked.push(request.url ?? '');
    headers.push(request.headers);
    socket.on('error', () => undefined);
    if (proxy.refusal === null) return;
    if (proxy.refusal !== undefined) {
      socket.end(`HTTP/1.1 ${proxy.refusal} No\r\n\r\n`);
      return;
    }
    join(Number(/\d+$/.exec(request.url ?? '')?.[0]), socket, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
  });
  await listening(server);
  const { port } = server.address() as AddressInfo;
  const proxy: ForwardProxy = {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    headers,
    refusal: undefined,
    close: () => closed(server, sockets),
  };
  return proxy;
}

const SOCKS_OF_NAME = 3;

/** A proxy that speaks SOCKS 5 (RFC 1928) without a login. */
export async function startSocksProxy(): Promise<ForwardProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = listenOn((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request) => {
        const name = request[3] === SOCKS_OF_NAME;
        const host = name ? request.subarray(5, -2).toString() : request.subarray(4, 8).join('.');
        const port = request.readUInt16BE(request.length - 2);
        asked.push(`${host}:${port}`);
        const answer = (code: number) => socket.write(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
        if (proxy.refusal === undefined) join(port, socket, () => answer(0));
        else answer(1);
      });
    });
  });
  await listening(server);
  const { port } = server.address() as AddressInfo;
  const url = `socks5h://127.0.0.1:${port}`;
  const proxy: ForwardProxy = {
    url,
    port,
    asked,
    headers: [],
    refusal: undefined,
    close: () => closed(server, sockets),
  };
  return proxy;
}

function closed(server: { close: (done: () => void) => unknown }, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
