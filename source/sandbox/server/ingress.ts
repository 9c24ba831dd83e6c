import { createServer } from 'node:https';
import { newAuthority } from '../certificates.ts';
import type { Machine } from '../world/machines.ts';

/** Where the control-plane ingress listens (MetalK8s: "Listening Processes"). */
const INGRESS_PORT = 8443;

/** The ingress of the control plane: its certificate is of another authority than that of the API server. */
export type Ingress = { stop(): Promise<void> };

/**
 * Listens on the bootstrap node, where that has an address that can be reached and the port is free there. It knows no
 * site, so that it answers what it answers for one that nobody serves.
 */
export async function startIngress(machines: readonly Machine[]): Promise<Ingress> {
  const address = machines.find(({ roles }) => roles.includes('bootstrap'))?.address;
  if (address === undefined) return { stop: () => Promise.resolve() };
  const { server: shown } = newAuthority(new Date(), 'metalk8s-ingress', {
    addresses: [address],
    server: 'control-plane-ingress',
  });
  const server = createServer(shown, (_incoming, outgoing) => {
    outgoing.writeHead(404, { 'content-type': 'text/html' });
    outgoing.end('<html><head><title>404 Not Found</title></head></html>\n');
  });
  // A client that breaks off its handshake is no concern of the server.
  server.on('tlsClientError', () => undefined);
  server.unref();
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(INGRESS_PORT, address, () => resolve(true));
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        if (!listens) {
          resolve();
          return;
        }
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
