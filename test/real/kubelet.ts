// Plays the kubelet, since the real cluster has none: pods start, end and go away, and nodes give signs of life, when a test says so.
import type { Api } from './servers/api.ts';
import type { ContainerState, NodeCondition, NodeObject, PodObject, PodStatus } from './wire.ts';

/** What a pod can be made to be. `evicted` and `failed` are both Failed, for different reasons. */
export type PodState = 'creating' | 'unschedulable' | 'running' | 'lost' | 'succeeded' | 'failed' | 'evicted';

type Shape = {
  readonly phase: string;
  readonly scheduled: boolean;
  readonly ready: boolean;
  readonly reason?: string;
  readonly container: (now: string) => ContainerState | null;
};

const ended = (exitCode: number, reason: string) => (now: string) => ({
  terminated: { exitCode, reason, startedAt: now, finishedAt: now },
});
const SHAPES: Readonly<Record<PodState, Shape>> = {
  creating: {
    phase: 'Pending',
    scheduled: true,
    ready: false,
    container: () => ({ waiting: { reason: 'ContainerCreating' } }),
  },
  unschedulable: { phase: 'Pending', scheduled: false, ready: false, reason: 'Unschedulable', container: () => null },
  running: { phase: 'Running', scheduled: true, ready: true, container: (now) => ({ running: { startedAt: now } }) },
  lost: {
    phase: 'Unknown',
    scheduled: true,
    ready: false,
    reason: 'NodeLost',
    container: (now) => ({ running: { startedAt: now } }),
  },
  succeeded: { phase: 'Succeeded', scheduled: true, ready: false, container: ended(0, 'Completed') },
  failed: { phase: 'Failed', scheduled: true, ready: false, container: ended(1, 'Error') },
  evicted: { phase: 'Failed', scheduled: true, ready: false, reason: 'Evicted', container: () => null },
};

/** The status that a kubelet (or the scheduler, for what fits nowhere) would give a pod in this state. */
export function podStatus(pod: PodObject, state: PodState, now: Date, address?: string): PodStatus {
  const { phase, scheduled, ready, reason, container } = SHAPES[state];
  const at = now.toISOString();
  const containerState = container(at);
  const containerStatus = ({ name, image }: { name: string; image: string }) => ({
    name,
    image,
    imageID: '',
    ready,
    restartCount: 0,
    ...(containerState !== null && { state: containerState }),
  });
  const condition = (type: string, holds: boolean) => ({
    type,
    status: holds ? 'True' : 'False',
    lastTransitionTime: at,
    ...(!holds && reason !== undefined && { reason }),
  });
  return {
    phase,
    ...(reason !== undefined && scheduled && { reason }),
    conditions: [
      condition('PodScheduled', scheduled),
      ...(scheduled ? [condition('Initialized', state !== 'creating'), condition('Ready', ready)] : []),
    ],
    ...(containerState !== null && { containerStatuses: pod.spec.containers.map(containerStatus) }),
    ...(scheduled && { startTime: at }),
    ...(address !== undefined && state !== 'creating' && { podIP: address, podIPs: [{ ip: address }] }),
  };
}

const podPath = (pod: PodObject): string =>
  `/api/v1/namespaces/${pod.metadata.namespace ?? 'default'}/pods/${pod.metadata.name}`;

/** Puts an existing pod into a state, and resolves with the pod as it is then. */
export const setPodState = (
  api: Api,
  pod: PodObject,
  state: PodState,
  now = new Date(),
  address?: string,
): Promise<PodObject> =>
  api.do<PodObject>(
    'PATCH',
    `${podPath(pod)}/status`,
    { status: podStatus(pod, state, now, address) },
    'application/merge-patch+json',
  );

/** Says that a pod that is being deleted has ended, as its kubelet would: it is gone then. */
export const letPodGo = (api: Api, pod: PodObject): Promise<unknown> =>
  api.do('DELETE', podPath(pod), { gracePeriodSeconds: 0 });

/**
 * Sets one condition of a node, heartbeat now; a change of status moves the time of transition, as it does for a kubelet.
 * @throws when the node does not exist
 */
export async function setNodeCondition(
  api: Api,
  name: string,
  type: string,
  status: 'True' | 'False' | 'Unknown',
  now = new Date(),
): Promise<NodeObject> {
  const path = `/api/v1/nodes/${name}`;
  const before = (await api.do<NodeObject>('GET', path)).status?.conditions ?? [];
  const old = before.find((condition) => condition.type === type);
  const at = now.toISOString();
  const changed: NodeCondition = {
    ...old,
    type,
    status,
    reason: `Played${status}`,
    message: `${type} is ${status}`,
    lastHeartbeatTime: at,
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : at,
  };
  const conditions = [...before.filter((condition) => condition.type !== type), changed];
  return api.do<NodeObject>('PATCH', `${path}/status`, { status: { conditions } }, 'application/merge-patch+json');
}
