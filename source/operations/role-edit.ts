import type { ClusterNode } from '../model/kubernetes/node.ts';
import { rolesOf, roleTaintsOf } from '../product/node-roles.ts';
import { isChosen, proposedTaints } from '../product/role-taints.ts';
import { ROLES, roleLabel, TAINTED_ROLES, type Role } from '../product/roles.ts';
import { list } from '../text/words.ts';
import { labelOf, taintOf } from './change.ts';
import { note, type NodeEffect } from './node-effect.ts';
import type { Change, NodeEdit } from './operation.ts';
import type { Ground } from './patch.ts';

export type RoleEdit = Extract<NodeEdit, { kind: 'role' }>;

/** What is wrong with an edit of roles whatever the node, as a sentence without a full stop; null when nothing is. */
export function roleEditProblem({ add, remove, taints }: RoleEdit): string | null {
  if ([...add, ...remove].includes('bootstrap'))
    return 'The role bootstrap is neither given nor taken away: exactly one node has it, and there the Salt master, the package repositories and the container registry live';
  const both = add.find((role) => remove.includes(role));
  if (both !== undefined) return `The role ${both} cannot be both given and taken away`;
  if (taints.mode === 'set') return taints.roles.includes('node') ? 'The role node has no taint' : null;
  return add.length + remove.length === 0 ? 'No role is given to add or to remove' : null;
}

/** The roles that the node will have, in the order of ROLES. */
export function rolesAfter(node: Pick<ClusterNode, 'labels'>, { add, remove }: RoleEdit): readonly Role[] {
  const before = rolesOf(node);
  return ROLES.filter((role) => (before.includes(role) || add.includes(role)) && !remove.includes(role));
}

/**
 * The roles whose taint the node will carry; null where nothing says which. Taints follow roles where these change:
 * those of a node that keeps its roles stay as somebody left them, unless it is asked to be dedicated and the product
 * knows its set both ways. `bootstrap` is part of it when the node carries that taint now, and stays as it is.
 */
export function roleTaintsAfter(node: ClusterNode, edit: RoleEdit): readonly Role[] | null {
  const wanted = wantedTaints(node, edit);
  if (wanted === null) return null;
  const kept = roleTaintsOf(node).filter((role) => role === 'bootstrap');
  return [...kept, ...TAINTED_ROLES.filter((role) => role !== 'bootstrap' && wanted.includes(role))];
}

function wantedTaints(node: ClusterNode, edit: RoleEdit): readonly Role[] | null {
  switch (edit.taints.mode) {
    case 'kept':
      return null;
    case 'set':
      return edit.taints.roles;
    default:
      return followingTaints(node, rolesAfter(node, edit), edit.taints.mode);
  }
}

function followingTaints(
  node: ClusterNode,
  roles: readonly Role[],
  mode: 'proposed' | 'dedicated',
): readonly Role[] | null {
  const isAsBefore = roles.length === rolesOf(node).length && rolesOf(node).every((role) => roles.includes(role));
  if (isAsBefore && !(mode === 'dedicated' && isChosen(roles))) return roleTaintsOf(node);
  return proposedTaints(node, roles, mode)?.roles ?? null;
}

/** What the edit changes on the node: labels of roles, and taints of their keys with effect NoSchedule; no other. */
export function roleChanges(node: ClusterNode, edit: RoleEdit): readonly Change[] {
  const [before, after] = [rolesOf(node), rolesAfter(node, edit)];
  const labels = ROLES.flatMap((role): readonly Change[] => {
    if (before.includes(role) === after.includes(role)) return [];
    const key = roleLabel(role);
    return [{ field: 'label', key, before: labelOf(node, key), after: after.includes(role) ? '' : null }];
  });
  const wanted = roleTaintsAfter(node, edit);
  return wanted === null ? labels : [...labels, ...taintChanges(node, wanted)];
}

const taintChanges = (node: ClusterNode, wanted: readonly Role[]): readonly Change[] =>
  TAINTED_ROLES.flatMap((role): readonly Change[] => {
    if (roleTaintsOf(node).includes(role) === wanted.includes(role)) return [];
    const taint = { key: roleLabel(role), effect: 'NoSchedule' };
    const after = wanted.includes(role) ? { ...taint, value: '', timeAdded: null } : null;
    return [{ field: 'taint', ...taint, before: taintOf(node, taint), after }];
  });

/**
 * What the taints were decided by: the labels of all roles where the product's table was asked, and the taints that are
 * there, without which those that stay would not be the ones that were shown.
 */
export function roleGround(node: ClusterNode, edit: RoleEdit): Ground {
  const isDecided = roleTaintsAfter(node, edit) !== null;
  return { labels: isDecided && edit.taints.mode !== 'set' ? ROLES.map(roleLabel) : [], taints: isDecided };
}

/** Said where taints were to follow the roles and do not, since the product knows none for the set. */
export function taintsLeftAlone(node: ClusterNode, edit: RoleEdit): readonly NodeEffect[] {
  if (edit.taints.mode === 'kept' || edit.taints.mode === 'set' || roleTaintsAfter(node, edit) !== null) return [];
  const taints = roleTaintsOf(node).map((role) => `${roleLabel(role)}:NoSchedule`);
  const stays = taints.length === 0 ? '' : `; ${list(taints)} ${taints.length === 1 ? 'stays' : 'stay'}`;
  return [note(`taints are left alone, since MetalK8s names none for ${setWords(rolesAfter(node, edit))}${stays}`)];
}

const setWords = (roles: readonly Role[]): string =>
  roles.length === 0
    ? 'a node without a role'
    : roles.length === 1
      ? `the role ${list(roles)} alone`
      : `the roles ${list(roles)} together`;
