// Pods in every shape that decides what is requested on a node: the product's own, and workloads of many kinds.
import type { Random } from '../../../source/sandbox/random.ts';
import type { PodState } from '../kubelet.ts';
import { podAddress, type SeededNode } from './nodes.ts';
import type { Container, Metadata, OwnerReference, PodObject, PodSpec, Resources } from '../wire.ts';
import { pick, resourcesOf } from './quantities.ts';

/** A pod to create and what becomes of it. */
export type SeededPod = {
  readonly manifest: PodObject;
  readonly state: PodState;
  /** Missing for pods that no node has taken. */
  readonly address?: string;
  /** Deleted after it has started, and not yet gone. */
  readonly terminating: boolean;
};

/** Adds to the requests of its pods what the runtime itself takes. */
export const SANDBOXED = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: 'sandboxed' },
  handler: 'sandboxed',
  overhead: { podFixed: { cpu: '130m', memory: '120Mi' } },
};

export const WORKLOAD_NAMESPACES = ['tenant-a', 'tenant-b', 'batch', 'default'];
export const PRODUCT_NAMESPACES = ['metalk8s-monitoring', 'metalk8s-logging', 'metalk8s-ingress'];

/** What the product itself runs on nodes: `on` a role, or on every node; static pods come back as mirror pods. */
type ProductPod = {
  readonly name: string;
  readonly namespace: string;
  readonly on?: string;
  readonly isStatic: boolean;
  readonly resources: Resources;
};
const asks = (cpu?: string, memory?: string, most?: string): Resources => ({
  ...((cpu ?? memory) !== undefined && { requests: { ...(cpu && { cpu }), ...(memory && { memory }) } }),
  ...(most !== undefined && { limits: { memory: most } }),
});
const staticPod = (name: string, on: string | undefined, resources: Resources): ProductPod => ({
  name,
  namespace: 'kube-system',
  ...(on !== undefined && { on }),
  isStatic: true,
  resources,
});
const PRODUCT_PODS: readonly ProductPod[] = [
  staticPod('etcd', 'etcd', asks('100m', '100Mi')),
  staticPod('kube-apiserver', 'master', asks('250m')),
  staticPod('kube-controller-manager', 'master', asks('200m')),
  staticPod('kube-scheduler', 'master', asks('100m')),
  staticPod('apiserver-proxy', undefined, asks('25m', '32M')),
  { name: 'calico-node', namespace: 'kube-system', isStatic: false, resources: asks('250m') },
  { name: 'kube-proxy', namespace: 'kube-system', isStatic: false, resources: {} },
  { name: 'node-exporter', namespace: 'metalk8s-monitoring', isStatic: false, resources: {} },
  { name: 'fluent-bit', namespace: 'metalk8s-logging', isStatic: false, resources: asks('100m', '200Mi', '1Gi') },
  { name: 'ingress-nginx', namespace: 'metalk8s-ingress', isStatic: false, resources: asks('100m', '90Mi') },
];

const IMAGE = 'registry.invalid/app:1';
const container = (name: string, resources: Resources): Container => ({ name, image: IMAGE, resources });
const owner = (kind: string, name: string, uid: string): OwnerReference => ({
  apiVersion: kind === 'Node' ? 'v1' : kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  name,
  uid,
  controller: true,
});

type Workload = {
  /** How often among a hundred or so. */
  readonly weight: number;
  readonly state: PodState;
  readonly terminating?: boolean;
  readonly spec?: (random: Random) => Partial<PodSpec>;
};

const someContainers = (random: Random, name: string, most: number): Container[] =>
  Array.from({ length: random.between(1, most) }, (_, index) => container(`${name}-${index}`, resourcesOf(random)));
