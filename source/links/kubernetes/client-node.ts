import type { Agent, RequestOptions } from 'node:https';
import type { User } from '@kubernetes/client-node';
import type { Credentials } from './access.ts';
import { asObject, asText, type Fields } from './fields.ts';

// What @kubernetes/client-node gives beyond our own: the older auth providers and proxies. It is large (80 MB resident),
// so it is loaded only for a kubeconfig that needs it.

const base64 = (pem: string) => Buffer.from(pem).toString('base64');

async function configured(server: string, user: User, proxy?: Partial<Credentials>) {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    {
      name: 'cluster',
      server,
      skipTLSVerify: proxy?.verify === false,
      ...(proxy?.ca ? { caData: base64(proxy.ca) } : {}),
      ...(proxy?.servername ? { tlsServerName: proxy.servername } : {}),
      ...(proxy?.proxy ? { proxyUrl: proxy.proxy } : {}),
    },
    user,
  );
  return config;
}

/**
 * The Authorization header that an `auth-provider` of a kubeconfig (oidc, azure, gcp) gives, or null; tokens that it
 * refreshes live as long as the result. Rejects with the provider's own error.
 */
export async function openAuthProvider(server: string, authProvider: Fields): Promise<() => Promise<string | null>> {
  // The provider writes refreshed tokens into its configuration, so it gets a copy.
  const config = await configured(server, { name: 'user', authProvider: structuredClone(authProvider) });
  return async () => {
    const options: RequestOptions = { headers: {} };
    await config.applyToHTTPSOptions(options);
    return asText(asObject(options.headers)?.['Authorization']) || null;
  };
}

/** A pool of connections through the proxy (http, https, socks) that the kubeconfig names. */
export async function createProxyPool(credentials: Credentials): Promise<Agent> {
  const { certificate, key } = credentials;
  const user = {
    name: 'user',
    ...(certificate === null ? {} : { certData: base64(certificate) }),
    ...(key === null ? {} : { keyData: base64(key) }),
  };
  const options: RequestOptions = {};
  await (await configured(credentials.server, user, credentials)).applyToHTTPSOptions(options);
  return Object.assign(options.agent as Agent, { keepAlive: true });
}
