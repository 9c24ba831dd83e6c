import type { ClusterEvent, Told } from '../../source/model/cluster-event.ts';
import type { EtcdFigures, EtcdMember } from '../../source/model/etcd/etcd.ts';
import type { Histogram } from '../../source/model/histogram.ts';
import { clusterEvents, NOON } from './made-cluster.ts';
import { STATIC_PODS, wellControlPlane } from './well-control-plane.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const MIB = 2 ** 20;

/** Samples of which 99 of 100 took about so many seconds. */
function histogram(seconds: number, count: number): Histogram {
  const bounds = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, Infinity];
  const counts = bounds.map((bound) => (bound >= seconds ? count : Math.floor(count * 0.5)));
  return { bounds, counts };
}

/** How a member of these tests does; what is not said is well. */
export type MadeMember = {
  readonly node: string;
  readonly id: string;
  readonly isLeader?: boolean;
  /** Seconds. */
  readonly fsync?: number;
  readonly dbSize?: number;
  readonly given?: Partial<EtcdFigures>;
  readonly health?: Told['etcdHealth']['health'];
  /** Since when it does not answer, ms since the epoch. */
  readonly lostSince?: number;
};

export const MEMBERS: readonly MadeMember[] = [
  { node: 'bootstrap', id: 'a1b2c3d4e5f60718', isLeader: true },
  { node: 'master-1', id: '8e9e05c52164694d' },
  { node: 'master-2', id: 'fd422379fda50e48' },
];

function figuresOf(
  { id, isLeader = false, fsync = 0.003, dbSize = 412 * MIB, given }: MadeMember,
  minute: number,
): EtcdFigures {
  const count = 1_000 * (minute + 1);
  return {
    id,
    version: '3.5.15',
    startedAt: NOON - 40 * DAY,
    hasLeader: true,
    isLeader,
    isLearner: false,
    dbSize: dbSize + minute * 10_000,
    dbSizeInUse: Math.floor(dbSize * 0.6),
    quota: 2048 * MIB,
    committed: 90_000 + minute,
    applied: 90_000 + minute,
    leaderChanges: 3,
    failedProposals: 0,
    pendingProposals: 0,
    slowApplies: 12,
    peerFailures: 0,
    defragmentations: 0,
    fsync: histogram(fsync, count),
    commit: histogram(fsync * 2, count),
    roundTrips: Object.fromEntries(
      MEMBERS.filter((peer) => peer.id !== id).map((peer) => [peer.id, histogram(0.0015, count)]),
    ),
    requests: { 'KV/Range': { all: 90_000 + minute, failed: 0 } },
    handling: {},
    ...given,
  };
}

const member = ({ node, id }: MadeMember, index: number): EtcdMember => ({
  id,
  name: node,
  peerUrls: [`https://10.1.0.${index + 11}:2380`],
  clientUrls: [`https://10.1.0.${index + 11}:2379`],
  isLearner: false,
});

const SAMPLES = Array.from({ length: 55 }, (_, index) => 54 - index);

/** What the members answered over the last hour. */
function answersOf(one: MadeMember): readonly ClusterEvent[] {
  const { node, lostSince = null, health = { healthy: true, reason: '' } } = one;
  const source = 'pod proxy' as const;
  const answers = SAMPLES.map((ago): number => NOON - ago * MINUTE)
    .filter((at) => lostSince === null || at < lostSince)
    .flatMap((at): readonly ClusterEvent[] => [
      {
        type: 'answer',
        at,
        question: 'etcdFigures',
        answer: { node, source, figures: figuresOf(one, 60 - (NOON - at) / MINUTE) },
      },
      { type: 'answer', at, question: 'etcdHealth', answer: { node, source, health } },
    ]);
  if (lostSince === null) return answers;
  const failure = { kind: 'lost', why: 'connect: connection refused', right: null } as const;
  return [
    ...answers,
    ...[lostSince, NOON].flatMap((at) =>
      (['etcdFigures', 'etcdHealth'] as const).map((question): ClusterEvent => ({
        type: 'no-answer',
        at,
        question,
        about: node,
        failure,
      })),
    ),
  ];
}

