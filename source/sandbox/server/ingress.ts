import { createServer, type Server } from 'node:https';
import { newAuthority } from '../certificates.ts';
import type { Machine } from '../world/machines.ts';

/** Where the control-plane ingress and the workload ingress listen (MetalK8s: "Listening Processes", hostPorts). */
const PORTS = { 'control-plane-ingress': 8443, 'workload-ingress': 443 } as const;

/** The ingresses: their certificates are of another authority than that of the API server. */
export type Ingress = { stop(): Promise<void> };

/**
 * Listens on the bootstrap node, where that has an address that can be reached and the port is free there and open to
 * this process. It knows no site, so that it answers what it answers for one that nobody serves.
 */
export async function startIngress(machines: readonly Machine[]): Promise<Ingress> {
  const address = machines.find(({ roles }) => roles.includes('bootstrap'))?.address;
  if (address === undefined) return { stop: () => Promise.resolve() };
  const listening = await Promise.all(Object.entries(PORTS).map(([name, port]) => listenAt(address, name, port)));
  return {
    stop: async () => {
      await Promise.all(listening.filter((server) => server !== null).map(closed));
    },
  };
}

/** Null where the port cannot be had. */
async function listenAt(address: string, name: string, port: number): Promise<Server | null> {
  const { server: shown } = newAuthority(new Date(), 'metalk8s-ingress', { addresses: [address], server: name });
  const server = createServer(shown, (_incoming, outgoing) => {
    outgoing.writeHead(404, { 'content-type': 'text/html' });
    outgoing.end('<html><head><title>404 Not Found</title></head></html>\n');
  });
  // A client that breaks off its handshake is no concern of the server.
  server.on('tlsClientError', () => undefined);
  server.unref();
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, address, () => resolve(true));
  });
  return listens ? server : null;
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
