import { Agent as PlainAgent } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Credentials } from './access.ts';

/** Kept-alive connections for one set of credentials; KubeConfig's own keep none alive. */
export type Pool = { readonly agent: PlainAgent; readonly close: () => void };

const KEEP_ALIVE = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 4, scheduling: 'lifo' } as const;

/** Everything of the credentials that a TLS connection depends on; headers are of the request. */
export const poolKey = (credentials: Credentials) => JSON.stringify({ ...credentials, headers: null });

/** Rejects with a TLS error when the CA, certificate or key cannot be used. */
export async function createPool(credentials: Credentials): Promise<Pool> {
  const agent = await createAgent(credentials);
  return { agent, close: () => agent.destroy() };
}

async function createAgent(credentials: Credentials): Promise<PlainAgent> {
  // KubeConfig knows proxies. It is large, so the pods' thread loads it for a proxy only.
  if (credentials.proxy !== null) return (await import('./client-node.ts')).createProxyPool(credentials);
  if (credentials.server.startsWith('http:')) return new PlainAgent(KEEP_ALIVE);
  return new Agent({ ...KEEP_ALIVE, ...tlsOptions(credentials) });
}

function tlsOptions({ ca, certificate, key, servername, verify }: Credentials): AgentOptions {
  const secureContext = createSecureContext({
    minVersion: 'TLSv1.2',
    ...(ca === null ? {} : { ca }),
    ...(certificate === null ? {} : { cert: certificate }),
    ...(key === null ? {} : { key }),
  });
  return { secureContext, rejectUnauthorized: verify, ...(servername === null ? {} : { servername }) };
}
