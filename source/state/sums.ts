import { addAmounts, areExact, NO_AMOUNTS, subtractAmounts, type Amounts } from '../model/kubernetes/amounts.ts';
import { isFinished } from '../model/kubernetes/pod.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import type { NodeSums } from './cluster-state.ts';

export const NO_SUMS: NodeSums = {
  requests: NO_AMOUNTS,
  limits: NO_AMOUNTS,
  pods: { active: 0, running: 0, total: 0 },
  unlimited: { cpu: 0, memory: 0 },
};

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** Sums that are being made: each part may be changed until they are given away. */
export type OpenSums = {
  requests: Amounts;
  limits: Amounts;
  readonly pods: Open<NodeSums['pods']>;
  readonly unlimited: Open<NodeSums['unlimited']>;
};

/** Sums that begin with others and leave them as they are. */
export const openSums = ({ requests, limits, pods, unlimited }: NodeSums = NO_SUMS): OpenSums => ({
  requests,
  limits,
  pods: { ...pods },
  unlimited: { ...unlimited },
});

function count({ pods, unlimited }: OpenSums, pod: PodRow, sign: 1 | -1): void {
  pods.total += sign;
  if (pod.phase === 'Running') pods.running += sign;
  if (isFinished(pod)) return;
  pods.active += sign;
  for (const resource of pod.unlimited) unlimited[resource] += sign;
}

/** Adds a pod. One that has finished counts in `pods.total` alone (scheduler, kubectl describe). */
export function addPod(sums: OpenSums, pod: PodRow): void {
  count(sums, pod, 1);
  if (isFinished(pod)) return;
  sums.requests = addAmounts(sums.requests, pod.requests);
  sums.limits = addAmounts(sums.limits, pod.limits);
}

/** The inverse of `addPod`, for the row exactly as it was added and sums that `canShrink`. */
export function takePod(sums: OpenSums, pod: PodRow): void {
  count(sums, pod, -1);
  if (isFinished(pod)) return;
  sums.requests = subtractAmounts(sums.requests, pod.requests);
  sums.limits = subtractAmounts(sums.limits, pod.limits);
}

/** Whether pods can be taken from the sums; where one is at its cap, what is left must be counted afresh. */
export const canShrink = ({ requests, limits }: NodeSums): boolean => areExact(requests) && areExact(limits);

/** The sums over any pods, counted afresh. */
export function sumOf(pods: Iterable<PodRow>): OpenSums {
  const sums = openSums();
  for (const pod of pods) addPod(sums, pod);
  return sums;
}
