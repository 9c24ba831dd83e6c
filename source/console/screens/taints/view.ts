import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import type { TaintsView } from '../../view.ts';
import { atTop } from '../../widgets/position.ts';

/** The form for the taints of a node, as yet without a change. */
export const taintsView = (node: ClusterNode): TaintsView => ({
  name: 'taints',
  uid: node.uid,
  node: node.name,
  position: atTop,
  removed: [],
  added: [],
  addNodeRole: false,
  input: null,
});
