import type { ClusterNode } from '../model/kubernetes/node.ts';
import { rolesOf, roleTaintsOf } from './node-roles.ts';
import type { Role } from './roles.ts';

/** The group in which a node is counted once, in the order in which groups stand. */
export const NODE_GROUPS = ['control-plane', 'infra', 'workload'] as const;
export type NodeGroup = (typeof NODE_GROUPS)[number];

/** The planes of a MetalK8s cluster; a node may serve both (guide: "Control and Workload Planes"). */
export const PLANES = ['control', 'workload'] as const;
export type Plane = (typeof PLANES)[number];

const CONTROL_PLANE_ROLES: readonly Role[] = ['bootstrap', 'master', 'etcd'];

export function groupOf(roles: readonly Role[]): NodeGroup {
  if (roles.some((role) => CONTROL_PLANE_ROLES.includes(role))) return 'control-plane';
  return roles.includes('infra') ? 'infra' : 'workload';
}

/**
 * The planes that a node serves. The control plane is where services of the product run: any role but `node`. The
 * workload plane is where applications may be deployed: no taint of a role keeps them off.
 */
export function planesServed(node: Pick<ClusterNode, 'labels' | 'taints'>): readonly Plane[] {
  const control = rolesOf(node).some((role) => role !== 'node');
  const workload = roleTaintsOf(node).length === 0;
  return workload ? (control ? PLANES : ['workload']) : ['control'];
}
