import { ETCD_CONTAINER, ETCD_METRICS_PORT, ETCD_NAMESPACE, ETCD_READS, etcdPod } from '../etcd/etcdctl.ts';
import type { Connection, Request } from './connection.ts';
import type { Command } from './exec.ts';

/** One kind of read. `{name}` in a path stands for one segment, or the rest of one; `what` is for sentences. */
export type Read = { readonly what: string; readonly method: 'GET' | 'POST'; readonly path: string };

/** Through the API server, which knows the pod's address; by number, since the pod may have another name for the port. */
const ETCD_PROXY = `/api/v1/namespaces/${ETCD_NAMESPACE}/pods/${etcdPod('{name}')}:${ETCD_METRICS_PORT}/proxy`;

/**
 * Everything that the console reads through the API server, with the commands of READ_COMMANDS. A reader sends nothing
 * else (`readsOnly`); what is not here needs the writer. An access review is posted, and changes nothing.
 */
export const READS = {
  nodes: { what: 'list nodes', method: 'GET', path: '/api/v1/nodes' },
  node: { what: 'read node {name}', method: 'GET', path: '/api/v1/nodes/{name}' },
  pods: { what: 'list pods', method: 'GET', path: '/api/v1/pods' },
  events: { what: 'list events', method: 'GET', path: '/api/v1/events' },
  usage: { what: 'list nodes of metrics.k8s.io', method: 'GET', path: '/apis/metrics.k8s.io/v1beta1/nodes' },
  persistentVolumes: { what: 'list persistentvolumes', method: 'GET', path: '/api/v1/persistentvolumes' },
  claims: { what: 'list persistentvolumeclaims', method: 'GET', path: '/api/v1/persistentvolumeclaims' },
  storageClasses: { what: 'list storageclasses', method: 'GET', path: '/apis/storage.k8s.io/v1/storageclasses' },
  volumes: {
    what: 'list volumes of storage.metalk8s.scality.com',
    method: 'GET',
    path: '/apis/storage.metalk8s.scality.com/v1alpha1/volumes',
  },
  deployments: { what: 'list deployments.apps', method: 'GET', path: '/apis/apps/v1/deployments' },
  daemonSets: { what: 'list daemonsets.apps', method: 'GET', path: '/apis/apps/v1/daemonsets' },
  statefulSets: { what: 'list statefulsets.apps', method: 'GET', path: '/apis/apps/v1/statefulsets' },
  leases: {
    what: 'list leases of kube-system',
    method: 'GET',
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases',
  },
  jobs: { what: 'list jobs of kube-system', method: 'GET', path: '/apis/batch/v1/namespaces/kube-system/jobs' },
  clusterConfig: {
    what: 'read clusterconfig main of metalk8s.scality.com',
    method: 'GET',
    path: '/apis/metalk8s.scality.com/v1alpha1/clusterconfigs/main',
  },
  metrics: { what: 'read its metrics', method: 'GET', path: '/metrics' },
  livez: { what: 'ask for its health', method: 'GET', path: '/livez' },
  readyz: { what: 'ask for its health', method: 'GET', path: '/readyz' },
  systemNamespace: { what: 'read namespace kube-system', method: 'GET', path: '/api/v1/namespaces/kube-system' },
  etcdFigures: { what: 'read the figures of etcd on {name}', method: 'GET', path: `${ETCD_PROXY}/metrics` },
  etcdHealth: { what: 'read the health of etcd on {name}', method: 'GET', path: `${ETCD_PROXY}/health` },
  version: { what: 'read the version', method: 'GET', path: '/version' },
  accessReview: {
    what: 'ask for a right',
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  },
} as const satisfies Readonly<Record<string, Read>>;

/** The commands that a reader may run, each in a pod of etcd. */
const READ_COMMANDS: readonly (readonly string[])[] = Object.values(ETCD_READS);

/** The read about one named thing. */
export const about = (read: Read, name: string): Read => ({
  ...read,
  what: read.what.replace('{name}', name),
  path: read.path.replace('{name}', encodeURIComponent(name)),
});

/** A URL resolves `.` and `..` away, so that they would name something else. */
const isName = (segment: string | undefined) => segment !== undefined && !['', '.', '..'].includes(segment);

const fits = (part: string, segment: string | undefined): boolean => {
  const [before = '', after] = part.split('{name}');
  if (after === undefined || segment === undefined) return part === segment;
  return (
    isName(segment) &&
    segment.length > before.length + after.length &&
    segment.startsWith(before) &&
    segment.endsWith(after)
  );
};

const segmentsOf = (path: string) => path.split('?', 1)[0]?.split('/') ?? [];

/** Whether a request with this method and path (query left aside) is one of the reads. */
export function isRead(method: string, path: string): boolean {
  const segments = segmentsOf(path);
  return Object.values(READS).some((read) => {
    const pattern = segmentsOf(read.path);
    return (
      read.method === method &&
      pattern.length === segments.length &&
      pattern.every((part, index) => fits(part, segments[index]))
    );
  });
}

/** Whether a command is one of those that only look, in a pod of etcd. */
export const isReadCommand = ({ namespace, pod, container, command }: Command): boolean =>
  namespace === ETCD_NAMESPACE &&
  pod.startsWith(etcdPod('')) &&
  container === ETCD_CONTAINER &&
  READ_COMMANDS.some((read) => read.length === command.length && read.every((word, index) => word === command[index]));

/** The same connection, through which only reads pass: anything else is rejected, and nothing of it is sent. */
export function readsOnly<
  C extends Pick<Connection, 'request' | 'json'> & Partial<Pick<Connection, 'exec' | 'requestAt'>>,
>(connection: C): C {
  const onlyReads = <T>(request: Request, send: () => Promise<T>): Promise<T> =>
    isRead(request.method, request.path)
      ? send()
      : Promise.reject(new Error(`Cannot ${request.what}: ${request.method} ${request.path} is no read.`));
  const { exec, requestAt } = connection;
  return {
    ...connection,
    request: (request: Request) => onlyReads(request, () => connection.request(request)),
    json: (request: Request) => onlyReads(request, () => connection.json(request)),
    ...(requestAt && {
      requestAt: (door: string, request: Request) => onlyReads(request, () => requestAt(door, request)),
    }),
    ...(exec && {
      exec: (command: Command) =>
        isReadCommand(command)
          ? exec(command)
          : Promise.reject(new Error(`Cannot ${command.what}: "${command.command.join(' ')}" is no read.`)),
    }),
  };
}
