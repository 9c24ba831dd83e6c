import { createHash } from 'node:crypto';
import { timestamp } from '../clock.ts';
import type { Random } from '../random.ts';
import type {
  Condition,
  Container,
  ContainerStatus,
  Node,
  ObjectMeta,
  OwnerReference,
  Pod,
  PodSpec,
  PodStatus,
  Toleration,
} from '../wire.ts';
import type { ContainerTemplate, Workload } from './workloads/workload.ts';

/** A pod specification that many pods share, down to its parts. */
export type PodTemplate = {
  namespace: string;
  labels: Record<string, string>;
  spec: PodSpec;
  qosClass: PodStatus['qosClass'];
};

const PRIORITIES = { 'system-node-critical': 2000001000, 'system-cluster-critical': 2000000000 };

const lost = (condition: 'not-ready' | 'unreachable', seconds?: number): Toleration => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  ...(seconds === undefined ? {} : { tolerationSeconds: seconds }),
});

/** What admission gives to ordinary pods, and the controller to those of a DaemonSet. */
const USUAL_TOLERATIONS = [lost('not-ready', 300), lost('unreachable', 300)];
const DAEMON_TOLERATIONS: Toleration[] = [
  lost('not-ready'),
  lost('unreachable'),
  ...(['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'] as const).map((condition): Toleration => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect: 'NoSchedule',
  })),
];
const HOST_NETWORK_TOLERATION: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

const containerOf = ({ name, image, requests, limits, hostPorts }: ContainerTemplate): Container => ({
  name,
  image,
  ...(hostPorts === undefined
    ? {}
    : { ports: hostPorts.map((port) => ({ containerPort: port, hostPort: port, protocol: 'TCP' })) }),
  resources: { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) },
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
});

function qosClassOf(containers: readonly ContainerTemplate[]): PodStatus['qosClass'] {
  if (containers.every(({ requests, limits }) => !requests && !limits)) return 'BestEffort';
  const guaranteed = containers.every(({ requests = {}, limits = {} }) =>
    ['cpu', 'memory'].every((resource) => limits[resource] !== undefined && limits[resource] === requests[resource]),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

export function templateOf(workload: Workload, labels: Record<string, string> = {}): PodTemplate {
  const {
    kind,
    namespace,
    name,
    containers,
    init,
    nodeSelector,
    tolerations = [],
    hostNetwork,
    priorityClass,
  } = workload;
  const given: Record<Workload['kind'], readonly Toleration[]> = {
    Static: [],
    DaemonSet: [...DAEMON_TOLERATIONS, ...(hostNetwork ? [HOST_NETWORK_TOLERATION] : [])],
    Deployment: USUAL_TOLERATIONS,
    StatefulSet: USUAL_TOLERATIONS,
    CronJob: USUAL_TOLERATIONS,
  };
  return {
    namespace,
    labels: { ...workload.labels, ...labels },
    qosClass: qosClassOf(containers),
    spec: {
      ...(init === undefined ? {} : { initContainers: init.map(containerOf) }),
      containers: containers.map(containerOf),
      restartPolicy: kind === 'CronJob' ? 'OnFailure' : 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: hostNetwork ? 'ClusterFirstWithHostNet' : 'ClusterFirst',
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      ...(kind === 'Static' ? {} : { serviceAccountName: hostNetwork ? name : 'default' }),
      ...(hostNetwork ? { hostNetwork } : {}),
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: [...tolerations, ...given[kind]],
      ...(priorityClass === undefined
        ? { priority: 0 }
        : { priorityClassName: priorityClass, priority: PRIORITIES[priorityClass] }),
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
  };
}

export const controllerReference = (
  apiVersion: string,
  kind: string,
  { name, uid }: Pick<ObjectMeta, 'name' | 'uid'>,
): OwnerReference => ({
  apiVersion,
  kind,
  name,
  uid,
  controller: true,
  ...(kind === 'Node' ? {} : { blockOwnerDeletion: true }),
});

/** A pod as its owner creates it: nowhere yet. */
export function newPod(
  template: PodTemplate,
  name: string,
  owners: readonly OwnerReference[],
  created: number,
  random: Random,
  spec = template.spec,
): Pod {
  return {
    metadata: {
      name,
      namespace: template.namespace,
      uid: random.uuid(),
      resourceVersion: '',
      creationTimestamp: timestamp(created),
      labels: template.labels,
      ownerReferences: owners,
    },
    spec,
    status: { phase: 'Pending', qosClass: template.qosClass },
  };
}

/** A pod that its kubelet took from a file of the machine: the API only has its mirror. */
export function mirrorPod(template: PodTemplate, workload: Workload, node: Node, created: number, random: Random): Pod {
  const name = `${workload.name}-${node.metadata.name}`;
  const hash = createHash('md5').update(name).digest('hex');
  const pod = newPod(template, name, [controllerReference('v1', 'Node', node.metadata)], created, random);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      annotations: {
        'kubernetes.io/config.hash': hash,
        'kubernetes.io/config.mirror': hash,
        'kubernetes.io/config.seen': timestamp(created),
        'kubernetes.io/config.source': 'file',
      },
    },
    spec: { ...pod.spec, nodeName: node.metadata.name },
  };
}

export const isMirror = ({ metadata }: Pod): boolean =>
  metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
export const isFinished = ({ status: { phase } }: Pod): boolean => phase === 'Succeeded' || phase === 'Failed';
export const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') ?? false;
export const isLeaving = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

export const condition = (
  type: string,
  status: Condition['status'],
  at: string,
  because: { reason?: string; message?: string } = {},
): Condition => ({ type, status, lastProbeTime: null, lastTransitionTime: at, ...because });

const POD_CONDITIONS = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

/** Parts that pods started in the same second share: a large site would otherwise not fit into memory. */
const shared = new Map<string, readonly Condition[]>();

function conditionsAt(
  at: string,
  overrides: Readonly<Record<string, Pick<Condition, 'status' | 'reason'>>> = {},
): readonly Condition[] {
  const build = (): Condition[] =>
    POD_CONDITIONS.map((type) => {
      const { status = 'True', reason } = overrides[type] ?? {};
      return condition(type, status, at, reason === undefined ? {} : { reason });
    });
  if (Object.keys(overrides).length > 0) return build();
  const known = shared.get(at);
  if (known) return known;
  if (shared.size > 10_000) shared.clear();
  const conditions = build();
  shared.set(at, conditions);
  return conditions;
}

/** Digests that were made before: the pods of a site run few images. */
const digests = new Map<string, string>();

function digestOf(text: string): string {
  const digest = digests.get(text) ?? createHash('sha256').update(text).digest('hex');
  if (digests.size > 10_000) digests.clear();
  digests.set(text, digest);
  return digest;
}

const imageId = (image: string): string => `${image.split(':')[0] ?? image}@sha256:${digestOf(image)}`;

function statusOf({ name, image }: Container, state: object, running: boolean, restarts = 0): ContainerStatus {
  return {
    name,
    state,
    lastState: {},
    ready: running,
    restartCount: restarts,
    image,
    imageID: imageId(image),
    containerID: `containerd://${digestOf(`${name} ${image}`)}`,
    started: running,
  };
}

const ended = (at: string, exitCode = 0): object => ({
  terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: at, finishedAt: at },
});

