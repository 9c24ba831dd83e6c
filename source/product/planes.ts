import type { ClusterNode } from '../model/kubernetes/node.ts';
import { absent, known, type Reading } from '../model/reading.ts';
import { WORKLOAD_ADDRESS_ANNOTATION } from './keys.ts';

const ADDRESS = /^[0-9A-Fa-f.:]+$/;

/** MetalK8s starts the kubelet with the control-plane address as the node's, so it is the first InternalIP. */
function controlAddress(node: ClusterNode): Reading<string> {
  const internal = node.addresses.find(({ type }) => type === 'InternalIP');
  if (internal !== undefined) return known(internal.address);
  return absent(
    node.conditions.length === 0
      ? 'the kubelet has not registered yet'
      : 'the kubelet reports no InternalIP for the node',
  );
}

/** No field of MetalK8s holds the workload-plane address; Calico publishes the one it found in the plane's ranges. */
function workloadAddress(node: ClusterNode): Reading<string> {
  const published = node.annotations[WORKLOAD_ADDRESS_ANNOTATION];
  if (published === undefined)
    return absent(`Calico has not published an address in the annotation ${WORKLOAD_ADDRESS_ANNOTATION}`);
  const [address = ''] = published.split('/');
  return ADDRESS.test(address)
    ? known(address)
    : absent(`the annotation ${WORKLOAD_ADDRESS_ANNOTATION} does not hold an address`);
}

/** The addresses of a node in the two networks of MetalK8s, each without prefix length, or why there is none. */
export const planesOf = (node: ClusterNode): { control: Reading<string>; workload: Reading<string> } => ({
  control: controlAddress(node),
  workload: workloadAddress(node),
});
