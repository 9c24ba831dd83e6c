import type { ClusterEvent, Items, Resource } from '../../source/model/cluster-event.ts';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import { makeClaim, makePersistentVolume, makePod, makeStorageClass, makeUsage, onlyOn } from '../state/made.ts';
import { clusterEvents, NODES, NOON } from './made-cluster.ts';

const MINUTE = 60_000;
const GIB = 2 ** 30;

const requests = (cpu: number, gib: number): PodRow['requests'] => ({ cpu, memory: gib * GIB, ephemeralStorage: 0 });

/** What a live resource of a cluster brings onto the screen. */
export const live = <R extends Resource>(resource: R, items: readonly Items[R][]): readonly ClusterEvent[] => [
  { type: 'list-started', at: NOON, resource },
  { type: 'listed', at: NOON, resource, items } as ClusterEvent,
  { type: 'list-ended', at: NOON, resource },
  { type: 'status', at: NOON, resource, status: { state: 'live' } },
];

const onWorker = (name: string, given: Partial<PodRow>): PodRow =>
  makePod({ uid: `worker-1-${name}`, name, node: 'worker-1', createdAt: NOON - 60 * MINUTE, ...given });

/** On worker-1: one of each fate that the loss of a node has for pods. */
const BOUND: readonly PodRow[] = [
  onWorker('agent', { owner: { kind: 'DaemonSet', name: 'agent' } }),
  onWorker('db-0', { owner: { kind: 'StatefulSet', name: 'db' }, claims: ['data-db-0'], requests: requests(500, 1) }),
  onWorker('debug', { owner: null }),
  onWorker('large', { requests: requests(1_000, 4) }),
  onWorker('web-1', { placement: { ...ANYWHERE, unmodelled: ['affinity between pods'] } }),
];

const waiting = (name: string, minutes: number, given: Partial<PodRow>): PodRow =>
  makePod({
    uid: `pending-${name}`,
    name,
    node: null,
    phase: 'Pending',
    status: 'Pending',
    createdAt: NOON - minutes * MINUTE,
    ...given,
  });

export const PENDING: readonly PodRow[] = [
  waiting('report', 12, {
    requests: requests(3_000, 2),
    unscheduled:
      '0/6 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable, 4 node(s) had untolerated taint(s). preemption: 0/6 nodes are available: 1 No preemption victims found for incoming pod, 5 Preemption is not helpful for scheduling.',
  }),
  waiting('store-0', 90, {
    owner: { kind: 'StatefulSet', name: 'store' },
    claims: ['data-store-0'],
    unscheduled: "0/6 nodes are available: 6 node(s) didn't find available persistent volumes to bind.",
  }),
  waiting('spread', 3, {
    requests: requests(5_000, 1),
    placement: { ...ANYWHERE, unmodelled: ['spread over topologies'] },
  }),
];

/** The cluster of the other screens with pods of every fate, pods that wait, volumes, and usage of all nodes but one. */
export const fullCluster = (site: readonly ClusterEvent[] = clusterEvents()): readonly ClusterEvent[] => [
  ...site,
  { type: 'changed', at: NOON, resource: 'pods', items: [...BOUND, ...PENDING] },
  ...live('storageClasses', [makeStorageClass({ name: 'metalk8s' })]),
  ...live('persistentVolumes', [
    makePersistentVolume({
      name: 'db-volume',
      phase: 'Bound',
      terms: onlyOn('worker-1'),
      claim: { namespace: 'shop', name: 'data-db-0', uid: 'uid-of-data-db-0' },
    }),
  ]),
  ...live('claims', [
    makeClaim({ name: 'data-db-0', phase: 'Bound', volume: 'db-volume' }),
    makeClaim({ name: 'data-store-0' }),
  ]),
  ...live('volumes', []),
  ...live(
    'usage',
    NODES.filter(({ name }) => name !== 'worker-3').map(({ name }, index) =>
      makeUsage({ uid: name, at: NOON - 20_000, cpu: 400 + 100 * index, memory: (1 + index) * GIB }),
    ),
  ),
];