const containerStatuses = new WeakMap<PodSpec['containers'], Map<string, readonly ContainerStatus[]>>();

function runningContainers({ containers }: PodSpec, at: string): readonly ContainerStatus[] {
  const known = containerStatuses.get(containers) ?? new Map<string, readonly ContainerStatus[]>();
  containerStatuses.set(containers, known);
  const statuses = known.get(at) ?? containers.map((each) => statusOf(each, { running: { startedAt: at } }, true));
  if (known.size > 1000) known.clear();
  known.set(at, statuses);
  return statuses;
}

type HostAddress = Required<Pick<PodStatus, 'hostIP' | 'hostIPs'>>;
const hostAddresses = new WeakMap<NonNullable<Node['status']['addresses']>, HostAddress>();

/** The address of a node as its pods have it, which they share. */
function hostAddressOf({ status: { addresses = [] } }: Node): HostAddress {
  const known = hostAddresses.get(addresses);
  if (known) return known;
  const hostIP = addresses.find(({ type }) => type === 'InternalIP')?.address ?? '';
  const address = { hostIP, hostIPs: [{ ip: hostIP }] };
  hostAddresses.set(addresses, address);
  return address;
}

/** The status that a kubelet reports once everything in the pod runs. */
export function runningStatus({ spec, status }: Pod, node: Node, podIP: string, started: number): PodStatus {
  const at = timestamp(started);
  const { hostIP, hostIPs } = hostAddressOf(node);
  const ip = spec.hostNetwork ? hostIP : podIP;
  return {
    phase: 'Running',
    conditions: conditionsAt(at),
    hostIP,
    hostIPs,
    podIP: ip,
    podIPs: [{ ip }],
    startTime: at,
    ...(spec.initContainers === undefined
      ? {}
      : { initContainerStatuses: spec.initContainers.map((each) => statusOf(each, ended(at), true)) }),
    containerStatuses: runningContainers(spec, at),
    qosClass: status.qosClass,
  };
}

/** The status of a pod whose containers have all ended well. */
export function completedStatus({ spec, status }: Pod, finished: number): PodStatus {
  const at = timestamp(finished);
  const done = { status: 'False', reason: 'PodCompleted' } as const;
  return {
    ...status,
    phase: 'Succeeded',
    conditions: conditionsAt(at, {
      PodReadyToStartContainers: { status: 'False' },
      Ready: done,
      ContainersReady: done,
    }),
    containerStatuses: spec.containers.map((each) => ({ ...statusOf(each, ended(at), false), started: false })),
  };
}
