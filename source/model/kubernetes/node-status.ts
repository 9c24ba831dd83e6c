import type { ClusterNode, NodeCondition, Taint } from './node.ts';

/** From worst to best. `intent` is what an operator wanted, `unknown` what nobody has reported yet. */
export const SEVERITIES = ['critical', 'warning', 'unknown', 'intent', 'normal'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that is true of a node. Name and reason come from the cluster and are hostile until drawn. */
export type StatusFlag = {
  /** Ready, NotReady, Unknown, NeverRegistered, Cordoned, Deleting, or the type of a condition that is True. */
  readonly name: string;
  /** ms since the epoch; null when not told. */
  readonly since: number | null;
  /** The reason that the cluster gives, or an empty string. */
  readonly reason: string;
  readonly severity: Severity;
};

/** What the Ready condition says by its status; any other status is read as Unknown. */
const READINESS: ReadonlyMap<string, { name: string; severity: Severity }> = new Map([
  ['True', { name: 'Ready', severity: 'normal' }],
  ['False', { name: 'NotReady', severity: 'critical' }],
]);
/** The node controller has lost the kubelet, as bad as one that reports NotReady. */
const LOST = { name: 'Unknown', severity: 'critical' } as const;

const readyCondition = (node: ClusterNode): NodeCondition | undefined =>
  node.conditions.find((condition) => condition.type === 'Ready');

/** Whether the kubelet reports Ready, and nothing else (a cordoned node can be ready). */
export const isReady = (node: ClusterNode): boolean => readyCondition(node)?.status === 'True';

/** Whether a taint keeps pods off that do not tolerate it; PreferNoSchedule does not (Kubernetes: taint effects). */
export const keepsPodsOut = ({ effect }: Pick<Taint, 'effect'>): boolean =>
  effect === 'NoSchedule' || effect === 'NoExecute';

/**
 * Whether pods without tolerations are placed on the node: it is Ready, nobody has cordoned or deletes it, and none of
 * its taints keeps pods out.
 */
export const isOpen = (node: ClusterNode): boolean =>
  isReady(node) && !node.cordoned && !node.deleting && !(node.taints ?? []).some(keepsPodsOut);

/**
 * A Node without any condition was created before its machine joined (MetalK8s guide: "Cluster expansion"). One that
 * has conditions and no Ready among them is Unknown, as in kubectl.
 */
function readiness(node: ClusterNode): StatusFlag {
  const ready = readyCondition(node);
  if (ready === undefined)
    return node.conditions.length === 0
      ? { name: 'NeverRegistered', since: node.createdAt, reason: 'no kubelet has reported yet', severity: 'unknown' }
      : { ...LOST, since: null, reason: 'the node has no Ready condition' };
  return { ...(READINESS.get(ready.status) ?? LOST), since: ready.since, reason: ready.reason };
}

/** Cordoning leaves no time on the spec; the node controller dates the taint that it sets for it. */
function cordonedSince(node: ClusterNode): number | null {
  const added = node.taints?.find((taint) => taint.key === 'node.kubernetes.io/unschedulable')?.timeAdded;
  const at = Date.parse(added ?? '');
  return Number.isNaN(at) ? null : at;
}

/**
 * Everything that is true of a node, worst first: its readiness always, cordoned and deleting, and each other
 * condition that is True. Every such condition is a warning, also one that a tool of the operator invented (MetalK8s
 * treats them so); none of these hides another.
 */
export function nodeStatus(node: ClusterNode): readonly StatusFlag[] {
  const flags: StatusFlag[] = [readiness(node)];
  for (const { type, status, since, reason } of node.conditions)
    if (type !== 'Ready' && status === 'True') flags.push({ name: type, since, reason, severity: 'warning' });
  if (node.deleting) flags.push({ name: 'Deleting', since: null, reason: '', severity: 'intent' });
  if (node.cordoned) flags.push({ name: 'Cordoned', since: cordonedSince(node), reason: '', severity: 'intent' });
  return flags.sort((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
}
