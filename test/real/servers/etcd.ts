// etcd as the distribution runs it: TLS with client certificates, health and metrics by plain HTTP on a port of their own.
import { join } from 'node:path';
import { freePorts, startProcess, waitFor, type ServerProcess } from './process.ts';

/** Where the certificates of one identity and its authority lie on disk. */
export type IdentityFiles = { readonly authority: string; readonly certificate: string; readonly key: string };

export type EtcdMember = {
  readonly name: string;
  /** For clients, by TLS with a client certificate. */
  readonly clientUrl: string;
  /** `/health` and `/metrics`, without TLS. */
  readonly metricsUrl: string;
  readonly process: ServerProcess;
};

export type Etcd = {
  readonly members: readonly EtcdMember[];
  /** What `etcdctl --cacert --cert --key` and the API server need. */
  readonly files: IdentityFiles;
  stop(): Promise<void>;
};

export type EtcdOptions = {
  /** Holds the data of each member; made and removed by the caller. */
  readonly folder: string;
  readonly files: IdentityFiles;
  readonly members: number;
  /** Further flags for every member, such as a small `--quota-backend-bytes=…`. */
  readonly flags: readonly string[];
};

/**
 * Starts a cluster of etcd members on loopback and waits until each says that it is healthy.
 * @throws when a member ends or is not healthy within a minute, with its last words
 */
export async function startEtcd({ folder, files, members: count, flags }: EtcdOptions): Promise<Etcd> {
  const ports = await freePorts(3 * count);
  const plan = Array.from({ length: count }, (_, index) => {
    const [client, peer, metrics] = ports.slice(3 * index).map(String);
    return {
      name: `etcd-${index + 1}`,
      clientUrl: `https://127.0.0.1:${client ?? ''}`,
      peerUrl: `https://127.0.0.1:${peer ?? ''}`,
      metricsUrl: `http://127.0.0.1:${metrics ?? ''}`,
    };
  });
  const cluster = plan.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',');
  const start = async ({ name, clientUrl, peerUrl, metricsUrl }: (typeof plan)[number]): Promise<EtcdMember> => {
    const server = await startProcess(name, 'etcd', [
      `--name=${name}`,
      `--data-dir=${join(folder, name)}`,
      `--initial-cluster=${cluster}`,
      '--initial-cluster-state=new',
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--listen-metrics-urls=${metricsUrl}`,
      '--client-cert-auth=true',
      `--trusted-ca-file=${files.authority}`,
      `--cert-file=${files.certificate}`,
      `--key-file=${files.key}`,
      '--peer-client-cert-auth=true',
      `--peer-trusted-ca-file=${files.authority}`,
      `--peer-cert-file=${files.certificate}`,
      `--peer-key-file=${files.key}`,
      '--logger=zap',
      '--log-outputs=stderr',
      '--log-level=warn',
      ...flags,
    ]);
    return { name, clientUrl, metricsUrl, process: server };
  };
  const members = await Promise.all(plan.map(start));
  const stop = async () => {
    await Promise.all(members.map((member) => member.process.stop()));
  };
  const healthy = (member: EtcdMember) =>
    waitFor(
      `${member.name} healthy`,
      async () => {
        const answer = await fetch(`${member.metricsUrl}/health`);
        return answer.ok && ((await answer.json()) as { health: string }).health === 'true';
      },
      { server: member.process },
    );
  try {
    await Promise.all(members.map(healthy));
  } catch (error) {
    await stop();
    throw error;
  }
  return { members, files, stop };
}
