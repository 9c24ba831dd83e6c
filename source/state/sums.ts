import { addAmounts, areExact, NO_AMOUNTS, subtractAmounts } from '../model/kubernetes/amounts.ts';
import { isFinished } from '../model/kubernetes/pod.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import type { NodeSums } from './cluster-state.ts';

export const NO_SUMS: NodeSums = {
  requests: NO_AMOUNTS,
  limits: NO_AMOUNTS,
  pods: { active: 0, running: 0, total: 0 },
  unlimited: { cpu: 0, memory: 0 },
};

const counts = (pod: PodRow): NodeSums['pods'] => ({
  active: isFinished(pod) ? 0 : 1,
  running: pod.phase === 'Running' ? 1 : 0,
  total: 1,
});

type Unlimited = NodeSums['unlimited'];

const addUnlimited = (sum: Unlimited, { unlimited }: PodRow, sign: 1 | -1): Unlimited =>
  unlimited.length === 0
    ? sum
    : {
        cpu: sum.cpu + (unlimited.includes('cpu') ? sign : 0),
        memory: sum.memory + (unlimited.includes('memory') ? sign : 0),
      };

/** The sums of a node with one more pod. A pod that has finished counts in `pods.total` alone (scheduler, kubectl describe). */
export function withPod(sums: NodeSums, pod: PodRow): NodeSums {
  const { active, running, total } = counts(pod);
  return {
    requests: active ? addAmounts(sums.requests, pod.requests) : sums.requests,
    limits: active ? addAmounts(sums.limits, pod.limits) : sums.limits,
    pods: { active: sums.pods.active + active, running: sums.pods.running + running, total: sums.pods.total + total },
    unlimited: active ? addUnlimited(sums.unlimited, pod, 1) : sums.unlimited,
  };
}

/** The inverse of `withPod`, for the row exactly as it was added and sums that `canShrink`. */
export function withoutPod(sums: NodeSums, pod: PodRow): NodeSums {
  const { active, running, total } = counts(pod);
  return {
    requests: active ? subtractAmounts(sums.requests, pod.requests) : sums.requests,
    limits: active ? subtractAmounts(sums.limits, pod.limits) : sums.limits,
    pods: { active: sums.pods.active - active, running: sums.pods.running - running, total: sums.pods.total - total },
    unlimited: active ? addUnlimited(sums.unlimited, pod, -1) : sums.unlimited,
  };
}

/** Whether pods can be taken from the sums; where one is at its cap, what is left must be counted afresh. */
export const canShrink = ({ requests, limits }: NodeSums): boolean => areExact(requests) && areExact(limits);

/** The sums over any pods, counted afresh. */
export const sumOf = (pods: Iterable<PodRow>): NodeSums => {
  let sums = NO_SUMS;
  for (const pod of pods) sums = withPod(sums, pod);
  return sums;
};
