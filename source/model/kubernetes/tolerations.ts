import type { Taint } from './node.ts';
import type { PodRow, Toleration } from './pod.ts';

type TaintIdentity = Pick<Taint, 'key' | 'value' | 'effect'>;

/** An empty key or effect of a toleration matches every one; no operator means Equal (Kubernetes: ToleratesTaint). */
function matches(toleration: Toleration, taint: TaintIdentity): boolean {
  if (toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.key !== '' && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return (toleration.operator === '' || toleration.operator === 'Equal') && toleration.value === taint.value;
}

/** Whether one of the tolerations bears the taint, for however short a time. */
export const tolerates = (tolerations: readonly Toleration[], taint: TaintIdentity): boolean =>
  tolerations.some((toleration) => matches(toleration, taint));

/**
 * How many seconds after the taint is set the pod is evicted, or `never`. Only NoExecute evicts. The taint controller
 * goes by the first toleration that matches: none means at once, one without seconds means never. A static pod cannot
 * be evicted: deleting its mirror changes nothing on the machine. Pods of a DaemonSet have no privilege but the
 * tolerations that their controller gave them.
 */
export function evictedBy(pod: Pick<PodRow, 'mirror' | 'tolerations'>, taint: TaintIdentity): 'never' | number {
  if (taint.effect !== 'NoExecute' || pod.mirror) return 'never';
  const toleration = pod.tolerations.find((candidate) => matches(candidate, taint));
  if (toleration === undefined) return 0;
  return toleration.seconds === null ? 'never' : Math.max(0, toleration.seconds);
}
