import { timestamp } from '../clock.ts';
import type { Node, Pod, PodStatus } from '../wire.ts';
import { choose } from './placement.ts';
import { condition, isLeaving } from './pods.ts';
import { record, type Site } from './site.ts';
import { keyOf } from './store.ts';

/** What moves in a node that may let a waiting pod in. */
const placementOf = ({ metadata, spec, status }: Node): string =>
  JSON.stringify([metadata.labels, spec.taints, spec.unschedulable, status.allocatable]);

/**
 * Gives nodes to pods that have none: filters by selector, taints and requests and takes the freest node. A pod that
 * fits nowhere waits, with the reason in its status and in an event, and is tried again when a node changes or a pod
 * goes.
 */
export function runScheduler(site: Site): void {
  const waiting = new Set<string>();
  let retrying = false;

  const unscheduled = (status: PodStatus, message: string): PodStatus => ({
    ...status,
    conditions: [condition('PodScheduled', 'False', timestamp(site.clock.now()), { reason: 'Unschedulable', message })],
  });

  function attempt(key: string): void {
    const pod = site.pods.get(key);
    waiting.delete(key);
    if (!pod || pod.spec.nodeName !== undefined || isLeaving(pod)) return;
    const choice = choose(pod, site.nodes.values(), (node) => site.index.used(node));
    if ('node' in choice) {
      bind(pod, choice.node.metadata.name);
      return;
    }
    waiting.add(key);
    const known = pod.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
    if (known === choice.why) return;
    record(site, 'Pod', pod, {
      type: 'Warning',
      reason: 'FailedScheduling',
      message: choice.why,
      component: 'default-scheduler',
    });
    site.pods.put({ ...pod, status: unscheduled(pod.status, choice.why) });
  }

  function bind(pod: Pod, nodeName: string): void {
    const scheduled = condition('PodScheduled', 'True', timestamp(site.clock.now()));
    site.pods.put({ ...pod, spec: { ...pod.spec, nodeName }, status: { ...pod.status, conditions: [scheduled] } });
    record(site, 'Pod', pod, {
      reason: 'Scheduled',
      message: `Successfully assigned ${keyOf(pod)} to ${nodeName}`,
      component: 'default-scheduler',
    });
  }

  function retry(): void {
    if (retrying || waiting.size === 0) return;
    retrying = true;
    site.after(500, () => {
      retrying = false;
      for (const key of [...waiting]) attempt(key);
    });
  }

  const consider = (pod: Pod): void => {
    if (pod.spec.nodeName === undefined) site.after(site.random.between(20, 200), () => attempt(keyOf(pod)));
  };
  for (const pod of site.pods.values()) consider(pod);
  site.pods.subscribe(({ type, object }) => {
    if (type === 'ADDED') consider(object);
    if (type === 'DELETED') retry();
  });
  site.nodes.subscribe(({ object, previous }) => {
    if (!previous || placementOf(previous) !== placementOf(object)) retry();
  });
}
