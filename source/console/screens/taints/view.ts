import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import type { TaintsView } from '../../view.ts';
import { targetsFor } from '../../widgets/form.tsx';
import { atTop } from '../../widgets/position.ts';

/** The form for the taints of one or more nodes, as yet without a change. */
export const taintsView = (nodes: readonly ClusterNode[]): TaintsView => ({
  name: 'taints',
  targets: targetsFor(nodes),
  position: atTop,
  removed: [],
  added: [],
  addNodeRole: false,
  input: null,
});
