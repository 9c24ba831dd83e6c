import type { ClusterNode, Taint } from '../model/kubernetes/node.ts';
import { ROLE_LETTERS, ROLES, roleLabel, roleOfKey, TAINTED_ROLES, type Role } from './roles.ts';

type TaintIdentity = Pick<Taint, 'key' | 'effect'>;

/** The taint of a role has the key of its label and the effect NoSchedule (MetalK8s guide: "Node Roles"). */
const isTaintOf = (role: Role, taint: TaintIdentity): boolean =>
  taint.key === roleLabel(role) && taint.effect === 'NoSchedule';

/** The taints of roles that a node carries, whether it has the role or not. */
export const roleTaintsOf = (node: Pick<ClusterNode, 'taints'>): readonly Role[] =>
  TAINTED_ROLES.filter((role) => node.taints?.some((taint) => isTaintOf(role, taint)) === true);

/** The roles that a node's labels give it, in the order of ROLES. The value of a role label does not matter. */
export const rolesOf = (node: Pick<ClusterNode, 'labels'>): readonly Role[] =>
  ROLES.filter((role) => Object.hasOwn(node.labels, roleLabel(role)));

/**
 * Roles as the guide's diagrams draw them: a letter each, with T right after the letter when the taint of that role is
 * set, as in `BT M E IT`. Empty for a node without roles.
 */
export const roleMarks = (node: Pick<ClusterNode, 'labels' | 'taints'>): string =>
  rolesOf(node)
    .map((role) => ROLE_LETTERS[role] + (node.taints?.some((taint) => isTaintOf(role, taint)) === true ? 'T' : ''))
    .join(' ');

/** The taints that the marks do not tell: every other key or effect, and the taint of a role the node does not have. */
export function otherTaints(node: Pick<ClusterNode, 'labels' | 'taints'>): readonly Taint[] {
  const roles = rolesOf(node);
  return (node.taints ?? []).filter((taint) => !roles.some((role) => isTaintOf(role, taint)));
}

/**
 * Taints that Kubernetes itself sets and takes away when a condition of the node changes, each with what it means
 * (Kubernetes: "Taints and Tolerations", "Well-Known Labels, Annotations and Taints"). Removing one by hand does not
 * last while the condition does.
 */
export const CONDITION_TAINTS: ReadonlyMap<string, string> = new Map([
  ['node.kubernetes.io/not-ready', 'the kubelet reports that the node is not ready'],
  ['node.kubernetes.io/unreachable', 'the node controller has lost the kubelet'],
  ['node.kubernetes.io/unschedulable', 'the node is cordoned'],
  ['node.kubernetes.io/memory-pressure', 'the node is short of memory'],
  ['node.kubernetes.io/disk-pressure', 'the node is short of disk space'],
  ['node.kubernetes.io/pid-pressure', 'the node is short of process ids'],
  ['node.kubernetes.io/network-unavailable', 'the network of the node is not set up'],
  ['node.kubernetes.io/out-of-disk', 'the node has no disk space left'],
  ['node.cloudprovider.kubernetes.io/uninitialized', 'a cloud provider has yet to set up the node'],
  ['node.cloudprovider.kubernetes.io/shutdown', 'the cloud provider has shut the machine down'],
]);

/**
 * Who sets a taint: `condition` is Kubernetes by itself, `product` MetalK8s with the key of a role, `operator` anyone
 * else (also `node.kubernetes.io/out-of-service`, which is set by hand on a machine that is off for good).
 */
export type TaintSource = 'operator' | 'condition' | 'product';

export function taintSource(taint: Pick<Taint, 'key'>): TaintSource {
  if (CONDITION_TAINTS.has(taint.key)) return 'condition';
  return roleOfKey(taint.key) === null ? 'operator' : 'product';
}

/** What a taint that Kubernetes or MetalK8s sets says, as a clause; null for any other. */
export function taintMeaning(taint: Pick<Taint, 'key'>): string | null {
  const role = roleOfKey(taint.key);
  if (role !== null) return `only what belongs to the ${role} role may run here`;
  return CONDITION_TAINTS.get(taint.key) ?? null;
}
