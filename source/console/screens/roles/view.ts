import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import type { RolesView } from '../../view.ts';
import { targetsFor } from '../../widgets/form.tsx';
import { atTop } from '../../widgets/position.ts';

/** The form for the roles of one or more nodes, as yet without a change: taints are to follow the roles. */
export const rolesView = (nodes: readonly ClusterNode[]): RolesView => ({
  name: 'roles',
  targets: targetsFor(nodes),
  position: atTop,
  add: [],
  remove: [],
  taints: { mode: 'proposed' },
  input: null,
});
