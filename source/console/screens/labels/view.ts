import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import type { LabelsView } from '../../view.ts';
import { atTop } from '../../widgets/position.ts';

/** The form for the labels of a node, as yet without a change. */
export const labelsView = (node: ClusterNode): LabelsView => ({
  name: 'labels',
  uid: node.uid,
  node: node.name,
  position: atTop,
  removed: [],
  set: new Map(),
  input: null,
});
