import type { Sight } from '../../../source/checks/verdict/sight.ts';
import { absent, known } from '../../../source/model/reading.ts';
import type { ClusterNode } from '../../../source/model/kubernetes/node.ts';
import type { ControlPlanePicture, LeaderStanding, CertificateStanding } from '../../../source/state/control-plane.ts';
import type { EtcdPicture } from '../../../source/state/etcd.ts';
import type { EtcdRow } from '../../../source/state/etcd-rows.ts';
import { createNodeTable } from '../../../source/state/node-table.ts';
import { createStore } from '../../../source/state/store.ts';
import { makeNode } from '../../state/made.ts';

export const NOW = Date.UTC(2026, 0, 31, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const WHOLE_HOUR = { state: 'known', value: 0 } as const;

/** A member that is well, of three: its id is its node's name. */
export const member = (node: string, given: Partial<EtcdRow> = {}): EtcdRow => ({
  key: node,
  id: node,
  name: node,
  node,
  clientUrls: [],
  role: 'follower',
  isListed: true,
  isVoter: true,
  version: known('3.5.15'),
  health: known({ healthy: true, reason: '' }),
  healthSince: null,
  roundTrip: known(0.001),
  fsyncP99: known(0.002),
  commitP99: known(0.004),
  dbSize: known(2 ** 28),
  dbSizeInUse: known(2 ** 27),
  quota: known(2 ** 31),
  fragmentation: known(0.5),
  lag: known(0),
  alarms: known([]),
  lastHour: {
    milliseconds: HOUR,
    leaderChanges: WHOLE_HOUR,
    failedProposals: WHOLE_HOUR,
    slowApplies: WHOLE_HOUR,
    peerFailures: WHOLE_HOUR,
  },
  history: { fsyncP99: [], commitP99: [] },
  figuresFrom: { last: { source: 'pod proxy', at: NOW }, failure: null },
  healthFrom: { last: { source: 'pod proxy', at: NOW }, failure: null },
  ...given,
});

/** A member that has not answered for four minutes. */
export const silent = (node: string): EtcdRow =>
  member(node, {
    health: { state: 'stale', value: { healthy: true, reason: '' }, since: NOW - 4 * MINUTE },
    healthSince: NOW - 4 * MINUTE,
    healthFrom: {
      last: { source: 'pod proxy', at: NOW - 4 * MINUTE },
      failure: { since: NOW - 4 * MINUTE, at: NOW, failure: { kind: 'lost', why: 'no answer', right: null } },
    } as EtcdRow['healthFrom'],
  });

/** etcd of some members, with the quorum that they have; counted here, not as the console does. */
export function etcdOf(members: readonly EtcdRow[], given: Partial<EtcdPicture> = {}): EtcdPicture {
  const voters = members.filter(({ isVoter }) => isVoter);
  const healthy = voters.filter(({ health }) => health.state === 'known' && health.value.healthy).length;
  const needed = Math.floor(voters.length / 2) + 1;
  return {
    cluster: known('cluster'),
    members,
    quorum: known({
      voters: voters.length,
      needed,
      healthy,
      canLose: Math.max(healthy - needed, 0),
      isKept: healthy >= needed,
      counted: 'members',
    }),
    leader: known(members[0]?.key ?? null),
    alarms: known([]),
    growth: absent('too few samples'),
    membershipFrom: { last: null, failure: null },
    ...given,
  };
}

const held = (name: string): LeaderStanding => ({
  name,
  lease: known(null),
  node: 'master-1',
  age: 2_000,
  standing: 'held',
});

export const certificate = (days: number, given: Partial<CertificateStanding> = {}): CertificateStanding => ({
  what: 'API server',
  where: 'https://10.1.0.11:6443',
  source: 'handshake',
  node: 'master-1',
  certificate: known({
    what: 'API server',
    where: 'https://10.1.0.11:6443',
    subject: 'CN=kube-apiserver',
    from: NOW + days * DAY - 365 * DAY,
    until: NOW + days * DAY,
    distrust: null,
    unverified: null,
  }),
  daysLeft: days,
  renewal: 'not-due',
  ...given,
});

export const controlPlaneOf = (given: Partial<ControlPlanePicture> = {}): ControlPlanePicture => ({
  nodes: known([]),
  services: [],
  leaders: [held('kube-scheduler'), held('kube-controller-manager')],
  apiServers: [],
  certificates: [certificate(300)],
  clients: absent('not asked yet'),
  unread: known([]),
  backup: known({
    newest: {
      job: 'backup-replication-master-1',
      node: 'master-1',
      startedAt: NOW - 6 * HOUR,
      endedAt: NOW - 6 * HOUR,
      outcome: 'done',
    },
    age: 6 * HOUR,
    copies: [],
  }),
  ...given,
});

const MASTER = { 'node-role.kubernetes.io/master': '', 'node-role.kubernetes.io/etcd': '' };

export const masterNode = (name: string, given: Partial<ClusterNode> = {}): ClusterNode =>
  makeNode({ name, labels: MASTER, ...given });

/** Conditions of a node whose kubelet has been silent for four minutes. */
export const LOST: ClusterNode['conditions'] = [
  { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: '', since: NOW - 4 * MINUTE },
];

export const NODES = [
  masterNode('master-1'),
  masterNode('master-2'),
  masterNode('master-3'),
  makeNode({ name: 'wrk-1' }),
];

/** A cluster in which all is well but what is given. */
export function sightOf({
  nodes = NODES,
  ...given
}: Partial<Omit<Sight, 'rows'>> & { readonly nodes?: readonly ClusterNode[] } = {}): Sight {
  const store = createStore([
    { type: 'changed', at: NOW, resource: 'nodes', items: nodes },
    { type: 'status', at: NOW, resource: 'nodes', status: { state: 'live' } },
    { type: 'latency', at: NOW, milliseconds: 8 },
  ]);
  return {
    state: store.state,
    rows: createNodeTable()(store.state).rows,
    etcd: etcdOf([member('master-1', { role: 'leader' }), member('master-2'), member('master-3')]),
    controlPlane: controlPlaneOf(),
    now: NOW,
    ...given,
  };
}
