const PKI = '/etc/kubernetes/pki/etcd';

/** Namespace of the static pods of etcd, and the name of the one on a node. */
export const ETCD_NAMESPACE = 'kube-system';
export const etcdPod = (node: string): string => `etcd-${node}`;
export const ETCD_CONTAINER = 'etcd';

/** Port of `/metrics` and `/health`, by plain HTTP (MetalK8s: `--listen-metrics-urls`). */
export const ETCD_METRICS_PORT = 2381;

/** etcdctl in the pod of a member, asking that member with a certificate that every node with etcd has (MetalK8s). */
export const ETCDCTL: readonly string[] = [
  'etcdctl',
  '--endpoints=https://127.0.0.1:2379',
  `--cacert=${PKI}/ca.crt`,
  `--cert=${PKI}/healthcheck-client.crt`,
  `--key=${PKI}/healthcheck-client.key`,
];

/**
 * The commands that only look, each of one member: they need no shell, and answer in JSON. The status tells the alarms of
 * all members as well (etcd: StatusResponse.errors).
 */
export const ETCD_READS = {
  members: [...ETCDCTL, 'member', 'list', '-w', 'json'],
  status: [...ETCDCTL, 'endpoint', 'status', '-w', 'json'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** For people: how all members are, with leader, sizes and alarms. It fails where one of them does not answer. */
export const ETCD_STATUS_OF_ALL: readonly string[] = [...ETCDCTL, 'endpoint', 'status', '--cluster', '-w', 'table'];

/** So long may etcdctl wait for what works through the whole database; it gives up after 5 s unless told. */
const LONG = '--command-timeout=10m';

/** The commands that change something, as etcdctl takes them. */
export const ETCD_WRITES = {
  /** Comes back when the history is gone from the file too, so that a defragmentation finds its pages free. */
  compact: (revision: string) => [...ETCDCTL, LONG, 'compact', '--physical', revision],
  defragment: () => [...ETCDCTL, LONG, 'defrag'],
  disarm: () => [...ETCDCTL, 'alarm', 'disarm'],
  /** `to` is the id of a member, in hex. */
  moveLeader: (to: string) => [...ETCDCTL, 'move-leader', to],
} as const satisfies Record<string, (argument: string) => readonly string[]>;
