import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import type { LabelsView } from '../../view.ts';
import { targetsFor } from '../../widgets/form.tsx';
import { atTop } from '../../widgets/position.ts';

/** The form for the labels of one or more nodes, as yet without a change. */
export const labelsView = (nodes: readonly ClusterNode[]): LabelsView => ({
  name: 'labels',
  targets: targetsFor(nodes),
  position: atTop,
  removed: [],
  set: new Map(),
  input: null,
});
