import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type Line = {
  /** A text, such as a kubeconfig, with the cluster's address replaced by that of this line. */
  through(text: string): string;
  /** Cuts every connection and refuses new ones. */
  cut(): Promise<void>;
  /** At the same address as before. */
  mend(): Promise<void>;
};

/** A line to a server on loopback, for one test, that can be cut while the server goes on. */
export async function layLine(url: string): Promise<Line> {
  const { hostname, port, origin } = new URL(url);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((near) => {
    const far = keep(connect(Number(port), hostname));
    keep(near).pipe(far).pipe(near);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  });
  const mend = () => listen(server, own);
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.resetAndDestroy();
    });
  let own = 0;
  await mend();
  own = (server.address() as AddressInfo).port;
  onTestFinished(() => (server.listening ? cut() : undefined));
  return { through: (text) => text.replaceAll(origin, `https://127.0.0.1:${own}`), cut, mend };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
