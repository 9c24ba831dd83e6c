import { isAddress } from '../links/kubernetes/doors.ts';
import { ETCD_NAMESPACE, etcdPod } from '../links/etcd/etcdctl.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import { valueOf } from '../model/reading.ts';
import { planesOf } from '../product/planes.ts';
import type { ClusterState } from './cluster-state.ts';
import { hostsOf } from './control-plane-nodes.ts';

/**
 * The nodes on which a member of etcd is to be expected, by name: those that carry the role, and those of the control
 * plane that run its pod, since a role that is taken away takes nothing off the node (MetalK8s).
 */
export const etcdNodes = (state: ClusterState): readonly ClusterNode[] =>
  hostsOf(state)
    .nodes.filter(({ node, roles }) => roles.includes('etcd') || runsEtcd(state, node.name))
    .map(({ node }) => node);

function runsEtcd({ podsByNode }: ClusterState, node: string): boolean {
  for (const { namespace, name } of podsByNode.get(node)?.values() ?? [])
    if (namespace === ETCD_NAMESPACE && name === etcdPod(node)) return true;
  return false;
}

/** A node of etcd with its control-plane address, at which its member is reached; null where the Node tells none. */
export type EtcdHost = { readonly name: string; readonly address: string | null };

export const hostOf = (node: ClusterNode): EtcdHost => ({ name: node.name, address: memberAddress(node) });

function memberAddress(node: ClusterNode): string | null {
  const address = valueOf(planesOf(node).control);
  return address !== null && isAddress(address) ? address : null;
}
