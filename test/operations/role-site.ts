import type { ResourceStatus } from '../../source/model/cluster-event.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import { changesOf } from '../../source/operations/edit.ts';
import { effectsOf } from '../../source/operations/effects.ts';
import type { NodeEdit, RoleTaints } from '../../source/operations/operation.ts';
import { ROLES, roleLabel, type Role } from '../../source/product/roles.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod } from '../state/made.ts';

const words = (text: string): Role[] => ROLES.filter((role) => text.split(' ').includes(role));
export const taint = (role: Role) => ({ key: roleLabel(role), value: '', effect: 'NoSchedule', timeAdded: null });
export const bears = (...roles: readonly Role[]) =>
  roles.map((role) => ({ key: roleLabel(role), operator: 'Exists', value: '', effect: 'NoSchedule', seconds: null }));

/** A large node with these roles and taints of roles. */
export const node = (name: string, roles: string, taints = '', given: Partial<ClusterNode> = {}): ClusterNode =>
  makeNode({
    name,
    labels: Object.fromEntries(words(roles).map((role) => [roleLabel(role), ''])),
    taints: taints === '' ? null : words(taints).map(taint),
    capacity: { cpu: 32_000, memory: 64e9, ephemeralStorage: 50e9, pods: 110 },
    ...given,
  });

export const pod = (
  name: string,
  role: Role,
  tolerations: PodRow['tolerations'],
  given: Partial<PodRow> = {},
): PodRow =>
  makePod({
    uid: name,
    name,
    namespace: 'product',
    node: 'm-1',
    tolerations,
    placement: { ...ANYWHERE, selector: { [roleLabel(role)]: '' } },
    ...given,
  });

export const edit = (text: string, taints: RoleTaints = { mode: 'proposed' }): NodeEdit => {
  const signed = (sign: string) => ROLES.filter((role) => text.split(' ').includes(sign + role));
  return { kind: 'role', add: signed('+'), remove: signed('-'), taints };
};
export const KEPT: RoleTaints = { mode: 'kept' };

export type Given = { nodes: readonly ClusterNode[]; pods?: readonly PodRow[]; seen?: ResourceStatus };

/** What an edit of the named nodes will do, each effect as severity and sentence. */
export function told({ nodes, pods = [], seen = { state: 'live' } }: Given, names: string, asked: NodeEdit): string[] {
  const store = createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: nodes },
    { type: 'changed', at: 1, resource: 'pods', items: pods },
    { type: 'status', at: 1, resource: 'pods', status: seen },
    ...(['claims', 'persistentVolumes', 'storageClasses'] as const).map(
      (resource) => ({ type: 'status', at: 1, resource, status: { state: 'live' } }) as const,
    ),
  ]);
  const steps = nodes
    .filter(({ name }) => names.split(' ').includes(name))
    .map((one) => ({ node: one.name, changes: changesOf(one, asked) }));
  return effectsOf(store.state, steps).map(({ severity, sentence }) => `${severity}: ${sentence}`);
}

/** Three masters, two of them with infra, and a worker: enough that nothing is the last. */
export const SITE = [
  node('m-1', 'bootstrap master etcd', 'bootstrap'),
  node('m-2', 'master etcd infra', 'infra'),
  node('m-3', 'master etcd infra', 'infra'),
  node('w-1', 'node'),
  node('w-2', 'node'),
];
