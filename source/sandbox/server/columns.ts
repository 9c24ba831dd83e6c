import type { ContainerStatus, KubernetesEvent, KubernetesObject, Lease, Node, Pod } from '../wire.ts';
import { ageColumn, ageSince, nameColumn, NONE, UNKNOWN, type Column } from './column.ts';

const ROLE_LABEL = 'node-role.kubernetes.io/';

function nodeStatus({ spec, status }: Node): string {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec.unschedulable ? `${state},SchedulingDisabled` : state;
}

function nodeRoles({ metadata: { labels = {} } }: Node): string {
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_LABEL)) return key.length > ROLE_LABEL.length ? [key.slice(ROLE_LABEL.length)] : [];
    return key === 'kubernetes.io/role' && value !== '' ? [value] : [];
  });
  return roles.length === 0 ? NONE : [...new Set(roles)].sort().join(',');
}

const address = ({ status }: Node, wanted: string): string =>
  status.addresses?.find(({ type }) => type === wanted)?.address ?? NONE;

const orUnknown = (text: string): string => (text === '' ? UNKNOWN : text);

export const nodeColumns: readonly Column<Node>[] = [
  nameColumn,
  { name: 'Status', priority: 0, description: 'The status of the node', cell: nodeStatus },
  { name: 'Roles', priority: 0, description: 'The roles of the node', cell: nodeRoles },
  ageColumn,
  {
    name: 'Version',
    priority: 0,
    description: 'Kubelet Version reported by the node.',
    cell: ({ status }) => status.nodeInfo.kubeletVersion,
  },
  {
    name: 'Internal-IP',
    priority: 1,
    description: 'Address of the node inside the cluster.',
    cell: (node) => address(node, 'InternalIP'),
  },
  {
    name: 'External-IP',
    priority: 1,
    description: 'Address of the node outside the cluster.',
    cell: (node) => address(node, 'ExternalIP'),
  },
  {
    name: 'OS-Image',
    priority: 1,
    description: 'OS Image reported by the node.',
    cell: ({ status }) => orUnknown(status.nodeInfo.osImage),
  },
  {
    name: 'Kernel-Version',
    priority: 1,
    description: 'Kernel Version reported by the node.',
    cell: ({ status }) => orUnknown(status.nodeInfo.kernelVersion),
  },
  {
    name: 'Container-Runtime',
    priority: 1,
    description: 'Container runtime version reported by the node.',
    cell: ({ status }) => orUnknown(status.nodeInfo.containerRuntimeVersion),
  },
];

type ContainerState = {
  waiting?: { reason?: string };
  terminated?: { reason?: string; signal?: number; exitCode: number; finishedAt?: string };
};

const stateOf = ({ state }: ContainerStatus): ContainerState => state;

const terminatedReason = ({ reason, signal, exitCode }: NonNullable<ContainerState['terminated']>): string =>
  reason ?? (signal === undefined || signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`);

/** The reason of the first init container that has not done its part, or null when all have. */
function initReason({ spec, status }: Pod): string | null {
  const containers = spec.initContainers ?? [];
  for (const [index, container] of (status.initContainerStatuses ?? []).entries()) {
    const { terminated, waiting } = stateOf(container);
    if (terminated?.exitCode === 0) continue;
    if (containers[index]?.restartPolicy === 'Always' && container.started === true) continue;
    if (terminated) return `Init:${terminatedReason(terminated)}`;
    if (waiting?.reason !== undefined && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
    return `Init:${index}/${containers.length}`;
  }
  return null;
}

function podReason(pod: Pod): string {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp !== undefined) return status.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  const initialising = initReason(pod);
  if (initialising !== null) return initialising;
  let reason = status.reason ?? status.phase;
  let running = false;
  for (const container of [...(status.containerStatuses ?? [])].reverse()) {
    const { waiting, terminated } = stateOf(container);
    if (waiting?.reason !== undefined) reason = waiting.reason;
    else if (terminated) reason = terminatedReason(terminated);
    else if (container.ready) running = true;
  }
  if (reason === 'Completed' && running) {
    return status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True')
      ? 'Running'
      : 'NotReady';
  }
  return reason;
}

function podRestarts({ status }: Pod, now: number): string {
  const containers = status.containerStatuses ?? [];
  const restarts = containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ends = containers.map(({ lastState }) => (lastState as ContainerState).terminated?.finishedAt);
  const last = ends
    .filter((end) => end !== undefined)
    .sort()
    .at(-1);
  return restarts > 0 && last !== undefined ? `${restarts} (${ageSince(last, now)} ago)` : String(restarts);
}

const readyContainers = ({ spec, status }: Pod): string =>
  `${(status.containerStatuses ?? []).filter(({ ready }) => ready).length}/${spec.containers.length}`;

export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  {
    name: 'Ready',
    priority: 0,
    description: 'The aggregate readiness state of this pod for accepting traffic.',
    cell: readyContainers,
  },
  {
    name: 'Status',
    priority: 0,
    description: 'The aggregate status of the containers in this pod.',
    cell: podReason,
  },
  {
    name: 'Restarts',
    priority: 0,
    description:
      'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    cell: podRestarts,
  },
  ageColumn,
  { name: 'IP', priority: 1, description: 'Address of the pod.', cell: ({ status }) => status.podIP ?? NONE },
  { name: 'Node', priority: 1, description: 'Node of the pod.', cell: ({ spec }) => spec.nodeName ?? NONE },
  { name: 'Nominated Node', priority: 1, description: 'Node that the pod may get by preemption.', cell: () => NONE },
  { name: 'Readiness Gates', priority: 1, description: 'Further conditions of readiness.', cell: () => NONE },
];

export const eventColumns: readonly Column<KubernetesEvent>[] = [
  {
    name: 'Last Seen',
    priority: 0,
    description: 'Time since the event was last seen.',
    cell: ({ lastTimestamp, eventTime }, now) => ageSince(lastTimestamp ?? eventTime, now),
  },
  { name: 'Type', priority: 0, description: 'Type of this event.', cell: ({ type }) => type },
  { name: 'Reason', priority: 0, description: 'Reason of this event.', cell: ({ reason }) => reason },
  {
    name: 'Object',
    priority: 0,
    description: 'The object that this event is about.',
    cell: ({ involvedObject: { kind = '', name = '' } }) => `${kind.toLowerCase()}/${name}`,
  },
  { name: 'Message', priority: 0, description: 'What happened.', cell: ({ message }) => message.trim() },
];

export const namespaceColumns: readonly Column<KubernetesObject & { status?: { phase?: string } }>[] = [
  nameColumn,
  {
    name: 'Status',
    priority: 0,
    description: 'The status of the namespace',
    cell: ({ status }) => status?.phase ?? UNKNOWN,
  },
  ageColumn,
];

export const leaseColumns: readonly Column<Lease>[] = [
  nameColumn,
  {
    name: 'Holder',
    priority: 0,
    description: 'The identity of the holder of a current lease.',
    cell: ({ spec }) => spec.holderIdentity ?? '',
  },
  ageColumn,
];

type DataObject = KubernetesObject & { type?: string; data?: object; binaryData?: object };

const dataColumn: Column<DataObject> = {
  name: 'Data',
  type: 'integer',
  priority: 0,
  description: 'Number of entries.',
  cell: ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
};

export const configMapColumns: readonly Column<DataObject>[] = [nameColumn, dataColumn, ageColumn];

export const secretColumns: readonly Column<DataObject>[] = [
  nameColumn,
  { name: 'Type', priority: 0, description: 'What it is for.', cell: ({ type }) => type ?? 'Opaque' },
  dataColumn,
  ageColumn,
];
