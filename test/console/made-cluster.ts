import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import type { ClusterNode, Taint } from '../../source/model/kubernetes/node.ts';
import { makeEvent, makeNode, makePod } from '../state/made.ts';

/** The moment at which these tests look at the cluster. */
export const NOON = Date.UTC(2026, 0, 31, 12, 0, 0);
const DAY = 86_400_000;
const GIB = 2 ** 30;

const roleTaint = (role: string): Taint => ({
  key: `node-role.kubernetes.io/${role}`,
  value: '',
  effect: 'NoSchedule',
  timeAdded: null,
});

const node = (name: string, number: number, roles: readonly string[], given: Partial<ClusterNode> = {}): ClusterNode =>
  makeNode({
    name,
    createdAt: NOON - 40 * DAY,
    labels: {
      'kubernetes.io/hostname': name,
      'metalk8s.scality.com/version': '129.0.0',
      'topology.kubernetes.io/zone': 'rack-1',
      ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
    },
    annotations: { 'projectcalico.org/IPv4Address': `10.2.0.${number}/16`, 'metalk8s.scality.com/ssh-user': 'root' },
    addresses: [
      { type: 'InternalIP', address: `10.1.0.${number}` },
      { type: 'Hostname', address: name },
    ],
    conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure']
      .map((type) => ({ type, status: 'False', reason: `KubeletHasNo${type}`, message: '', since: NOON - 40 * DAY }))
      .concat({
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
        since: NOON - 40 * DAY,
      }),
    ...given,
  });

/** The guide's standard architecture, with one node lost and one cordoned. */
export const NODES: readonly ClusterNode[] = [
  node('bootstrap', 11, ['bootstrap', 'master', 'etcd'], { taints: [roleTaint('bootstrap')] }),
  node('master-1', 12, ['master', 'etcd', 'infra'], { taints: [roleTaint('infra')] }),
  node('master-2', 13, ['master', 'etcd', 'infra'], { taints: [roleTaint('infra')] }),
  node('worker-1', 21, ['node']),
  node('worker-2', 22, ['node'], {
    cordoned: true,
    taints: [{ key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule', timeAdded: null }],
  }),
  node('worker-3', 23, ['node'], {
    conditions: [
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        since: NOON - 250_000,
      },
    ],
    taints: [{ key: 'node.kubernetes.io/unreachable', value: '', effect: 'NoExecute', timeAdded: null }],
  }),
];

const PODS = NODES.flatMap(({ name }, index) =>
  Array.from({ length: 3 + index }, (_, number) =>
    makePod({
      uid: `${name}-${number}`,
      name: `app-${number}`,
      node: name,
      createdAt: NOON - DAY,
      requests: { cpu: 250, memory: GIB / 2, ephemeralStorage: 0 },
    }),
  ),
);

/** The events that bring a whole cluster onto the screen. */
export const clusterEvents = (nodes: readonly ClusterNode[] = NODES): readonly ClusterEvent[] => [
  {
    type: 'server',
    at: NOON,
    facts: {
      cluster: 'prod-dc1',
      context: 'admin@prod',
      user: 'admin',
      kubernetesVersion: 'v1.29.8',
      metalk8sVersion: '129.0.0',
      door: { address: 'https://10.1.0.11:6443', first: true },
    },
  },
  { type: 'rights', at: NOON, rights: { patchNodes: true } },
  { type: 'latency', at: NOON, milliseconds: 8 },
  ...(
    [
      ['nodes', nodes],
      ['pods', PODS],
      ['events', [makeEvent({ uid: 'e1', node: 'bootstrap', at: NOON - 60_000 })]],
    ] as const
  ).flatMap(([resource, items]): ClusterEvent[] => [
    { type: 'list-started', at: NOON, resource },
    { type: 'listed', at: NOON, resource, items } as ClusterEvent,
    { type: 'list-ended', at: NOON, resource },
    { type: 'status', at: NOON, resource, status: { state: 'live' } },
  ]),
];
