import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import { ROLES } from '../../../product/roles.ts';
import type { RolesView } from '../../view.ts';
import { targetsFor } from '../../widgets/form.tsx';

/**
 * The form for the roles of one or more nodes, as yet without a change: taints are to follow the roles. The cursor is on
 * the first role that can be given or taken.
 */
export const rolesView = (nodes: readonly ClusterNode[]): RolesView => ({
  name: 'roles',
  targets: targetsFor(nodes),
  position: { cursor: ROLES.findIndex((role) => role !== 'bootstrap'), top: 0, on: null },
  add: [],
  remove: [],
  taints: { mode: 'proposed' },
  input: null,
});
