// Everything but the cluster in a box, brought together: apart, each command would be dozens of files to find and link.
export { console } from './console.ts';
export { certificates, controlPlane } from './control-plane.ts';
export { cordon, label, taint, uncordon } from './edit.ts';
export { etcd } from './etcd.ts';
export { backup, defragment, disarm, moveLeader } from './etcd-operation.ts';
export { health } from './health.ts';
export { headroom } from './headroom.ts';
export { journal } from './journal.ts';
export { node } from './node.ts';
export { nodes } from './nodes.ts';
export { pending } from './pending.ts';
export { role } from './role.ts';
export { undo } from './undo.ts';
