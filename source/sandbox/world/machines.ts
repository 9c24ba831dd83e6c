import { roleLabel, type Role } from '../../product/roles.ts';
import { SSH_ANNOTATIONS, VERSION_LABEL, WORKLOAD_ADDRESS_ANNOTATION } from '../../product/keys.ts';
import { timestamp } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Condition, Node, NodeStatus } from '../wire.ts';

/** A machine of the site, before Kubernetes knows it. */
export type Machine = {
  name: string;
  roles: readonly Role[];
  /** Roles whose taint it carries. */
  taints: readonly Role[];
  cores: number;
  memoryKi: number;
  diskKi: number;
  rack: string;
  /** Its place on the site, from which its addresses follow. */
  index: number;
  /** In both planes, where it is not those that follow from its place. */
  address?: string;
};

export const PRODUCT_VERSION = '129.0.0';
const GIBIBYTE_KI = 1024 * 1024;

const inRange = (network: string, index: number): string => {
  const host = index + 11;
  return `${network}.${Math.floor(host / 256)}.${host % 256}`;
};

export const controlAddress = ({ index, address }: Machine): string => address ?? inRange('10.1', index);
const workloadAddress = ({ index, address }: Machine): string => address ?? inRange('10.2', index);

/** The range of a node's pods, without its last number: /24 each, from 10.233.0.0 on. */
export const podNetwork = (index: number): string => `10.${233 + Math.floor(index / 256)}.${index % 256}`;

/** What MetalK8s' kubelet configuration keeps for the system. */
const SYSTEM_RESERVED = { cores: 0.2, memoryKi: 200 * 1024 };
/** The kubelet keeps this much more free of memory and disk before it evicts; both are no longer allocatable. */
const EVICTION = { memoryKi: 100 * 1024, diskShare: 0.1 };

type Bracket = { upTo: number; share: number };

/** Shares of cores and of GiB that MetalK8s reserves for Kubernetes, bracket by bracket. */
const CORE_BRACKETS: readonly Bracket[] = [
  { upTo: 1, share: 0.06 },
  { upTo: 2, share: 0.01 },
  { upTo: 4, share: 0.005 },
  { upTo: Infinity, share: 0.0025 },
];
const MEMORY_BRACKETS: readonly Bracket[] = [
  { upTo: 4, share: 0.25 },
  { upTo: 8, share: 0.2 },
  { upTo: 16, share: 0.1 },
  { upTo: 128, share: 0.06 },
  { upTo: Infinity, share: 0.02 },
];

function bracketed(total: number, brackets: readonly Bracket[]): number {
  let from = 0;
  let sum = 0;
  for (const { upTo, share } of brackets) {
    sum += Math.max(0, Math.min(total, upTo) - from) * share;
    from = upTo;
  }
  return sum;
}

