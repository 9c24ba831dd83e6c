import { timestamp } from '../clock.ts';
import type { Node, Pod, PodStatus } from '../wire.ts';
import { isFinished, condition, isLeaving } from './pods.ts';
import { choose, wishesOf, type Choice } from './scheduling/choose.ts';
import { claimsOf } from './scheduling/volumes.ts';
import { record, type Site } from './site.ts';
import { keyOf } from './store.ts';
import { bindVolume } from './volume-binding.ts';

const COMPONENT = 'default-scheduler';
/** Milliseconds until pods that are new are looked at, and until those that found no place are tried again. */
const NEW_MILLISECONDS = 100;
const RETRY_MILLISECONDS = 500;

/** What moves in a node that may let a waiting pod in. */
const placementOf = ({ metadata, spec, status }: Node): string =>
  JSON.stringify([metadata.labels, spec.taints, spec.unschedulable, status.allocatable]);

/** What moves in a pod that may let it in somewhere. */
const changeableOf = ({ metadata, spec }: Pod): string =>
  JSON.stringify([metadata.labels, spec.tolerations, spec.nodeSelector, spec.affinity, spec.schedulingGates]);

/** Whether this scheduler is to place a pod. */
const isOurs = (pod: Pod): boolean =>
  pod.spec.nodeName === undefined && pod.spec.schedulerName === COMPONENT && !isLeaving(pod) && !isFinished(pod);

/** Higher priority first, then those that have been there for longer. */
const inTurn = (a: Pod, b: Pod): number => {
  const [{ priority: first = 0 }, { priority: second = 0 }] = [a.spec, b.spec];
  const [since, until] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  return second - first || Date.parse(since) - Date.parse(until);
};

const hasGone = (pod: Pod): boolean => isFinished(pod) || isLeaving(pod);

/**
 * Gives nodes to pods that have none, those of higher priority first. A pod that fits nowhere waits, with the reason in
 * its status and in an event, and is tried again when something changes that may help it. Pods of other schedulers,
 * and those behind gates, are left alone.
 */
export function runScheduler(site: Site): void {
  const { pods, nodes, index, storage } = site;
  const surroundings = {
    storage,
    used: (node: Node) => index.used(node),
    podsOn: (node: Node) => index.on(node.metadata.name),
  };
  const queue = new Set<string>();
  const waiting = new Set<string>();
  let due = Infinity;

  function soon(milliseconds: number): void {
    const at = site.clock.now() + milliseconds;
    if (at >= due) return;
    due = at;
    site.after(milliseconds, () => {
      if (due !== at) return;
      due = Infinity;
      pass();
    });
  }

  /** One look at all pods of the queue. Pods that wish for the same and mount nothing fare alike: one failure tells for all. */
  function pass(): void {
    const turn = [...queue].flatMap((key) => pods.get(key) ?? []).filter(isOurs);
    queue.clear();
    const failures = new Map<string | Pod, Choice>();
    for (const pod of turn.sort(inTurn)) {
      const alike = claimsOf(pod).length === 0 ? wishesOf(pod) : pod;
      const choice = failures.get(alike) ?? choose(pod, nodes.values(), surroundings);
      if ('node' in choice) place(pod, choice);
      else {
        failures.set(alike, choice);
        wait(pod, choice.why);
      }
    }
  }

  function place(pod: Pod, { node, bindings }: Extract<Choice, { node: Node }>): void {
    const { name } = node.metadata;
    for (const binding of bindings) bindVolume(site, binding);
    const scheduled = condition('PodScheduled', 'True', timestamp(site.clock.now()));
    pods.put({ ...pod, spec: { ...pod.spec, nodeName: name }, status: { ...pod.status, conditions: [scheduled] } });
    const message = `Successfully assigned ${keyOf(pod)} to ${name}`;
    record(site, 'Pod', pod, { reason: 'Scheduled', message, component: COMPONENT });
  }

  function wait(pod: Pod, why: string): void {
    waiting.add(keyOf(pod));
    if (!tell(pod, 'Unschedulable', why)) return;
    record(site, 'Pod', pod, { type: 'Warning', reason: 'FailedScheduling', message: why, component: COMPONENT });
  }

  /** Writes into the status why a pod has no node; answers whether that is news. */
  function tell(pod: Pod, reason: string, message: string): boolean {
    const known = pod.status.conditions?.find(({ type }) => type === 'PodScheduled');
    if (known?.reason === reason && known.message === message) return false;
    const since = known?.status === 'False' ? known.lastTransitionTime : timestamp(site.clock.now());
    const status: PodStatus = {
      ...pod.status,
      conditions: [condition('PodScheduled', 'False', since, { reason, message })],
    };
    pods.put({ ...pod, status });
    return true;
  }

  function consider(pod: Pod): void {
    if (!isOurs(pod)) return;
    if (pod.spec.schedulingGates?.length) {
      tell(pod, 'SchedulingGated', 'Scheduling is blocked due to non-empty scheduling gates');
      return;
    }
    queue.add(keyOf(pod));
    soon(NEW_MILLISECONDS);
  }

  function retry(): void {
    if (waiting.size === 0) return;
    for (const key of waiting) queue.add(key);
    waiting.clear();
    soon(RETRY_MILLISECONDS);
  }

  for (const pod of pods.values()) consider(pod);
  pods.subscribe(({ type, object, previous }) => {
    if (type === 'DELETED') {
      waiting.delete(keyOf(object));
      retry();
    } else if (previous?.metadata.uid !== object.metadata.uid) consider(object);
    else if (object.spec.nodeName === undefined && changeableOf(previous) !== changeableOf(object)) consider(object);
    else if (!hasGone(previous) && hasGone(object)) retry();
  });
  nodes.subscribe(({ object, previous }) => {
    if (!previous || placementOf(previous) !== placementOf(object)) retry();
  });
  for (const collection of [storage.volumes, storage.claims, storage.classes]) collection.subscribe(retry);
}