const WORKLOADS: readonly Workload[] = [
  { weight: 40, state: 'running' },
  {
    weight: 10,
    state: 'running',
    spec: (random) => ({ initContainers: someContainers(random, 'prepare', 3) }),
  },
  {
    weight: 4,
    state: 'running',
    spec: () => ({ initContainers: [container('migrate', { requests: { cpu: '3', memory: '3Gi' } })] }),
  },
  {
    weight: 6,
    state: 'running',
    spec: (random) => ({
      runtimeClassName: SANDBOXED.metadata.name,
      initContainers: random.between(0, 1) === 0 ? [] : someContainers(random, 'prepare', 2),
    }),
  },
  // A sidecar as newer servers know it; an older one makes an ordinary init container of it.
  {
    weight: 4,
    state: 'running',
    spec: (random) => ({
      initContainers: [
        { ...container('proxy', { requests: { cpu: '150m', memory: '90Mi' } }), restartPolicy: 'Always' },
        container('prepare', resourcesOf(random)),
      ],
    }),
  },
  { weight: 4, state: 'running', terminating: true },
  { weight: 8, state: 'succeeded', spec: () => ({ restartPolicy: 'Never' }) },
  { weight: 4, state: 'failed', spec: () => ({ restartPolicy: 'Never' }) },
  { weight: 3, state: 'evicted' },
  { weight: 5, state: 'creating' },
  { weight: 3, state: 'lost' },
  { weight: 4, state: 'unschedulable' },
];
const DRAWS = WORKLOADS.flatMap((workload) => Array.from({ length: workload.weight }, () => workload));

const hasRole = (node: SeededNode, role: string): boolean =>
  `node-role.kubernetes.io/${role}` in (node.manifest.metadata.labels ?? {});

function productPod(random: Random, node: SeededNode, pod: ProductPod): PodObject {
  const metadata: Metadata = pod.isStatic
    ? {
        name: `${pod.name}-${node.name}`,
        annotations: Object.fromEntries(
          ['hash', 'mirror'].map((key) => [`kubernetes.io/config.${key}`, random.uuid().replaceAll('-', '')]),
        ),
        // The planting sets the uid, which only the server knows.
        ownerReferences: [owner('Node', node.name, '')],
      }
    : { name: `${pod.name}-${random.suffix(5)}`, ownerReferences: [owner('DaemonSet', pod.name, random.uuid())] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, namespace: pod.namespace, labels: { app: pod.name } },
    spec: {
      nodeName: node.name,
      hostNetwork: true,
      containers: [container(pod.name, pod.resources)],
      tolerations: [{ operator: 'Exists' }],
    },
  };
}

function workloadPod(random: Random, number: number, workload: Workload, node: SeededNode | null): PodObject {
  const app = `app-${random.between(1, 60)}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${random.suffix(9)}-${number}`,
      namespace: pick(random, WORKLOAD_NAMESPACES),
      labels: { app },
      ownerReferences: [owner(pick(random, ['ReplicaSet', 'StatefulSet', 'Job']), app, random.uuid())],
    },
    spec: {
      containers: someContainers(random, 'app', 3),
      ...workload.spec?.(random),
      ...(node !== null && { nodeName: node.name }),
    },
  };
}

/** Exactly `count` pods: first what the product runs on each registered node, then workloads on any of them. */
export function seedPods(random: Random, count: number, nodes: readonly SeededNode[]): SeededPod[] {
  const hosts = nodes.map((node, index) => ({ node, index, taken: 0 })).filter(({ node }) => node.status !== null);
  const place = (host: (typeof hosts)[number]): string => podAddress(host.index, (host.taken += 1));
  const product = hosts.flatMap((host) =>
    PRODUCT_PODS.filter((pod) => pod.on === undefined || hasRole(host.node, pod.on)).map((pod): SeededPod => ({
      manifest: productPod(random, host.node, pod),
      state: 'running',
      address: host.node.status?.addresses[0]?.address ?? place(host),
      terminating: false,
    })),
  );
  const workloads = Array.from({ length: Math.max(count - product.length, 0) }, (_, number): SeededPod => {
    const workload = pick(random, DRAWS);
    const host = workload.state === 'unschedulable' ? null : pick(random, hosts);
    return {
      manifest: workloadPod(random, number, workload, host?.node ?? null),
      state: workload.state,
      ...(host !== null && { address: place(host) }),
      terminating: workload.terminating ?? false,
    };
  });
  return [...product, ...workloads].slice(0, count);
}
