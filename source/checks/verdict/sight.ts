import type { ClusterState } from '../../state/cluster-state.ts';
import type { ControlPlanePicture } from '../../state/control-plane.ts';
import type { EtcdPicture } from '../../state/etcd.ts';
import type { NodeRow } from '../../state/node-rows.ts';
import type { Ordered } from '../../state/ordered.ts';
import type { AreaVerdict } from './verdict.ts';

/** What is judged. Times are ms since the epoch. */
export type Sight = {
  readonly state: Pick<ClusterState, 'resources' | 'unansweredSince' | 'latency' | 'etcdSamples'>;
  /** The nodes in their order (state/node-table.ts): what is summed up over them is measured, not counted anew. */
  readonly rows: Ordered<NodeRow>;
  readonly controlPlane: ControlPlanePicture;
  readonly etcd: EtcdPicture;
  readonly now: number;
};

/** How one area is. Pure, and bounded: nothing in it looks at every node. */
export type Judge = (sight: Sight) => AreaVerdict;
