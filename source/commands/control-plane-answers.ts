// What is asked of etcd, of the control plane and of the whole, and what is done there, brought together as in answers.ts:
// whoever looks at nodes or changes them loads none of it.
export { certificates, controlPlane } from './control-plane.ts';
export { etcd } from './etcd.ts';
export { backup, defragment, disarm, moveLeader } from './etcd-operation.ts';
export { health } from './health.ts';
