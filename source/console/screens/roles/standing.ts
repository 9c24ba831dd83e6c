import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import { roleTaintsAfter, rolesAfter, type RoleEdit } from '../../../operations/role-edit.ts';
import { rolesOf, roleTaintsOf } from '../../../product/node-roles.ts';
import type { Role } from '../../../product/roles.ts';
import type { RolesView } from '../../view.ts';

export const editOf = ({ add, remove, taints }: RolesView): RoleEdit => ({ kind: 'role', add, remove, taints });

/** The roles of a node, and the taints of roles that it carries. */
export type Standing = { readonly roles: readonly Role[]; readonly taints: readonly Role[] };

export const standingBefore = (node: ClusterNode): Standing => ({ roles: rolesOf(node), taints: roleTaintsOf(node) });

/** Whether the edit asks for anything: taints follow roles only where a role is given or taken. */
export const asksSomething = ({ add, remove, taints }: RolesView): boolean =>
  add.length + remove.length > 0 || taints.mode === 'set';

/** What the node will have by the edit, worked out as the plan does. */
export function standingAfter(node: ClusterNode, view: RolesView): Standing {
  const before = standingBefore(node);
  if (!asksSomething(view)) return before;
  const edit = editOf(view);
  return { roles: rolesAfter(node, edit), taints: roleTaintsAfter(node, edit) ?? before.taints };
}

/** Whether the taints of the node were to follow its roles and do not, since the product knows no such set. */
export const isLeftAlone = (node: ClusterNode, view: RolesView): boolean =>
  view.taints.mode !== 'kept' && asksSomething(view) && roleTaintsAfter(node, editOf(view)) === null;

const isSame = (one: readonly Role[], other: readonly Role[]): boolean =>
  one.length === other.length && one.every((role) => other.includes(role));

export const isSameStanding = (one: Standing, other: Standing): boolean =>
  isSame(one.roles, other.roles) && isSame(one.taints, other.taints);

/** Whether something is on all, some or none of the nodes. */
export type Spread = 'all' | 'some' | 'none';
export const spreadOf = (count: number, of: number): Spread => (count === 0 ? 'none' : count === of ? 'all' : 'some');
