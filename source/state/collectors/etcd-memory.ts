import { ownsAddressOf } from '../../model/etcd/member-node.ts';
import type { ClusterState } from '../cluster-state.ts';
import { etcdNodes, hostOf, type EtcdHost } from '../etcd-nodes.ts';

/** A member as it was seen last, by its node, where that is and its id in hex. */
export type SeenMember = EtcdHost & { readonly id: string };

/** The members that were seen through the API server, for a console that is opened when it gives no answer any more. */
export type EtcdMemory = {
  /** Of earlier sessions; none where nothing is remembered. */
  readonly recall: () => readonly SeenMember[];
  readonly keep: (members: readonly SeenMember[]) => void;
};

/** The members that are listed now, each with the node that runs it: by what it says itself, its name or its address. */
export function seenMembers(state: ClusterState): readonly SeenMember[] {
  const { etcdMembership, etcdFigures } = state.asked;
  const members = etcdMembership.get('')?.answer?.value.membership.members ?? [];
  const nodes = etcdNodes(state);
  return members.flatMap((member) => {
    const node =
      nodes.find(({ name }) => etcdFigures.get(name)?.answer?.value.figures.id === member.id) ??
      nodes.find(({ name }) => name === member.name) ??
      nodes.find(ownsAddressOf(member));
    return node === undefined ? [] : [{ ...hostOf(node), id: member.id }];
  });
}
