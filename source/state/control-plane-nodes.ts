import { isAddress } from '../links/kubernetes/doors.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { stale, valueOf, type Reading } from '../model/reading.ts';
import { rolesOf } from '../product/node-roles.ts';
import { planesOf } from '../product/planes.ts';
import type { Role } from '../product/roles.ts';
import { STATIC_PODS, staticPodName, type StaticPod } from '../product/services.ts';
import { letterByLetter } from '../text/alphabet.ts';
import type { ClusterState } from './cluster-state.ts';
import { seen } from './seen.ts';

/**
 * How something that should run does: all of it, a part, none, or it is not there although it should be (`missing`),
 * or need not be (`not-installed`). `unknown` where nobody can tell, now or at all.
 */
export type Standing = 'serving' | 'partly' | 'down' | 'missing' | 'not-installed' | 'unknown';

/** A static pod on its node; a known null is not there. Stale from when its node was last heard of. */
export type StaticPodStanding = {
  readonly pod: StaticPod;
  readonly node: string;
  readonly row: Reading<PodRow | null>;
  readonly standing: Standing;
};

/** A node that carries the master, etcd or bootstrap role, with the static pods that these bring. */
export type ControlPlaneNode = {
  readonly node: string;
  readonly roles: readonly Role[];
  readonly pods: readonly StaticPodStanding[];
};

const CONTROL_PLANE: readonly Role[] = ['master', 'etcd', 'bootstrap'];

type Host = { readonly node: ClusterNode; readonly roles: readonly Role[] };

/** The nodes of the control plane by name, and whose each address is in the control plane and in the workload plane. */
export type Hosts = {
  readonly nodes: readonly Host[];
  readonly byAddress: ReadonlyMap<string, string>;
  readonly byWorkloadAddress: ReadonlyMap<string, string>;
};

/** Whether the product is there: on another Kubernetes nothing of it is missing. */
export const isMetalK8s = ({ server }: Pick<ClusterState, 'server'>, { nodes }: Hosts): boolean =>
  typeof server?.metalk8sVersion === 'string' || nodes.some(({ roles }) => roles.includes('bootstrap'));

/** What the picture of the nodes needs for it. */
type Nodes = Pick<ClusterState, 'nodes' | 'nodeChanges'>;

type Kept = { readonly position: number; readonly found: ReadonlyMap<string, Host>; readonly hosts: Hosts };
const kept = new WeakMap<ClusterState['nodes'], Kept>();

/** Looks at every node once, and from then on at those that have changed; the same object as long as nothing has here. */
export function hostsOf({ nodes, nodeChanges }: Nodes): Hosts {
  const before = kept.get(nodes);
  const { position } = nodeChanges;
  if (before?.position === position) return before.hosts;
  const changed = before === undefined ? null : nodeChanges.since(before.position);
  const found = new Map(changed === null ? [] : before?.found);
  let isSame = changed !== null;
  for (const name of changed ?? nodes.keys()) {
    const host = hostOf(nodes.get(name));
    if (found.get(name)?.node === host?.node) continue;
    isSame = false;
    if (host === null) found.delete(name);
    else found.set(name, host);
  }
  const hosts = before !== undefined && isSame ? before.hosts : madeOf(found);
  kept.set(nodes, { position, found, hosts });
  return hosts;
}

function hostOf(node: ClusterNode | undefined): Host | null {
  if (node === undefined) return null;
  const roles = rolesOf(node);
  return roles.some((role) => CONTROL_PLANE.includes(role)) ? { node, roles } : null;
}

function madeOf(found: ReadonlyMap<string, Host>): Hosts {
  const nodes = [...found.values()].sort((one, other) => letterByLetter(one.node.name, other.node.name));
  const addresses = (plane: Plane) =>
    nodes.flatMap(({ node }) => {
      const address = valueOf(planesOf(node)[plane]);
      return address === null ? [] : [[address, node.name] as const];
    });
  return { nodes, byAddress: new Map(addresses('control')), byWorkloadAddress: new Map(addresses('workload')) };
}

type Plane = 'control' | 'workload';

/** The addresses of the nodes with a role in a plane. Whoever writes the status of a node may write anything there. */
export const addressesOf = (state: Nodes, role: Role, plane: Plane = 'control'): readonly string[] =>
  hostsOf(state)
    .nodes.filter(({ roles }) => roles.includes(role))
    .map(({ node }) => valueOf(planesOf(node)[plane]))
    .filter((address): address is string => address !== null && isAddress(address));

const NAMESPACE = 'kube-system';

/** What a pod serves by what the kubelet said last. */
function standingOf(row: Reading<PodRow | null>, isLost: boolean): Standing {
  const pod = valueOf(row);
  if (isLost || row.state === 'denied' || row.state === 'absent') return 'unknown';
  if (pod === null) return 'missing';
  const { containers, of } = pod.ready;
  if (pod.phase !== 'Running' || containers === 0) return 'down';
  return containers === of ? 'serving' : 'partly';
}

/** Since when nothing is heard of a node's kubelet (Kubernetes: node lifecycle controller); null while it is. */
const lostSince = ({ conditions }: ClusterNode): { readonly since: number | null } | null => {
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'Unknown' ? { since: ready.since } : null;
};

/** The static pods of one node: a static pod has one name there, so the last of several is the one that stands. */
function podsOf({ podsByNode, resources }: ClusterState, node: ClusterNode, roles: readonly Role[]) {
  const rows = new Map([...(podsByNode.get(node.name)?.values() ?? [])].flatMap(keyed));
  const lost = lostSince(node);
  return STATIC_PODS.filter(({ role }) => role === null || roles.includes(role)).map((pod): StaticPodStanding => {
    const row = rows.get(staticPodName(pod, node.name)) ?? null;
    const reading = seen(row, resources.pods, 'the pods are still being read');
    return {
      pod,
      node: node.name,
      row: reading.state === 'known' && lost !== null && lost.since !== null ? stale(row, lost.since) : reading,
      standing: standingOf(reading, lost !== null),
    };
  });
}

const keyed = (pod: PodRow): readonly (readonly [string, PodRow])[] =>
  pod.namespace === NAMESPACE && !pod.deleting ? [[pod.name, pod]] : [];

/** The nodes of the control plane by name, each with its static pods. */
export function controlPlaneNodes(state: ClusterState): Reading<readonly ControlPlaneNode[]> {
  const nodes = hostsOf(state).nodes.map(({ node, roles }): ControlPlaneNode => ({
    node: node.name,
    roles,
    pods: podsOf(state, node, roles),
  }));
  return seen(nodes, state.resources.nodes, 'the nodes are still being read');
}
