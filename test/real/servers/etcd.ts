// etcd as the distribution runs it: TLS with client certificates, health and metrics by plain HTTP on a port of their own.
import { join } from 'node:path';
import { startProcess, waitFor, type ServerProcess } from './process.ts';

/** Where the certificates of one identity and its authority lie on disk. */
export type IdentityFiles = { readonly authority: string; readonly certificate: string; readonly key: string };

export type EtcdMember = {
  readonly name: string;
  /** For clients, by TLS with a client certificate. */
  readonly clientUrl: string;
  /** `/health` and `/metrics`, without TLS. */
  readonly metricsUrl: string;
  /** The running process; another one after a restart. */
  process(): ServerProcess;
  /** Starts it again after `process().stop()`, and resolves when it answers, which it does without quorum too. */
  start(): Promise<void>;
};

/** Where a member runs. */
export type EtcdPlace = {
  readonly name: string;
  readonly address: string;
  readonly ports: { readonly client: number; readonly peer: number; readonly metrics: number };
  /** Of the machine that it runs on, where it listens on loopback as well; null for this machine. */
  readonly enter: readonly string[] | null;
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
  readonly places: readonly EtcdPlace[];
  /** Further flags for every member, such as a small `--quota-backend-bytes=…`. */
  readonly flags: readonly string[];
};

/** The addresses of one kind, as a flag of etcd takes them. */
const urls = (scheme: string, { address, enter }: EtcdPlace, port: number): string =>
  [address, ...(enter === null ? [] : ['127.0.0.1'])].map((host) => `${scheme}://${host}:${port}`).join(',');

const peerUrl = ({ address, ports }: EtcdPlace): string => `https://${address}:${ports.peer}`;

/**
 * Starts a cluster of etcd members and waits until each says that it is healthy.
 * @throws when a member ends or is not healthy within a minute, with its last words
 */
export async function startEtcd({ folder, files, places, flags }: EtcdOptions): Promise<Etcd> {
  const cluster = places.map((place) => `${place.name}=${peerUrl(place)}`).join(',');
  const launch = async (place: EtcdPlace): Promise<EtcdMember> => {
    const { name, address, ports, enter } = place;
    const clientUrl = `https://${address}:${ports.client}`;
    const metricsUrl = `http://${address}:${ports.metrics}`;
    const run = () =>
      startProcess(
        name,
        'etcd',
        [
          `--name=${name}`,
          `--data-dir=${join(folder, name)}`,
          `--initial-cluster=${cluster}`,
          '--initial-cluster-state=new',
          `--listen-client-urls=${urls('https', place, ports.client)}`,
          `--advertise-client-urls=${clientUrl}`,
          `--listen-peer-urls=${peerUrl(place)}`,
          `--initial-advertise-peer-urls=${peerUrl(place)}`,
          `--listen-metrics-urls=${urls('http', place, ports.metrics)}`,
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
        ],
        enter ?? [],
      );
    let current = await run();
    return {
      name,
      clientUrl,
      metricsUrl,
      process: () => current,
      async start() {
        current = await run();
        const answers = async () => (await fetch(`${metricsUrl}/metrics`)).ok;
        await waitFor(`${name} answering`, answers, { server: current });
      },
    };
  };
  const members = await Promise.all(places.map(launch));
  const stop = async () => {
    await Promise.all(members.map((member) => member.process().stop()));
  };
  const healthy = (member: EtcdMember) =>
    waitFor(
      `${member.name} healthy`,
      async () => {
        const answer = await fetch(`${member.metricsUrl}/health`);
        return answer.ok && ((await answer.json()) as { health: string }).health === 'true';
      },
      { server: member.process() },
    );
  try {
    await Promise.all(members.map(healthy));
  } catch (error) {
    await stop();
    throw error;
  }
  return { members, files, stop };
}
