import type { ClusterNode } from '../model/kubernetes/node.ts';
import { rolesOf, roleTaintsOf } from './node-roles.ts';
import type { Role } from './roles.ts';

/**
 * Taints that the product gives to a set of roles. Where it knows two ways, `shared` leaves the node to workloads as
 * well, and `dedicated` keeps it for its roles.
 */
type RoleTaintsRow = {
  readonly roles: readonly Role[];
  readonly dedicated: readonly Role[];
  readonly shared: readonly Role[];
};

const always = (roles: readonly Role[], taints: readonly Role[]): RoleTaintsRow => ({
  roles,
  dedicated: taints,
  shared: taints,
});

/** MetalK8s: the roles that its web UI offers, with their taints, and etcd alone (guide: "Cluster expansion"). */
const ROLE_TAINTS: readonly RoleTaintsRow[] = [
  always(['master', 'etcd'], ['master', 'etcd']),
  always(['node'], []),
  { roles: ['infra'], dedicated: ['infra'], shared: [] },
  always(['master', 'etcd', 'node'], []),
  { roles: ['master', 'etcd', 'infra'], dedicated: ['infra'], shared: [] },
  always(['etcd'], ['etcd']),
];

const isSameSet = (one: readonly Role[], other: readonly Role[]): boolean =>
  one.length === other.length && one.every((role) => other.includes(role));

const rowOf = (roles: readonly Role[]): RoleTaintsRow | undefined =>
  ROLE_TAINTS.find((known) => isSameSet(known.roles, roles));

/** Whether the product knows the set of roles (each once) both with taints and without, so that an operator chooses. */
export function isChosen(roles: readonly Role[]): boolean {
  const row = rowOf(roles);
  return row !== undefined && !isSameSet(row.dedicated, row.shared);
}

/** Whether workloads run on the node today and are still meant to: no taint of a role, and `node` is not taken away. */
function staysShared(before: Pick<ClusterNode, 'labels' | 'taints'>, roles: readonly Role[]): boolean {
  const loses = rolesOf(before).includes('node') && !roles.includes('node');
  return roleTaintsOf(before).length === 0 && !loses;
}

/**
 * The roles of which a node with `roles` (each once) carries the taint by the product's own table. Of two ways
 * `dedicated` takes the tainted one; `proposed` the other only for a node that takes workloads today and does not lose
 * the role `node`. Null when the table does not know the set; it never does with the role `bootstrap`.
 */
export function proposedTaints(
  before: Pick<ClusterNode, 'labels' | 'taints'>,
  roles: readonly Role[],
  mode: 'proposed' | 'dedicated',
): { readonly roles: readonly Role[] } | null {
  const row = rowOf(roles);
  if (row === undefined) return null;
  return { roles: mode === 'proposed' && staysShared(before, roles) ? row.shared : row.dedicated };
}
