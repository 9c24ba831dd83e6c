import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline, Transform } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createPace, slicesOf, type Pace } from './pace.ts';

export type LineOptions = {
  /** Where the server listens, on loopback. */
  readonly port: number;
  /** What all connections together carry in each direction; no bound if left out. */
  readonly bytesPerSecond?: number;
  /** Added to every byte on its way, ms; none if left out. */
  readonly latency?: number;
};

/** A line to a server on loopback: whatever it carries is passed on as it is, later. */
export type Line = {
  /** Where to connect instead of the server. */
  readonly port: number;
  /** Bytes that went through it so far, of all connections. */
  readonly carried: () => { readonly up: number; readonly down: number };
  /** Ends every connection. */
  readonly stop: () => Promise<void>;
};

/** Passes bytes on at a pace and later, in their order; `count` is told of them as they leave. */
function delayed(pace: Pace, latency: number, count: (bytes: number) => void): Transform {
  const passOn = async (stream: Transform, chunk: Buffer) => {
    for (const slice of slicesOf(chunk, pace.slice)) {
      const wait = pace.take(slice.length);
      if (wait > 0) await pause(wait);
      count(slice.length);
      if (latency === 0) stream.push(slice);
      else setTimeout(() => stream.push(slice), latency);
    }
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passOn(this, chunk).then(() => done(), done);
    },
    // Timers of one length fire in the order in which they were set.
    flush(done) {
      if (latency === 0) done();
      else setTimeout(done, latency);
    },
  });
}

/** Opens a line to a server on loopback; it serves any number of connections until it is stopped. */
export async function openLine({ port, bytesPerSecond = Infinity, latency = 0 }: LineOptions): Promise<Line> {
  const up = createPace(bytesPerSecond, () => performance.now());
  const down = createPace(bytesPerSecond, () => performance.now());
  const carried = { up: 0, down: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    // What breaks one end breaks the other, and who is there learns it so: nothing else is to be done about it.
    const broken = (error: Error | null | undefined) => {
      if (error) for (const socket of [near, far]) socket.destroy();
    };
    const upward = delayed(up, latency, (bytes) => (carried.up += bytes));
    const downward = delayed(down, latency, (bytes) => (carried.down += bytes));
    pipeline(near, upward, far, broken);
    pipeline(far, downward, near, broken);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    carried: () => ({ ...carried }),
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
