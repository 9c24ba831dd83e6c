import { backOff, crashedStatus, restartedStatus } from '../crash.ts';
import { runningStatus } from '../pods.ts';
import type { Site } from '../site.ts';
import type { Etcd } from './etcd.ts';
import type { EtcdMember } from './member.ts';

/** How long a kubelet takes to see that a container ended, or that one is ready, in ms. */
const NOTICED_AFTER = 2500;

/** The static pod of a member, as `namespace/name`. */
export const podOfMember = ({ node }: Pick<EtcdMember, 'node'>): string => `kube-system/etcd-${node}`;

/**
 * Keeps the pod of a member in step with its process, as its kubelet does. What it has to say waits while nothing can
 * be written.
 */
export function reportMember(site: Site, etcd: Etcd, member: EtcdMember): void {
  const { pods, nodes, clock } = site;
  const since = member.process;
  const outlived = (): boolean => member.process !== since;
  const fail = (restarts: number): void => {
    if (!member.stopped || outlived()) return;
    pods.update(podOfMember(member), (pod) => ({ ...pod, status: crashedStatus(pod, restarts, clock.now()) }));
    site.after(backOff(restarts), () => fail(restarts + 1));
  };
  const serve = (): void => {
    const node = nodes.get(member.node);
    if (outlived() || !node || !etcd.isRunning(member)) return;
    pods.update(podOfMember(member), (pod) => ({
      ...pod,
      status: restartedStatus(pod, runningStatus(pod, node, pod.status.podIP ?? '', clock.now())),
    }));
  };
  site.after(NOTICED_AFTER, () => (member.stopped ? fail(1) : serve()));
}
