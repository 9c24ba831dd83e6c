import { placementObstacles } from '../model/headroom/obstacles.ts';
import { isReady, keepsPodsOut } from '../model/kubernetes/node-status.ts';
import type { ClusterNode, Taint } from '../model/kubernetes/node.ts';
import type { Placement } from '../model/kubernetes/placement.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { tolerates } from '../model/kubernetes/tolerations.ts';
import { rolesOf } from '../product/node-roles.ts';
import { ROLE_SERVICES, type RoleService } from '../product/role-services.ts';
import { roleLabel, roleOfKey, type Role } from '../product/roles.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { list, plural } from '../text/words.ts';
import { isStaying, nodesAfter, podNames } from './edited.ts';
import type { Edited } from './edited.ts';
import type { Change, Effect } from './operation.ts';

/** A role whose nodes pods of the product select, and which of them count as a place: with what they are called then. */
type Home = {
  readonly role: Role;
  readonly nodes: string;
  readonly counts: (node: ClusterNode) => boolean;
  readonly bars: (taint: Taint) => boolean;
};

/**
 * Services of infra are moved at need, so a node counts that would take them now. Of the control plane only the taints
 * of roles are looked at, which stay: a master that is away comes back.
 */
const HOMES: readonly Home[] = [
  {
    role: 'infra',
    nodes: 'Ready node',
    counts: (node) => isReady(node) && !node.cordoned && !node.deleting,
    bars: keepsPodsOut,
  },
  {
    role: 'master',
    nodes: 'node',
    counts: () => true,
    bars: (taint) => keepsPodsOut(taint) && roleOfKey(taint.key) !== null,
  },
];

/** What is to be placed on nodes of a role, as far as role and taints go. */
type Guest = { readonly selects: (node: ClusterNode) => boolean; readonly bears: (taint: Taint) => boolean };

const guestOfPod = ({ placement, tolerations }: Pick<PodRow, 'placement' | 'tolerations'>): Guest => ({
  selects: (node) => placementObstacles(placement, node).length === 0,
  bears: (taint) => tolerates(tolerations, taint),
});

const guestOfService = ({ role, tolerates: borne }: RoleService): Guest => ({
  selects: (node) => rolesOf(node).includes(role),
  bears: ({ key, effect }) => effect === 'NoSchedule' && borne.some((role) => roleLabel(role) === key),
});

const hasPlace = ({ bars }: Home, nodes: readonly ClusterNode[], { selects, bears }: Guest): boolean =>
  nodes.some((node) => selects(node) && !(node.taints ?? []).some((taint) => bars(taint) && !bears(taint)));

const touchesRole = (changes: readonly Change[]): boolean =>
  changes.some((change) => change.field !== 'cordoned' && roleOfKey(change.key) !== null);

const asksFor = ({ selector, terms }: Placement, key: string): boolean =>
  Object.hasOwn(selector, key) || (terms?.some(({ labels }) => labels.some((one) => one.key === key)) ?? false);

/** The pods that ask for a label and have no place any more. Rows that agree share their parts, each looked at once. */
function strandedOf(pods: Iterable<PodRow>, key: string, isStranded: (guest: Guest) => boolean): readonly PodRow[] {
  const answers = new Map<Placement, Map<PodRow['tolerations'], boolean> | null>();
  const found: PodRow[] = [];
  for (const pod of pods) {
    const { placement, tolerations } = pod;
    let known = answers.get(placement);
    if (known === undefined) {
      known = asksFor(placement, key) ? new Map<PodRow['tolerations'], boolean>() : null;
      answers.set(placement, known);
    }
    if (known === null || pod.mirror || !isStaying(pod)) continue;
    const answer = known.get(tolerations) ?? isStranded(guestOfPod(pod));
    known.set(tolerations, answer);
    if (answer) found.push(pod);
  }
  return found;
}

/**
 * Services of the product, and pods that select a role, which no node of it would take any more. Only what had a place
 * before is told.
 */
export function strandedPods(state: ClusterState, edited: readonly Edited[]): readonly Effect[] {
  if (!edited.some(({ changes }) => touchesRole(changes))) return [];
  const all = nodesAfter(state, edited);
  return HOMES.flatMap((home): Effect[] => {
    const counts = (node: ClusterNode) => rolesOf(node).includes(home.role) && home.counts(node);
    const [before, after] = [[...state.nodes.values()].filter(counts), all.filter(counts)];
    const isStranded = (guest: Guest) => hasPlace(home, before, guest) && !hasPlace(home, after, guest);
    const pods = strandedOf(state.pods.values(), roleLabel(home.role), isStranded);
    const services = ROLE_SERVICES.filter(
      (service) => service.role === home.role && isStranded(guestOfService(service)),
    );
    const selecting = `${plural(pods.length, 'pod')} that ${pods.length === 1 ? 'selects' : 'select'} the role: ${podNames(pods)}`;
    const named = list(services.map(({ name }) => name));
    const who = pods.length === 0 ? named : named === '' ? selecting : `${named} (${selecting})`;
    return who === ''
      ? []
      : [
          {
            severity: 'warning',
            sentence: `No ${home.nodes} with the role ${home.role} is left that would take ${who}.`,
          },
        ];
  });
}
