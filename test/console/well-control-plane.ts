import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import type { Workload } from '../../source/model/control-plane/control-plane.ts';
import { SERVICES } from '../../source/product/services.ts';
import { makePod } from '../state/made.ts';
import { live } from './full-cluster.ts';
import { NODES, NOON } from './made-cluster.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

const staticPod = (component: string, node: string) =>
  makePod({
    uid: `${component}-${node}`,
    namespace: 'kube-system',
    name: `${component}-${node}`,
    node,
    mirror: true,
    owner: { kind: 'Node', name: node },
    createdAt: NOON - 40 * DAY,
    requests: { cpu: 0, memory: 0, ephemeralStorage: 0 },
  });

const MASTERS = NODES.filter(({ labels }) => 'node-role.kubernetes.io/master' in labels).map(({ name }) => name);

/** Those of the product on the nodes of these tests. */
export const STATIC_PODS = [
  ...MASTERS.flatMap((node) =>
    ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'etcd'].map((component) =>
      staticPod(component, node),
    ),
  ),
  ...['repositories', 'salt-master'].map((component) => staticPod(component, 'bootstrap')),
  ...MASTERS.map((node) => staticPod('apiserver-proxy', node)),
];

/** A DaemonSet has one on each node. */
const PODS_OF: Readonly<Record<Workload['kind'], Pick<Workload, 'wanted' | 'serving'>>> = {
  Deployment: { wanted: 1, serving: 1 },
  DaemonSet: { wanted: NODES.length, serving: NODES.length },
  StatefulSet: { wanted: 1, serving: 1 },
};

const workloads = (kind: Workload['kind']): readonly Workload[] =>
  SERVICES.filter((service) => service.kind === kind).map(({ namespace, name }) => ({
    uid: name,
    kind,
    namespace,
    name,
    ...PODS_OF[kind],
    createdAt: NOON - 40 * DAY,
  }));

/** What a cluster tells of a control plane that is well, etcd left aside. */
export const wellControlPlane = (): readonly ClusterEvent[] => [
  { type: 'changed', at: NOON, resource: 'pods', items: STATIC_PODS },
  ...live('deployments', workloads('Deployment')),
  ...live('daemonSets', workloads('DaemonSet')),
  ...live('statefulSets', workloads('StatefulSet')),
  {
    type: 'answer',
    at: NOON,
    question: 'leases',
    answer: ['kube-scheduler', 'kube-controller-manager'].map((name) => ({
      name,
      holder: 'master-1_0b9d3c52-1f2e-4d21-a1a4-8f4c2a6d1b7e',
      renewedAt: NOON - 1_000,
      movedAt: NOON - 1_000,
      seconds: 15,
      transitions: 4,
    })),
  },
  {
    type: 'answer',
    at: NOON,
    question: 'certificate',
    answer: {
      what: 'API server',
      where: 'https://10.1.0.11:6443',
      subject: 'CN=made',
      from: NOON - 153 * DAY,
      until: NOON + 212 * DAY,
      distrust: null,
      unverified: null,
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
        startedAt: NOON - 360 * MINUTE,
        endedAt: NOON - 360 * MINUTE + 40_000,
        outcome: 'done',
      },
    ],
  },
];
