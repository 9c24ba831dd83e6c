import { ETCD_NAMESPACE, etcdPod } from '../links/etcd/etcdctl.ts';
import { ownsAddressOf } from '../model/etcd/member-node.ts';
import type { EtcdMember, EtcdMembership } from '../model/etcd/etcd.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import { valueOf, type Reading } from '../model/reading.ts';
import type { ClusterState } from './cluster-state.ts';
import { etcdNodes } from './etcd-nodes.ts';

/** A member and the node that runs it, as far as each is known: at least one of them is. */
export type Seat = {
  readonly member: EtcdMember | null;
  readonly node: string | null;
  /** Whether a pod of etcd is on the node; null where pods are not seen. */
  readonly runsEtcd: boolean | null;
};

/** Whether the static pod of etcd is on a node; null where pods are not seen. */
function runsEtcd({ podsByNode, resources }: ClusterState, node: string): boolean | null {
  for (const pod of podsByNode.get(node)?.values() ?? [])
    if (pod.name === etcdPod(node) && pod.namespace === ETCD_NAMESPACE && !pod.deleting) return true;
  const { state } = resources.pods.status;
  return state === 'live' || state === 'stale' ? false : null;
}

/** The nodes that may run a member, and those that were asked for one and still are nodes. */
function nodesOfEtcd(state: ClusterState): ReadonlySet<string> {
  const { asked, nodes } = state;
  const known = [...asked.etcdFigures.keys(), ...asked.etcdHealth.keys()].filter(
    (node) => nodes.size === 0 || nodes.has(node),
  );
  return new Set([...etcdNodes(state).map(({ name }) => name), ...known]);
}

/** Which node runs a member: the one that says so, else the one of its name, else the one with its address. */
function createNodeOf(state: ClusterState, candidates: ReadonlySet<string>, { members }: EtcdMembership) {
  const { nodes, asked } = state;
  const listed = new Set(members.map(({ id }) => id));
  const saysIt = new Map<string, string>();
  for (const [node, { answer }] of asked.etcdFigures) {
    const id = answer?.value.figures.id ?? null;
    if (candidates.has(node) && id !== null && listed.has(id)) saysIt.set(id, node);
  }
  const taken = new Set(saysIt.values());
  const hosts = etcdNodes(state);
  return (member: EtcdMember): string | null => {
    const told = saysIt.get(member.id);
    if (told !== undefined) return told;
    if (!taken.has(member.name) && (nodes.has(member.name) || candidates.has(member.name))) return member.name;
    const owns = ownsAddressOf(member);
    const isIts = (node: ClusterNode) => !taken.has(node.name) && owns(node);
    for (const some of [hosts, nodes.values()]) for (const node of some) if (isIts(node)) return node.name;
    return null;
  };
}

/**
 * All members, each with its node, and the nodes that should run one and are not in the list. Where there is no list,
 * these are all that is known.
 */
export function seatsOf(state: ClusterState, membership: Reading<EtcdMembership>): readonly Seat[] {
  const list = valueOf(membership);
  const candidates = nodesOfEtcd(state);
  const nodeOf = list === null ? () => null : createNodeOf(state, candidates, list);
  const taken = new Set<string>();
  const listed = (list?.members ?? []).map((member): Seat => {
    const node = nodeOf(member);
    // A member that was replaced by one of the same name, and is still listed, has no node any more.
    if (node === null || taken.has(node)) return { member, node: null, runsEtcd: null };
    taken.add(node);
    return { member, node, runsEtcd: runsEtcd(state, node) };
  });
  const others = [...candidates]
    .filter((node) => !taken.has(node))
    .map((node): Seat => ({ member: null, node, runsEtcd: runsEtcd(state, node) }));
  return [...listed, ...others];
}
