import { timestamp } from '../clock.ts';
import type { ContainerStatus, Pod, PodStatus } from '../wire.ts';

/** Milliseconds before a container that ended is started again: twice as long each time, at most five minutes (kubelet). */
export const backOff = (restarts: number): number => Math.min(300_000, 10_000 * 2 ** restarts);

const notReady = ({ conditions = [] }: PodStatus, names: string, at: string): PodStatus['conditions'] =>
  conditions.map((each) =>
    each.type === 'Ready' || each.type === 'ContainersReady'
      ? {
          ...each,
          status: 'False' as const,
          lastTransitionTime: each.status === 'False' ? each.lastTransitionTime : at,
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${names}]`,
        }
      : each,
  );

/** The status of a pod whose containers end as soon as they are started, after so many times. */
export function crashedStatus({ metadata, spec, status }: Pod, restarts: number, now: number): PodStatus {
  const at = timestamp(now);
  const crashed = (container: ContainerStatus): ContainerStatus => ({
    ...container,
    ready: false,
    started: false,
    restartCount: restarts,
    lastState: {
      terminated: { exitCode: 1, reason: 'Error', startedAt: at, finishedAt: at, containerID: container.containerID },
    },
    state: {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off ${backOff(restarts) / 1000}s restarting failed container=${container.name} pod=${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid})`,
      },
    },
  });
  const conditions = notReady(status, spec.containers.map(({ name }) => name).join(' '), at);
  return {
    ...status,
    ...(conditions === undefined ? {} : { conditions }),
    containerStatuses: (status.containerStatuses ?? []).map(crashed),
  };
}

/** The status of a pod that runs again, with what is known of its restarts. */
export function restartedStatus({ status }: Pod, running: PodStatus): PodStatus {
  const known = new Map((status.containerStatuses ?? []).map((each) => [each.name, each]));
  return {
    ...running,
    ...(status.startTime === undefined ? {} : { startTime: status.startTime }),
    containerStatuses: (running.containerStatuses ?? []).map((each) => {
      const { restartCount, lastState } = known.get(each.name) ?? each;
      return { ...each, restartCount: restartCount + 1, lastState };
    }),
  };
}
