import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';

/**
 * What KubeConfig sends to a cluster as a user: certificates and tokens as their files hold them now, and tokens of its
 * auth providers, which keep what they refreshed in the user. Rejects with the error of the file or the provider.
 */
export async function optionsFor(cluster: Cluster, user: User): Promise<RequestOptions> {
  // Made anew, because one that is kept holds a token file for a minute, and after it refreshed one OpenID token asks for
  // another at every call.
  const config = new KubeConfig();
  // Without TLS there is nothing to verify, and it insists on being told so.
  const skipTLSVerify = cluster.skipTLSVerify || cluster.server.startsWith('http:');
  config.loadFromClusterAndUser({ ...cluster, skipTLSVerify }, user);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}
