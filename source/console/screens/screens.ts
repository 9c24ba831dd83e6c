import type { Screen } from '../screen.ts';
import type { View } from '../view.ts';
import { controlPlaneScreen } from './control-plane/control-plane-screen.tsx';
import { etcdScreen } from './etcd/etcd-screen.tsx';
import { etcdMemberScreen } from './etcd/member-screen.tsx';
import { fitsScreen } from './fits/fits-screen.tsx';
import { groupScreen } from './group/group-screen.tsx';
import { headroomScreen } from './headroom/headroom-screen.tsx';
import { helpScreen } from './help/help-screen.tsx';
import { labelsScreen } from './labels/labels-screen.tsx';
import { lossScreen } from './loss/loss-screen.tsx';
import { nodeScreen } from './node/node-screen.tsx';
import { nodesScreen } from './nodes/nodes-screen.tsx';
import { pendingPodScreen } from './pending-pod/pending-pod-screen.tsx';
import { pendingScreen } from './pending/pending-screen.tsx';
import { planScreen } from './plan/plan-screen.tsx';
import { rolesScreen } from './roles/roles-screen.tsx';
import { scenesScreen } from './scenes/scenes-screen.tsx';
import { sortScreen } from './sort/sort-screen.tsx';
import { taintsScreen } from './taints/taints-screen.tsx';

type Screens = { readonly [Name in View['name']]: Screen<Extract<View, { name: Name }>> };

/** Every screen, by the name of its view. */
export const SCREENS: Screens = {
  nodes: nodesScreen,
  node: nodeScreen,
  group: groupScreen,
  sort: sortScreen,
  labels: labelsScreen,
  taints: taintsScreen,
  roles: rolesScreen,
  pending: pendingScreen,
  'pending-pod': pendingPodScreen,
  headroom: headroomScreen,
  loss: lossScreen,
  fits: fitsScreen,
  etcd: etcdScreen,
  'etcd-member': etcdMemberScreen,
  'control-plane': controlPlaneScreen,
  scenes: scenesScreen,
  plan: planScreen,
  help: helpScreen,
};

/** The screen of a view. The table pairs them, which the type of a look-up cannot say. */
export const screenOf = (view: View): Screen<View> => SCREENS[view.name] as unknown as Screen<View>;
