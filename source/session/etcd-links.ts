import { stateFolder } from '../configuration/state-folder.ts';
import { createEtcdDirectly, directAddress } from '../links/etcd/direct.ts';
import { createEtcdReader } from '../links/etcd/reader.ts';
import { ConfigurationError } from '../links/kubernetes/access.ts';
import { isLoopback, isTunnel } from '../links/kubernetes/doors.ts';
import type { EtcdLinks } from '../state/collectors/etcd-asking.ts';
import type { Client } from './client.ts';
import { openMemory } from './etcd-memory.ts';
import type { SessionOptions } from './options.ts';

const NOTHING_KEPT: EtcdLinks['memory'] = { recall: () => [], keep: () => undefined };

/**
 * The ways to etcd. Its members are asked at their own addresses only from a machine that reaches the cluster without a
 * tunnel or a proxy: elsewhere somebody else may have those addresses.
 */
export function etcdLinks(client: Client, options: SessionOptions): EtcdLinks {
  const { access, connection, clock } = client;
  const { memberAddress } = options;
  const direct: EtcdLinks['addressOf'] = async ({ address }) => {
    if (address === null) return null;
    const url = directAddress(address);
    try {
      const { server, proxy } = await access.credentials();
      return proxy === null && (!isTunnel(server) || isLoopback(url)) ? url : null;
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      // Which way leads to the cluster is not known, and why stands with the nodes.
      return null;
    }
  };
  return {
    etcd: createEtcdReader(connection, clock),
    directly: createEtcdDirectly(connection.userAgent, clock),
    addressOf: memberAddress ? (host) => Promise.resolve(memberAddress(host)) : direct,
    // Members behind a tunnel are not asked at their addresses, and the next one ends at another port.
    memory: isTunnel(access.server)
      ? NOTHING_KEPT
      : openMemory(options.stateFolder ?? stateFolder(options.environment), access.server),
  };
}
