import { valueOf } from '../model/reading.ts';
import { rolesOf } from '../product/node-roles.ts';
import type { Role } from '../product/roles.ts';
import { demandMet, demandOf, withMargin } from '../product/sizing.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { demandText } from '../state/node-words.ts';
import { list } from '../text/words.ts';
import { nodesAfter } from './edited.ts';
import type { Edited } from './edited.ts';
import { note, warning } from './node-effect.ts';
import type { NodeEffect } from './node-effect.ts';
import type { Effect } from './operation.ts';

/** Roles that an edit gives and takes away, in the order of ROLES; whichever way the labels are edited. */
function turned({ before, after }: Edited): { readonly gained: readonly Role[]; readonly lost: readonly Role[] } {
  const [had, has] = [rolesOf(before), rolesOf(after)];
  return { gained: has.filter((role) => !had.includes(role)), lost: had.filter((role) => !has.includes(role)) };
}

/** Roles whose set-up contains all that `node` brings to a machine: kubelet, proxy and their settings (MetalK8s: salt roles). */
const LIKE_NODE: readonly Role[] = ['master', 'etcd', 'infra'];

/** A Node that was created before its machine joined has no conditions. */
const isRegistered = ({ before }: Edited): boolean => before.conditions.length > 0;

const roleWords = (roles: readonly Role[]): string =>
  roles.length === 1 ? `the role ${list(roles)} is` : `the roles ${list(roles)} are`;

/** A label alone sets up nothing: Salt does, when it deploys the node, which drains it (MetalK8s: deploy_node). */
export function roleSetUp(edited: Edited): readonly NodeEffect[] {
  const holds = [...rolesOf(edited.before), ...rolesOf(edited.after)];
  const isThere = (role: Role) => role === 'node' && holds.some((held) => LIKE_NODE.includes(held));
  const roles = turned(edited).gained.filter((role) => !isThere(role));
  if (roles.length === 0) return [];
  if (!isRegistered(edited)) return [note(`${roleWords(roles)} set up on the machine when the node is deployed`)];
  return [
    warning(
      `${roleWords(roles)} set up on the machine only when the node is deployed again (deploy_node), which cordons and drains it, and leaves it cordoned when it fails in between`,
    ),
  ];
}

/** What goes on running without the label of its role: Salt removes nothing (MetalK8s: the state `absent` of each role). */
const REMAINS: Readonly<Record<Role, string>> = {
  bootstrap: 'what it serves from the machine stays',
  master: 'its API server, controller manager and scheduler keep running as static pods',
  etcd: 'its member stays in the etcd cluster, and counts for the quorum, until it is removed by hand (etcdctl member remove)',
  infra: 'pods that select the role and run here stay until they are made anew',
  node: 'the kubelet stays',
};

export function roleRemains(edited: Edited): readonly NodeEffect[] {
  if (!isRegistered(edited)) return [];
  const left = rolesOf(edited.after);
  return turned(edited)
    .lost.filter((role) => role !== 'node' || left.length === 0)
    .map((role) => warning(`nothing is uninstalled with the label of the role ${role}: ${REMAINS[role]}`));
}

/** Roles that a run of the bootstrap or restore script gives the bootstrap node again (MetalK8s: bootstrap node update). */
export function rolesReturning(edited: Edited): readonly NodeEffect[] {
  if (!rolesOf(edited.after).includes('bootstrap')) return [];
  const roles = turned(edited).lost.filter((role) => role !== 'node');
  return roles.length === 0
    ? []
    : [warning(`the next run of the bootstrap or restore script labels it ${list(roles)} again`)];
}

/** A machine that is smaller than the guide asks for its roles, where it gets new ones. */
export function sizing(edited: Edited): readonly NodeEffect[] {
  if (!turned(edited).gained.some((role) => role !== 'node')) return [];
  const { capacity } = edited.after;
  const demand = demandOf(rolesOf(edited.after));
  const met = valueOf(demandMet(demand, capacity));
  if (met === null || met === 'yes' || capacity.cpu === null || capacity.memory === null) return [];
  const has = `it has ${demandText({ cpu: capacity.cpu, memory: capacity.memory })}`;
  const [needs, advised] = [demandText(demand), `${demandText(withMargin(demand))} with the guide's margin`];
  return met === 'no'
    ? [warning(`is too small for its roles: ${has}, and they need ${needs}, and ${advised}`)]
    : [warning(`is tight for its roles: ${has}, and they need ${advised}`)];
}

/** How many nodes have a role, and what is said when that changes; null when there is nothing to say. */
const COUNTED: readonly { readonly role: Role; readonly says: (count: number) => string | null }[] = [
  {
    role: 'etcd',
    says(count) {
      if (count === 0)
        return 'No node then has the role etcd: the members that run stay until they are removed by hand, and none is set up anew.';
      return count % 2 === 0
        ? `${count} nodes then have the role etcd, an even number: once as many members run, they bear the loss of ${count / 2 - 1}, no more than ${count - 1} would.`
        : null;
    },
  },
  {
    role: 'master',
    says: (count) =>
      count === 0
        ? 'No node then has the role master: no API server is set up anew, and pods that select the role find no node.'
        : null,
  },
  {
    role: 'bootstrap',
    says: (count) =>
      count === 1
        ? null
        : `${count === 0 ? 'No node then has' : `${count} nodes then have`} the role bootstrap, of which there must be exactly one: without it MetalK8s cannot tell the address of its ingress.`,
  },
];

/** An even number of etcd members, and the last node of a role that the control plane needs. */
export function roleCounts(state: ClusterState, edited: readonly Edited[]): readonly Effect[] {
  const changed = (role: Role) => edited.some((one) => [...turned(one).gained, ...turned(one).lost].includes(role));
  const after = nodesAfter(state, edited);
  return COUNTED.flatMap(({ role, says }): Effect[] => {
    const sentence = changed(role) ? says(after.filter((node) => rolesOf(node).includes(role)).length) : null;
    return sentence === null ? [] : [{ severity: 'warning', sentence }];
  });
}
