// Nodes as the distribution has them: roles as labels, the product's taints, annotations for its deployment, planes, and trouble.
import type { Random } from '../../../source/sandbox/random.ts';
import type { NodeCondition, NodeObject, NodeStatus, Taint } from '../wire.ts';
import { pick } from './quantities.ts';

/** A node to create, and what its kubelet and the node controller make of it afterwards. */
export type SeededNode = {
  readonly name: string;
  readonly manifest: NodeObject;
  /** All taints that the node ends up with; the server adds one of its own on creation, as long as nobody says Ready. */
  readonly taints: readonly Taint[];
  /** Null for a node that has been declared and has never registered. */
  readonly status: NodeStatus | null;
};

type Layout = { readonly roles: readonly string[]; readonly tainted: readonly string[] };

/** Roles and role taints of the first nodes; all others are workers of one of the kinds below. */
const CONTROL_PLANE: readonly Layout[] = [
  { roles: ['bootstrap', 'master', 'etcd', 'infra'], tainted: ['bootstrap', 'infra'] },
  { roles: ['master', 'etcd'], tainted: ['master', 'etcd'] },
  { roles: ['master', 'etcd', 'infra'], tainted: ['infra'] },
  { roles: ['etcd'], tainted: ['etcd'] },
  { roles: ['infra'], tainted: ['infra'] },
];
const WORKERS: readonly Layout[] = [
  { roles: ['node'], tainted: [] },
  { roles: ['node'], tainted: [] },
  { roles: [], tainted: [] },
  { roles: ['infra'], tainted: [] },
];

const OPERATOR_TAINTS: readonly (readonly Taint[])[] = [
  [],
  [],
  [],
  [],
  [{ key: 'dedicated', value: 'database', effect: 'NoSchedule' }],
  [
    { key: 'example.com/maintenance', effect: 'NoExecute' },
    { key: 'dedicated', value: 'batch', effect: 'PreferNoSchedule' },
  ],
];

const MACHINES = [
  { cpu: '4', memory: '8049876Ki', allocatable: { cpu: '3720m', memory: '5904Mi' }, disk: '52403200Ki' },
  { cpu: '8', memory: '16265528Ki', allocatable: { cpu: '7710m', memory: '13532000Ki' }, disk: '104845292Ki' },
  { cpu: '16', memory: '64Gi', allocatable: { cpu: '15690m', memory: '58.5Gi' }, disk: '214748364800' },
  { cpu: '64', memory: '263911112Ki', allocatable: { cpu: '63.57', memory: '254e9' }, disk: '1T' },
] as const;

export type Health = {
  readonly condition: Readonly<Record<string, 'True' | 'False' | 'Unknown'>>;
  readonly taints: readonly string[];
  readonly cordoned?: boolean;
};

export const WELL = {
  NetworkUnavailable: 'False',
  MemoryPressure: 'False',
  DiskPressure: 'False',
  PIDPressure: 'False',
  Ready: 'True',
} as const;
const UNKNOWN = 'Unknown';
/** Nine nodes of ten are well; each trouble comes about equally often among the rest. */
export const TROUBLES: readonly Health[] = [
  { condition: WELL, taints: ['unschedulable:NoSchedule'], cordoned: true },
  { condition: { ...WELL, Ready: 'False' }, taints: ['not-ready:NoSchedule', 'not-ready:NoExecute'] },
  {
    condition: { Ready: UNKNOWN, MemoryPressure: UNKNOWN, DiskPressure: UNKNOWN, PIDPressure: UNKNOWN },
    taints: ['unreachable:NoSchedule', 'unreachable:NoExecute'],
  },
  { condition: { ...WELL, DiskPressure: 'True' }, taints: ['disk-pressure:NoSchedule'] },
  { condition: { ...WELL, MemoryPressure: 'True' }, taints: ['memory-pressure:NoSchedule'] },
  { condition: { ...WELL, NetworkUnavailable: 'True' }, taints: ['network-unavailable:NoSchedule'] },
];

export const roleKey = (role: string) => `node-role.kubernetes.io/${role}`;
/** `not-ready:NoSchedule` as the taint that the node controller sets. */
export const conditionTaint = (text: string): Taint => {
  const [key = '', effect = ''] = text.split(':');
  return { key: `node.kubernetes.io/${key}`, effect };
};

/** The address of a node on a plane: the control plane lies in 198.18.0.0/20, the workload plane in 198.18.16.0/20. */
export const planeAddress = (plane: 'control' | 'workload', index: number): string =>
  `198.18.${(plane === 'control' ? 0 : 16) + Math.floor((index + 1) / 256)}.${(index + 1) % 256}`;

