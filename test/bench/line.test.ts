import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { openLine, type LineOptions } from '../../bench/line.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
});

/** A server that sends everything back. */
async function startEcho(): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

async function lineToEcho(options: Omit<LineOptions, 'port'>) {
  const echo = await startEcho();
  const line = await openLine({ ...options, port: echo.port });
  undo.push(() => line.stop());
  return { echo, line };
}

/** Sends bytes over a connection of its own; answers what came back and after how many ms. */
async function sent(port: number, bytes: Buffer): Promise<{ back: Buffer; milliseconds: number }> {
  const startedAt = performance.now();
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  const back = await buffer(socket);
  return { back, milliseconds: performance.now() - startedAt };
}

const BYTES = Buffer.from(Array.from({ length: 20_000 }, (_, index) => index % 251));

it.each([{}, { latency: 20 }, { bytesPerSecond: 200_000 }, { bytesPerSecond: 200_000, latency: 20 }])(
  'passes on every byte in its order: %o',
  async (options) => {
    const { line } = await lineToEcho(options);
    const answers = await Promise.all([sent(line.port, BYTES), sent(line.port, BYTES)]);
    for (const { back } of answers) expect(back).toEqual(BYTES);
    expect(line.carried()).toEqual({ up: 2 * BYTES.length, down: 2 * BYTES.length });
  },
);

it('is as thin as was asked, for all connections together', async () => {
  const { line } = await lineToEcho({ bytesPerSecond: 200_000 });
  const answers = await Promise.all([sent(line.port, BYTES), sent(line.port, BYTES)]);
  expect(Math.max(...answers.map(({ milliseconds }) => milliseconds))).toBeGreaterThan(190);
});

it('delays both ways', async () => {
  const { line } = await lineToEcho({ latency: 40 });
  expect((await sent(line.port, Buffer.from('key'))).milliseconds).toBeGreaterThan(78);
});

it('ends the connection when the server does', async () => {
  const { echo, line } = await lineToEcho({});
  const socket = connect(line.port, '127.0.0.1');
  socket.write('first');
  await once(socket, 'data');
  for (const served of echo.sockets) served.resetAndDestroy();
  await once(socket, 'close');
  expect(socket.destroyed).toBe(true);
});

it('refuses nobody, and ends the connection when there is no server', async () => {
  const { port, sockets } = await startEcho();
  await undo.pop()?.();
  expect(sockets.size).toBe(0);
  const line = await openLine({ port });
  undo.push(() => line.stop());
  const socket = connect(line.port, '127.0.0.1');
  socket.resume();
  await once(socket, 'close');
  expect(line.carried()).toEqual({ up: 0, down: 0 });
});

it('leaves nothing open when it is stopped', async () => {
  const { line } = await lineToEcho({});
  const socket = connect(line.port, '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  await line.stop();
  await closed;
  const refused = connect(line.port, '127.0.0.1');
  await expect(once(refused, 'connect')).rejects.toThrow('ECONNREFUSED');
});