/** The cluster of these tests with what is told of etcd. */
export function etcdEvents(
  members: readonly MadeMember[] = MEMBERS,
  alarms: Told['etcdMembership']['membership']['alarms'] = [],
): readonly ClusterEvent[] {
  const leader = members.find(({ isLeader }) => isLeader === true)?.id ?? null;
  return [
    ...clusterEvents(),
    ...wellControlPlane(),
    ...members.flatMap(answersOf),
    {
      type: 'answer',
      at: NOON,
      question: 'etcdMembership',
      answer: {
        source: 'etcdctl',
        membership: { cluster: 'cdf818194e3a8c32', members: members.map(member), alarms, leader },
      },
    },
  ];
}

/** One member is silent, one has a slow disk, and one has much to give back and an alarm. */
export const troubledEtcd = (): readonly ClusterEvent[] => {
  const given = [
    { dbSize: 1_400 * MIB, given: { dbSizeInUse: 500 * MIB, failedProposals: 2 } },
    { fsync: 0.014 },
    { lostSince: NOON - 4 * MINUTE },
  ];
  return etcdEvents(
    MEMBERS.map((member, index) => ({ ...member, ...given[index] })),
    [{ member: 'a1b2c3d4e5f60718', kind: 'NOSPACE' }],
  );
};

/** What a cluster tells of its control plane; a scheduler of it starts again and again. */
export const controlPlaneEvents = (): readonly ClusterEvent[] => [
  ...etcdEvents(),
  {
    type: 'changed',
    at: NOON,
    resource: 'pods',
    items: STATIC_PODS.map((pod) =>
      pod.name === 'kube-scheduler-master-2'
        ? { ...pod, status: 'CrashLoopBackOff', ready: { containers: 0, of: 1 }, restarts: 7 }
        : pod,
    ),
  },
  {
    type: 'changed',
    at: NOON,
    resource: 'deployments',
    items: [
      {
        uid: 'coredns',
        kind: 'Deployment',
        namespace: 'kube-system',
        name: 'coredns',
        wanted: 2,
        serving: 1,
        createdAt: NOON - 40 * DAY,
      },
    ],
  },
  {
    type: 'status',
    at: NOON,
    resource: 'statefulSets',
    status: { state: 'denied', right: 'list statefulsets', why: 'forbidden' },
  },
  ...['10.1.0.11', '10.1.0.12'].map((address): ClusterEvent => {
    const checks = [
      { name: 'ping', ok: true },
      { name: 'etcd', ok: address.endsWith('11') },
    ];
    return {
      type: 'answer',
      at: NOON,
      question: 'apiServer',
      answer: {
        address: `https://${address}:6443`,
        live: { ok: true, checks: [{ name: 'ping', ok: true }], milliseconds: 4 },
        ready: { ok: address.endsWith('11'), checks, milliseconds: 11 },
      },
    };
  }),
  ...[NOON - 4 * MINUTE, NOON].map((at): ClusterEvent => ({
    type: 'no-answer',
    at,
    question: 'apiServer',
    about: 'https://10.1.0.13:6443',
    failure: { kind: 'lost', why: 'connect: no route to host', right: null },
  })),
  ...[
    ['API server', 'https://10.1.0.11:6443', 212],
    ['control-plane ingress', 'https://10.1.0.11:8443', 40],
    ['client of the kubeconfig', 'the kubeconfig', -2],
  ].map(([what = '', where = '', days]): ClusterEvent => ({
    type: 'answer',
    at: NOON,
    question: 'certificate',
    answer: {
      what: String(what),
      where: String(where),
      subject: 'CN=made',
      from: NOON - (365 - Number(days)) * DAY,
      until: NOON + Number(days) * DAY,
      distrust: null,
      unverified: null,
    },
  })),
  {
    type: 'answer',
    at: NOON,
    question: 'clientCertificates',
    answer: {
      where: 'https://10.1.0.11:6443',
      since: NOON - 2 * MINUTE,
      requests: 240,
      atLeast: (7 * DAY) / 1_000,
      below: (30 * DAY) / 1_000,
    },
  },
  {
    type: 'answer',
    at: NOON,
    question: 'backups',
    answer: [
      {
        job: 'backup-replication-master-1',
        node: 'master-1',
        startedAt: NOON - 6 * 60 * MINUTE,
        endedAt: NOON - 6 * 60 * MINUTE + 40_000,
        outcome: 'done',
      },
    ],
  },
];
