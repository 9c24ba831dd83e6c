// What is asked of nodes and done to them, and the console, brought together: apart, each command would be dozens of files
// to find and link. The control plane is in control-plane-answers.ts, the cluster in a box in sandbox.ts.
export { console } from './console.ts';
export { cordon, label, taint, uncordon } from './edit.ts';
export { headroom } from './headroom.ts';
export { journal } from './journal.ts';
export { node } from './node.ts';
export { nodes } from './nodes.ts';
export { pending } from './pending.ts';
export { role } from './role.ts';
export { undo } from './undo.ts';