function resources({ cores, memoryKi, diskKi }: Machine): Pick<NodeStatus, 'capacity' | 'allocatable'> {
  // Whole millicores, or binary fractions would take one away.
  const reservedMillicores = Math.round((SYSTEM_RESERVED.cores + bracketed(cores, CORE_BRACKETS)) * 1000);
  const reservedKi =
    SYSTEM_RESERVED.memoryKi + EVICTION.memoryKi + bracketed(memoryKi / GIBIBYTE_KI, MEMORY_BRACKETS) * GIBIBYTE_KI;
  const huge = { 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' };
  return {
    capacity: { cpu: String(cores), 'ephemeral-storage': `${diskKi}Ki`, ...huge, memory: `${memoryKi}Ki`, pods: '110' },
    allocatable: {
      cpu: `${cores * 1000 - reservedMillicores}m`,
      'ephemeral-storage': String(Math.floor(diskKi * 1024 * (1 - EVICTION.diskShare))),
      ...huge,
      memory: `${Math.floor(memoryKi - reservedKi)}Ki`,
      pods: '110',
    },
  };
}

const HEALTHY: readonly [type: string, status: Condition['status'], reason: string, message: string][] = [
  ['NetworkUnavailable', 'False', 'CalicoIsUp', 'Calico is running on this node'],
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

export const IMAGE_REGISTRY = `metalk8s-registry-from-config.invalid/metalk8s-${PRODUCT_VERSION}`;

const IMAGES = [
  { names: [`${IMAGE_REGISTRY}/calico-node:v3.28.1`], sizeBytes: 117_873_426 },
  { names: [`${IMAGE_REGISTRY}/nginx-ingress-controller:v1.10.3`], sizeBytes: 101_204_821 },
  { names: [`${IMAGE_REGISTRY}/fluent-bit:3.1.7`], sizeBytes: 41_338_902 },
  { names: [`${IMAGE_REGISTRY}/kube-proxy:v1.29.8`], sizeBytes: 28_425_113 },
  { names: [`${IMAGE_REGISTRY}/node-exporter:v1.8.1`], sizeBytes: 11_525_867 },
  { names: [`${IMAGE_REGISTRY}/pause:3.9`], sizeBytes: 321_520 },
];

/** How long the site has been running when a sandbox starts. */
export const SITE_AGE = 41 * 86_400_000;

/** The Node that the kubelet of a machine keeps, healthy and in service since a while. */
export function nodeOf(machine: Machine, now: number, random: Random): Node {
  const { name, roles, taints, index, rack } = machine;
  const created = now - SITE_AGE + index * 180_000;
  const arch = { 'beta.kubernetes.io/arch': 'amd64', 'kubernetes.io/arch': 'amd64' };
  const os = { 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/os': 'linux' };
  const ssh: Record<string, string> = {
    host: controlAddress(machine),
    port: '22',
    user: 'metalk8s',
    'key-path': '/etc/metalk8s/pki/salt-bootstrap',
    sudo: 'true',
  };
  const sshAnnotations = Object.keys(SSH_ANNOTATIONS).map((key) => [key, ssh[key.split('/ssh-')[1] ?? ''] ?? '']);
  return {
    metadata: {
      name,
      uid: random.uuid(),
      resourceVersion: '',
      creationTimestamp: timestamp(created),
      labels: {
        ...arch,
        ...os,
        'kubernetes.io/hostname': name,
        [VERSION_LABEL]: PRODUCT_VERSION,
        ...Object.fromEntries(roles.map((role) => [roleLabel(role), ''])),
        'topology.kubernetes.io/region': 'default',
        'topology.kubernetes.io/zone': rack,
      },
      annotations: {
        ...(roles.includes('bootstrap')
          ? { 'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd/containerd.sock' }
          : (Object.fromEntries(sshAnnotations) as Record<string, string>)),
        'node.alpha.kubernetes.io/ttl': '0',
        [WORKLOAD_ADDRESS_ANNOTATION]: `${workloadAddress(machine)}/16`,
        'projectcalico.org/IPv4IPIPTunnelAddr': `${podNetwork(index)}.0`,
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: {
      podCIDR: `${podNetwork(index)}.0/24`,
      podCIDRs: [`${podNetwork(index)}.0/24`],
      ...(taints.length === 0
        ? {}
        : { taints: taints.map((role) => ({ key: roleLabel(role), effect: 'NoSchedule' as const })) }),
    },
    status: {
      ...resources(machine),
      conditions: HEALTHY.map(([type, status, reason, message]) => ({
        type,
        status,
        lastHeartbeatTime: timestamp(now),
        lastTransitionTime: timestamp(created + 90_000),
        reason,
        message,
      })),
      addresses: [
        { type: 'InternalIP', address: controlAddress(machine) },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: random.uuid().replaceAll('-', ''),
        systemUUID: random.uuid(),
        bootID: random.uuid(),
        kernelVersion: '4.18.0-553.16.1.el8_10.x86_64',
        osImage: 'Rocky Linux 8.10 (Green Obsidian)',
        containerRuntimeVersion: 'containerd://1.6.35',
        kubeletVersion: 'v1.29.8',
        kubeProxyVersion: 'v1.29.8',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
      images: IMAGES,
    },
  };
}
