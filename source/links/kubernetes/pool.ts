import { Agent as PlainAgent } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import { checkServerIdentity, createSecureContext } from 'node:tls';
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
  const { server, proxy } = credentials;
  const secure = server.startsWith('https:');
  const options = { ...KEEP_ALIVE, ...(secure ? tlsOptions(credentials) : {}) };
  if (proxy === null) return secure ? new Agent(options) : new PlainAgent(options);
  if (proxy.url.startsWith('socks')) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    return new SocksProxyAgent(proxy.url, { ...options, ...identityOf(credentials) });
  }
  const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
  return new (secure ? HttpsProxyAgent : HttpProxyAgent)({ ...options, proxy: proxy.url });
}

/** SocksProxyAgent knows the name of the proxy alone, so a server that is an address would be taken for `localhost`. */
const identityOf = ({ server, servername }: Credentials): AgentOptions => ({
  checkServerIdentity: (_, certificate) =>
    checkServerIdentity(servername ?? new URL(server).hostname.replace(/^\[|\]$/g, ''), certificate),
});

function tlsOptions({ ca, certificate, key, servername, verify }: Credentials): AgentOptions {
  const secureContext = createSecureContext({
    minVersion: 'TLSv1.2',
    ...(ca === null ? {} : { ca }),
    ...(certificate === null ? {} : { cert: certificate }),
    ...(key === null ? {} : { key }),
  });
  return { secureContext, rejectUnauthorized: verify, ...(servername === null ? {} : { servername }) };
}
