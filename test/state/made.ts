import type { Workload } from '../../source/model/control-plane/control-plane.ts';
import type { EventRow } from '../../source/model/kubernetes/event.ts';
import type { NodeUsage } from '../../source/model/kubernetes/node-usage.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import { ANYWHERE, type NodeTerm } from '../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import {
  NO_PROVISIONER,
  type PersistentVolume,
  type StorageClass,
  type VolumeClaim,
} from '../../source/model/kubernetes/storage.ts';
import type { Volume } from '../../source/model/volume.ts';

/** A healthy node with 4 cores, 8 GiB and 110 pod slots, where nothing else is said. */
export const makeNode = (given: Partial<ClusterNode> & { readonly name: string }): ClusterNode => ({
  uid: `uid-of-${given.name}`,
  createdAt: 1_000,
  deleting: false,
  labels: { 'kubernetes.io/hostname': given.name },
  annotations: {},
  cordoned: false,
  taints: null,
  conditions: [
    { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status', since: 2_000 },
  ],
  addresses: [{ type: 'InternalIP', address: '10.1.0.11' }],
  capacity: { cpu: 4_000, memory: 8 * 2 ** 30, ephemeralStorage: 50 * 2 ** 30, pods: 110 },
  allocatable: { cpu: 3_800, memory: 7 * 2 ** 30, ephemeralStorage: 45 * 2 ** 30, pods: 110 },
  system: {
    kubelet: 'v1.29.8',
    containerRuntime: 'containerd://1.6.36',
    operatingSystem: 'Rocky Linux 8.10',
    kernel: '4.18.0',
    architecture: 'amd64',
  },
  ...given,
});

/** A running pod that requests 100m and 64 MiB, bound to no node where none is said. */
export const makePod = (given: Partial<PodRow> & { readonly uid: string }): PodRow => ({
  namespace: 'shop',
  name: `pod-${given.uid}`,
  node: null,
  phase: 'Running',
  status: 'Running',
  ready: { containers: 1, of: 1 },
  restarts: 0,
  createdAt: 3_000,
  deleting: false,
  mirror: false,
  owner: { kind: 'ReplicaSet', name: 'web' },
  requests: { cpu: 100, memory: 64 * 2 ** 20, ephemeralStorage: 0 },
  limits: { cpu: 200, memory: 128 * 2 ** 20, ephemeralStorage: 0 },
  unlimited: [],
  tolerations: [],
  placement: ANYWHERE,
  claims: [],
  ephemeralClaims: [],
  priority: 0,
  unscheduled: null,
  ...given,
});

export const makeEvent = (given: Partial<EventRow> & { readonly uid: string; readonly node: string }): EventRow => ({
  type: 'Normal',
  reason: 'NodeReady',
  message: `Node ${given.node} status is now: NodeReady`,
  source: 'kubelet',
  count: 1,
  at: 4_000,
  ...given,
});

/** Half a core and a gibibyte, measured just now. */
export const makeUsage = (given: Partial<NodeUsage> & { readonly uid: string }): NodeUsage => ({
  at: 4_000,
  cpu: 500,
  memory: 2 ** 30,
  ...given,
});

/** An available PersistentVolume of 10 GiB that every node reaches. */
export const makePersistentVolume = (
  given: Partial<PersistentVolume> & { readonly name: string },
): PersistentVolume => ({
  uid: `uid-of-${given.name}`,
  labels: {},
  storageClass: 'metalk8s',
  capacity: 10 * 2 ** 30,
  accessModes: ['ReadWriteOnce'],
  mode: 'Filesystem',
  phase: 'Available',
  claim: null,
  terms: null,
  deleting: false,
  ...given,
});

/** A claim of 10 GiB that waits for its pod. */
export const makeClaim = (given: Partial<VolumeClaim> & { readonly name: string }): VolumeClaim => ({
  uid: `uid-of-${given.name}`,
  namespace: 'shop',
  storageClass: 'metalk8s',
  request: 10 * 2 ** 30,
  accessModes: ['ReadWriteOnce'],
  mode: 'Filesystem',
  selector: null,
  phase: 'Pending',
  volume: null,
  deleting: false,
  ...given,
});

/** The class of MetalK8s: volumes are made by hand, and chosen with the node of the pod. */
export const makeStorageClass = (given: Partial<StorageClass> = {}): StorageClass => ({
  uid: 'uid-of-class',
  name: 'metalk8s',
  provisioner: NO_PROVISIONER,
  waitsForPod: true,
  topologies: null,
  ...given,
});

/** An available Volume of MetalK8s. */
export const makeVolume = (given: Partial<Volume> & { readonly name: string; readonly node: string }): Volume => ({
  uid: `uid-of-${given.name}`,
  storageClass: 'metalk8s',
  labels: {},
  size: 10 * 2 ** 30,
  phase: 'Available',
  message: '',
  deleting: false,
  ...given,
});

/** Terms by which only the node of a name is reached, as those of a local volume. */
export const onlyOn = (node: string): readonly NodeTerm[] => [
  { labels: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }], fields: [] },
];

/** A Deployment of the product that serves with both pods that it wants. */
export const makeWorkload = (given: Partial<Workload> & { readonly name: string }): Workload => ({
  uid: `uid-of-${given.name}`,
  kind: 'Deployment',
  namespace: 'kube-system',
  wanted: 2,
  serving: 2,
  createdAt: 1_000,
  ...given,
});