/** The address of the pod number `pod` of a node; 64 for each node, in 198.18.128.0/17. */
export const podAddress = (node: number, pod: number): string => {
  const at = (node % 512) * 64 + (pod % 64);
  return `198.18.${128 + Math.floor(at / 256)}.${at % 256}`;
};

const COUNTED_IN_MINUTES = 60 * 24 * 30;
const earlier = (now: Date, minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();

/** What a machine has, and what of it pods may take; in Kubernetes quantities by resource name. */
export type Machine = Pick<NodeStatus, 'capacity' | 'allocatable'>;

function machineOf(random: Random): Machine {
  const { cpu, memory, allocatable, disk } = pick(random, MACHINES);
  const other = {
    'ephemeral-storage': disk,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '1Gi',
    'example.com/accelerator': '4',
  };
  const pods = String(pick(random, [110, 250]));
  return { capacity: { cpu, memory, pods, ...other }, allocatable: { ...allocatable, pods, ...other } };
}

/** Where a node stands: its number gives it an address. */
export type Standing = { readonly now: Date; readonly index: number; readonly name: string };

/** What the kubelet of a machine reports, and the node controller in its place when it is lost. */
export function reportedStatus(
  random: Random,
  { now, index, name }: Standing,
  machine: Machine,
  health: Health,
): NodeStatus {
  const since = earlier(now, random.between(1, COUNTED_IN_MINUTES));
  return {
    ...machine,
    conditions: Object.entries(health.condition).map(([type, status]): NodeCondition => ({
      type,
      status,
      lastHeartbeatTime: status === UNKNOWN ? since : now.toISOString(),
      lastTransitionTime: since,
      reason: status === UNKNOWN ? 'NodeStatusUnknown' : `Kubelet${type}${status}`,
      message: status === UNKNOWN ? 'Kubelet stopped posting node status.' : `${type} is ${status}`,
    })),
    addresses: [
      { type: 'InternalIP', address: planeAddress('control', index) },
      { type: 'Hostname', address: name },
    ],
    nodeInfo: {
      machineID: random.uuid().replaceAll('-', ''),
      systemUUID: random.uuid(),
      bootID: random.uuid(),
      kernelVersion: '4.18.0-553.el8_10.x86_64',
      osImage: 'Rocky Linux 8.10 (Green Obsidian)',
      containerRuntimeVersion: 'containerd://1.6.36',
      kubeletVersion: 'v1.29.8',
      kubeProxyVersion: 'v1.29.8',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
  };
}

/** The nodes of a cluster: a control plane of five layouts, then workers; the last of twenty or more never registered. */
export function seedNodes(random: Random, count: number, now: Date): SeededNode[] {
  return Array.from({ length: count }, (_, index): SeededNode => {
    const layout = CONTROL_PLANE[index] ?? pick(random, WORKERS);
    const name = index === 0 ? 'bootstrap' : `${index < CONTROL_PLANE.length ? 'plane' : 'worker'}-${index}`;
    const health: Health =
      index > 0 && random.between(1, 10) === 1 ? pick(random, TROUBLES) : { condition: WELL, taints: [] };
    const registered = count < 20 || index < count - 1;
    const operator = index < CONTROL_PLANE.length ? [] : pick(random, OPERATOR_TAINTS);
    const productTaints = layout.tainted.map((role): Taint => ({ key: roleKey(role), effect: 'NoSchedule' }));
    const ssh = {
      'ssh-host': name,
      'ssh-port': '22',
      'ssh-user': 'root',
      'ssh-key-path': '/etc/metalk8s/pki/salt-bootstrap',
    };
    return {
      name,
      manifest: {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          labels: {
            'metalk8s.scality.com/version': '129.0.0',
            ...Object.fromEntries(layout.roles.map((role) => [roleKey(role), ''])),
            ...(registered && {
              'kubernetes.io/hostname': name,
              'kubernetes.io/os': 'linux',
              'kubernetes.io/arch': 'amd64',
              'topology.kubernetes.io/region': 'default',
              'topology.kubernetes.io/zone': 'default',
            }),
          },
          annotations: {
            ...Object.fromEntries(Object.entries(ssh).map(([key, value]) => [`metalk8s.scality.com/${key}`, value])),
            ...(registered && { 'projectcalico.org/IPv4Address': `${planeAddress('workload', index)}/20` }),
          },
        },
        spec: {
          podCIDR: `${podAddress(index, 0)}/26`,
          taints: [...productTaints, ...operator],
          ...(health.cordoned === true && { unschedulable: true }),
        },
      },
      taints: [
        ...productTaints,
        ...operator,
        ...(registered ? health.taints : ['not-ready:NoSchedule']).map(conditionTaint),
      ],
      status: registered ? reportedStatus(random, { now, index, name }, machineOf(random), health) : null,
    };
  });
}
