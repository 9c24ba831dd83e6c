import type { ClusterEvent, Unanswered } from '../../source/model/cluster-event.ts';
import type { EtcdFigures, EtcdMember, EtcdMembership } from '../../source/model/etcd/etcd.ts';
import type { Histogram } from '../../source/model/histogram.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod } from './made.ts';

/** A time in whose neighbourhood the tests happen, ms since the epoch. */
export const T = 1_795_000_000_000;
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

export const NODES = ['node-1', 'node-2', 'node-3'] as const;

/** Ids as etcd has them; the third has no room in a number. */
export const IDS = { 'node-1': 'a1', 'node-2': 'b2', 'node-3': 'b12c0c72d112e294' } as const;
export type NodeName = (typeof NODES)[number];

/** 99 samples up to the first bound and one up to the second, of which the 99th percentile is the first. */
export const histogram = (p99: number, times = 1): Histogram => ({
  bounds: [p99, p99 * 2, Infinity],
  counts: [99 * times, 100 * times, 100 * times],
});

/** What a follower tells that started a while ago. */
export const figures = (node: NodeName, given: Partial<EtcdFigures> = {}): EtcdFigures => ({
  id: IDS[node],
  version: '3.5.15',
  startedAt: T - 1_000 * MINUTE,
  hasLeader: true,
  isLeader: node === 'node-1',
  isLearner: false,
  dbSize: 400 * 2 ** 20,
  dbSizeInUse: 300 * 2 ** 20,
  quota: 2 * 2 ** 30,
  committed: 1_000,
  applied: 1_000,
  leaderChanges: 1,
  failedProposals: 0,
  pendingProposals: 0,
  slowApplies: 0,
  peerFailures: 0,
  defragmentations: 0,
  fsync: histogram(0.004),
  commit: histogram(0.008),
  roundTrips: {},
  requests: {},
  handling: {},
  ...given,
});

export const member = (node: NodeName, given: Partial<EtcdMember> = {}): EtcdMember => ({
  id: IDS[node],
  name: node,
  peerUrls: [`https://10.0.0.${node.at(-1)}:2380`],
  clientUrls: [`https://10.0.0.${node.at(-1)}:2379`],
  isLearner: false,
  ...given,
});

export const membership = (given: Partial<EtcdMembership> = {}): EtcdMembership => ({
  cluster: '57465ba4b3cc6075',
  members: NODES.map((node) => member(node)),
  alarms: [],
  leader: IDS['node-1'],
  ...given,
});

export const masterNode = (name: string, given: Partial<ClusterNode> = {}): ClusterNode =>
  makeNode({
    name,
    labels: { 'node-role.kubernetes.io/etcd': '', 'node-role.kubernetes.io/master': '' },
    addresses: [{ type: 'InternalIP', address: `10.0.0.${name.at(-1)}` }],
    ...given,
  });

export const etcdPod = (node: string) =>
  makePod({ uid: `etcd-${node}`, namespace: 'kube-system', name: `etcd-${node}`, node, mirror: true, owner: null });

export const listed = (resource: 'nodes' | 'pods', items: readonly unknown[]): readonly ClusterEvent[] => [
  { type: 'list-started', at: T, resource },
  { type: 'listed', at: T, resource, items } as ClusterEvent,
  { type: 'list-ended', at: T, resource },
  { type: 'status', at: T, resource, status: { state: 'live' } },
];

export const tellsFigures = (node: NodeName, at: number, given: Partial<EtcdFigures> = {}): ClusterEvent => ({
  type: 'answer',
  at,
  question: 'etcdFigures',
  answer: { node, source: 'pod proxy', figures: figures(node, given) },
});

export const tellsHealth = (node: string, at: number, reason: string | null = null): ClusterEvent => ({
  type: 'answer',
  at,
  question: 'etcdHealth',
  answer: { node, source: 'pod proxy', health: { healthy: reason === null, reason: reason ?? '' } },
});

export const tellsMembers = (at: number, given: Partial<EtcdMembership> = {}): ClusterEvent => ({
  type: 'answer',
  at,
  question: 'etcdMembership',
  answer: { source: 'etcdctl', membership: membership(given) },
});

export const LOST: Unanswered = { kind: 'lost', why: 'the connection was refused', right: null };
export const DENIED: Unanswered = { kind: 'denied', why: 'forbidden', right: 'get pods/proxy' };

/** Nobody answers: what a member is asked for its figures and for its health. */
export const silent = (about: string, at: number, failure = LOST): readonly ClusterEvent[] =>
  (['etcdFigures', 'etcdHealth'] as const).map((question) => ({ type: 'no-answer', at, question, about, failure }));

/** Three masters with their pods. */
export const GROUND: readonly ClusterEvent[] = [
  ...listed('nodes', [...NODES.map((name) => masterNode(name)), makeNode({ name: 'worker-1' })]),
  ...listed('pods', NODES.map(etcdPod)),
];

/** All three answer all that they are asked. */
export const allAnswer = (at: number): readonly ClusterEvent[] => [
  ...NODES.flatMap((node) => [tellsFigures(node, at), tellsHealth(node, at)]),
];

/** What happened, in its order. */
export type Happened = (ClusterEvent | readonly ClusterEvent[])[];

export const pictureOf = (...events: Happened) => createStore(events.flat()).state;
