import type { Node, PodSpec, Taint, Toleration } from '../../wire.ts';

/** Whether a toleration covers a taint; one without an effect covers any (Kubernetes: ToleratesTaint). */
export const covers = ({ key = '', operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean =>
  (effect === undefined || effect === '' || effect === taint.effect) &&
  (key === '' ? operator === 'Exists' : key === taint.key) &&
  (operator === 'Exists' || value === (taint.value ?? ''));

const tolerates = ({ tolerations = [] }: PodSpec, taint: Taint): boolean =>
  tolerations.some((each) => covers(each, taint));

const KEEPS_OUT: readonly Taint['effect'][] = ['NoSchedule', 'NoExecute'];

/** The first taint that keeps a pod off a node. */
export const untolerated = (spec: PodSpec, { spec: { taints = [] } }: Node): Taint | undefined =>
  taints.find((taint) => KEEPS_OUT.includes(taint.effect) && !tolerates(spec, taint));

/** The first taint that drives a pod off a node on which it runs. */
export const drivenOff = (spec: PodSpec, { spec: { taints = [] } }: Node): Taint | undefined =>
  taints.find((taint) => taint.effect === 'NoExecute' && !tolerates(spec, taint));

/** Taints by which a node would rather not take the pod. */
export function unwelcome(spec: PodSpec, { spec: { taints } }: Node): number {
  if (!taints) return 0;
  return taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerates(spec, taint)).length;
}
