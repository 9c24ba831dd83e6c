import type { Taint } from '../../source/model/kubernetes/node.ts';
import type { NodeEdit, RoleTaints } from '../../source/operations/operation.ts';
import { ROLES, roleLabel, type Role } from '../../source/product/roles.ts';
import { makeNode } from '../state/made.ts';

export const taint = (key: string, effect = 'NoSchedule', value = ''): Taint => ({
  key,
  value,
  effect,
  timeAdded: null,
});
export const roleTaint = (role: Role) => taint(roleLabel(role));
export const labels = (roles: readonly Role[]) => Object.fromEntries(roles.map((role) => [roleLabel(role), '']));
export const words = (text: string): Role[] => ROLES.filter((role) => text.split(' ').includes(role));
export const node = (roles: string, taints: string, others: readonly Taint[] = []) =>
  makeNode({
    name: 'n',
    labels: { rack: 'a', ...labels(words(roles)) },
    taints: taints === '' && others.length === 0 ? null : [...others, ...words(taints).map(roleTaint)],
  });

/** `+infra -node`, with what becomes of the taints. */
export const edit = (text: string, taints: RoleTaints = { mode: 'proposed' }): Extract<NodeEdit, { kind: 'role' }> => {
  const signed = (sign: string) => ROLES.filter((role) => text.split(' ').some((word) => word === `${sign}${role}`));
  return { kind: 'role', add: signed('+'), remove: signed('-'), taints };
};
export const PROPOSED: RoleTaints = { mode: 'proposed' };
export const DEDICATED: RoleTaints = { mode: 'dedicated' };
export const KEPT: RoleTaints = { mode: 'kept' };
export const set = (roles: string): RoleTaints => ({ mode: 'set', roles: words(roles) });
