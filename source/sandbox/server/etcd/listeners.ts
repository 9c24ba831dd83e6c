import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { SandboxClock } from '../../clock.ts';
import type { Etcd } from '../../world/etcd/etcd.ts';
import { memberAnswer, METRICS_PORT } from './member-http.ts';

/** Addresses are sought so often before it is given up. */
const ATTEMPTS = 8;

/** A port for metrics that listens on an address of its own, before there is a member behind it. */
export type Claim = { readonly address: string; readonly server: Server };

const listen = (server: Server, address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const fail = (): void => resolve(false);
    server.once('error', fail);
    server.listen(METRICS_PORT, address, () => {
      server.off('error', fail);
      resolve(true);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    if (!server.listening) {
      resolve();
      return;
    }
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** An address of 127/8 that hardly anybody else has taken. */
const anyAddress = (): string => `127.${randomInt(16, 250)}.${randomInt(1, 255)}.${randomInt(2, 255)}`;

async function claim(): Promise<Claim | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const [address, server] = [anyAddress(), createServer()];
    server.unref();
    if (await listen(server, address)) return { address, server };
  }
  return null;
}

/** Takes so many loopback addresses; none where the platform has only one of them, or the port is not to be had there. */
export async function claimAddresses(count: number): Promise<readonly Claim[]> {
  const claims = await Promise.all(Array.from({ length: count }, claim));
  const taken = claims.filter((each) => each !== null);
  if (taken.length === count) return taken;
  await release(taken);
  return [];
}

export async function release(claims: readonly Claim[]): Promise<void> {
  await Promise.all(claims.map(({ server }) => close(server)));
}

/** Lets the members answer at their addresses, each for as long as it runs. Answers what ends that. */
export function serveMembers(claims: readonly Claim[], etcd: Etcd, clock: SandboxClock): () => Promise<void> {
  for (const { address, server } of claims) {
    server.on('request', (incoming, outgoing) => {
      const member = etcd.members.find((each) => each.address === address);
      const url = new URL(incoming.url ?? '/', 'http://member');
      if (!member || !etcd.isRunning(member)) {
        incoming.socket.resetAndDestroy();
        return;
      }
      void memberAnswer(etcd, member, { path: url.pathname, query: url.searchParams }, clock).then(
        ({ status, contentType, text, headers = {} }) => {
          outgoing.writeHead(status, { 'content-type': contentType, ...headers });
          outgoing.end(text);
        },
      );
    });
  }
  const follow = (): void => {
    for (const { address, server } of claims) {
      const member = etcd.members.find((each) => each.address === address);
      const runs = member !== undefined && etcd.isRunning(member);
      if (runs && !server.listening) void listen(server, address);
      else if (!runs) void close(server);
    }
  };
  const unsubscribe = etcd.subscribe(follow);
  follow();
  return async () => {
    unsubscribe();
    await release(claims);
  };
}
