import { roleLabel, type Role } from '../../product/roles.ts';
import type { Toleration } from '../wire.ts';
import { IMAGE_REGISTRY } from './machines.ts';

export type ContainerTemplate = {
  name: string;
  image: string;
  requests?: Record<string, string>;
  limits?: Record<string, string>;
  hostPorts?: readonly number[];
};

/** What runs on the site: one row a workload, from which its pods and their owners are made. */
export type Workload = {
  kind: 'Static' | 'DaemonSet' | 'Deployment' | 'StatefulSet' | 'CronJob';
  namespace: string;
  name: string;
  /** Pods of a Deployment or StatefulSet. */
  replicas?: number;
  /** Of a static pod: nodes that have this role; on every node when there is none. */
  role?: Role;
  nodeSelector?: Record<string, string>;
  tolerations?: readonly Toleration[];
  labels?: Record<string, string>;
  init?: readonly ContainerTemplate[];
  containers: readonly ContainerTemplate[];
  hostNetwork?: boolean;
  priorityClass?: 'system-node-critical' | 'system-cluster-critical';
  /** An application that is rolled out anew now and then. */
  rolls?: boolean;
  /** Of a CronJob: seconds between runs, and how long one takes. */
  every?: number;
  takes?: number;
};

const product = (name: string, version: string): string => `${IMAGE_REGISTRY}/${name}:${version}`;

const tolerates = (...roles: Role[]): Toleration[] =>
  roles.map((role) => ({ key: roleLabel(role), operator: 'Exists', effect: 'NoSchedule' }));
const toleratesAll: Toleration[] = [
  { operator: 'Exists', effect: 'NoSchedule' },
  { operator: 'Exists', effect: 'NoExecute' },
];
const onRole = (role: Role): Record<string, string> => ({ [roleLabel(role)]: '' });
const onLinux = { 'kubernetes.io/os': 'linux' };
const infra = { nodeSelector: onRole('infra'), tolerations: tolerates('bootstrap', 'infra') };

const staticPod = (
  name: string,
  role: Role | null,
  containers: readonly ContainerTemplate[],
  labels: Record<string, string> = {},
): Workload => ({
  kind: 'Static',
  namespace: 'kube-system',
  name,
  ...(role === null ? {} : { role }),
  labels,
  containers,
  hostNetwork: true,
  priorityClass: 'system-node-critical',
  tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
});

const controlPlane = (component: string): Record<string, string> => ({ component, tier: 'control-plane' });
const monitoring = (name: string): Record<string, string> => ({ 'app.kubernetes.io/name': name });

/** What MetalK8s 129 itself runs, with the requests and limits that it sets (static pods, addons, charts). */
export const PRODUCT_WORKLOADS: readonly Workload[] = [
  staticPod(
    'etcd',
    'etcd',
    [{ name: 'etcd', image: product('etcd', '3.5.15-0'), requests: { cpu: '100m', memory: '100Mi' } }],
    controlPlane('etcd'),
  ),
  staticPod(
    'kube-apiserver',
    'master',
    [{ name: 'kube-apiserver', image: product('kube-apiserver', 'v1.29.8'), requests: { cpu: '250m' } }],
    controlPlane('kube-apiserver'),
  ),
  staticPod(
    'kube-controller-manager',
    'master',
    [
      {
        name: 'kube-controller-manager',
        image: product('kube-controller-manager', 'v1.29.8'),
        requests: { cpu: '200m' },
      },
    ],
    controlPlane('kube-controller-manager'),
  ),
  staticPod(
    'kube-scheduler',
    'master',
    [{ name: 'kube-scheduler', image: product('kube-scheduler', 'v1.29.8'), requests: { cpu: '100m' } }],
    controlPlane('kube-scheduler'),
  ),
  staticPod('apiserver-proxy', null, [
    { name: 'apiserver-proxy', image: product('nginx', '1.27.0-alpine'), requests: { cpu: '25m', memory: '32M' } },
  ]),
  staticPod('repositories', 'bootstrap', [{ name: 'repositories', image: product('nginx', '1.27.0-alpine') }]),
  staticPod(
    'salt-master',
    'bootstrap',
    [
      { name: 'salt-master', image: product('salt-master', '3002.9') },
      { name: 'salt-api', image: product('salt-master', '3002.9') },
    ],
    { app: 'salt-master', 'app.kubernetes.io/name': 'salt-master', 'app.kubernetes.io/component': 'salt' },
  ),
  {
    kind: 'DaemonSet',
    namespace: 'kube-system',
    name: 'calico-node',
    labels: { 'k8s-app': 'calico-node' },
    nodeSelector: onLinux,
    tolerations: toleratesAll,
    hostNetwork: true,
    priorityClass: 'system-node-critical',
    init: [
      { name: 'upgrade-ipam', image: product('calico-cni', 'v3.28.1') },
      { name: 'install-cni', image: product('calico-cni', 'v3.28.1') },
    ],
    containers: [{ name: 'calico-node', image: product('calico-node', 'v3.28.1'), requests: { cpu: '250m' } }],
  },
  {
    kind: 'DaemonSet',
    namespace: 'kube-system',
    name: 'kube-proxy',
    labels: { 'k8s-app': 'kube-proxy' },
    nodeSelector: onLinux,
    tolerations: [{ operator: 'Exists' }],
    hostNetwork: true,
    priorityClass: 'system-node-critical',
    containers: [{ name: 'kube-proxy', image: product('kube-proxy', 'v1.29.8') }],
  },
  {
    kind: 'DaemonSet',
    namespace: 'metalk8s-monitoring',
    name: 'prometheus-operator-prometheus-node-exporter',
    labels: monitoring('prometheus-node-exporter'),
    tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
    hostNetwork: true,
    containers: [{ name: 'node-exporter', image: product('node-exporter', 'v1.8.1') }],
  },
  {
    kind: 'DaemonSet',
    namespace: 'metalk8s-ingress',
    name: 'ingress-nginx-controller',
    labels: monitoring('ingress-nginx'),
    nodeSelector: onLinux,
    tolerations: tolerates('bootstrap', 'infra'),
    containers: [
      {
        name: 'controller',
        image: product('nginx-ingress-controller', 'v1.10.3'),
        requests: { cpu: '100m', memory: '90Mi' },
        hostPorts: [80, 443],
      },
    ],
  },
  {
    kind: 'DaemonSet',
    namespace: 'metalk8s-ingress',
    name: 'ingress-nginx-control-plane-controller',
    labels: monitoring('ingress-nginx'),
    nodeSelector: { ...onLinux, ...onRole('master') },
    tolerations: tolerates('bootstrap', 'master', 'infra'),
    containers: [
      {
        name: 'controller',
        image: product('nginx-ingress-controller', 'v1.10.3'),
        requests: { cpu: '100m', memory: '90Mi' },
      },
    ],
  },
  {
    kind: 'DaemonSet',
    namespace: 'metalk8s-logging',
    name: 'fluent-bit',
    labels: monitoring('fluent-bit'),
    tolerations: tolerates('bootstrap', 'etcd', 'infra', 'master'),
    containers: [
      {
        name: 'fluent-bit',
        image: product('fluent-bit', '3.1.7'),
        requests: { cpu: '100m', memory: '200Mi' },
        limits: { memory: '1Gi' },
      },
    ],
  },
  {
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'calico-kube-controllers',
    replicas: 1,
    labels: { 'k8s-app': 'calico-kube-controllers' },
    nodeSelector: { ...onLinux, ...onRole('master') },
    tolerations: tolerates('bootstrap', 'master', 'infra'),
    priorityClass: 'system-cluster-critical',
    containers: [{ name: 'calico-kube-controllers', image: product('calico-kube-controllers', 'v3.28.1') }],
  },
  {
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'coredns',
    replicas: 2,
    labels: { 'k8s-app': 'kube-dns' },
    ...infra,
    priorityClass: 'system-cluster-critical',
    containers: [
      {
        name: 'coredns',
        image: product('coredns', 'v1.11.1'),
        requests: { cpu: '100m', memory: '70Mi' },
        limits: { memory: '170Mi' },
      },
    ],
  },
  ...['storage-operator', 'metalk8s-operator'].map((operator): Workload => ({
    kind: 'Deployment',
    namespace: 'kube-system',
    name: `${operator}-controller-manager`,
    replicas: 1,
    labels: { 'control-plane': 'controller-manager', 'app.kubernetes.io/name': operator },
    tolerations: tolerates('bootstrap', 'infra', 'master'),
    containers: [
      {
        name: 'manager',
        image: product(operator, '129.0.0'),
        requests: { cpu: '10m', memory: '64Mi' },
        limits: { cpu: '500m', memory: '128Mi' },
      },
    ],
  })),
  ...['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook'].map((name): Workload => ({
    kind: 'Deployment',
    namespace: 'metalk8s-certs',
    name,
    replicas: 1,
    labels: { 'app.kubernetes.io/name': name },
    nodeSelector: { ...onLinux, ...onRole('master') },
    tolerations: tolerates('bootstrap', 'infra'),
    containers: [{ name, image: product(name === 'cert-manager' ? 'cert-manager-controller' : name, 'v1.15.3') }],
  })),
  {
    kind: 'Deployment',
    namespace: 'metalk8s-auth',
    name: 'dex',
    replicas: 2,
    labels: monitoring('dex'),
    ...infra,
    containers: [{ name: 'dex', image: product('dex', 'v2.40.0') }],
  },
  {
    kind: 'Deployment',
    namespace: 'metalk8s-ui',
    name: 'metalk8s-ui',
    replicas: 2,
    labels: { app: 'metalk8s-ui' },
    ...infra,
    containers: [
      {
        name: 'metalk8s-ui',
        image: product('metalk8s-ui', '129.0.0'),
        requests: { cpu: '100m', memory: '70Mi' },
        limits: { memory: '170Mi' },
      },
    ],
  },
  ...(
    [
      ['prometheus-adapter', 'prometheus-adapter', 'v0.11.2', 'prometheus-adapter'],
      ['prometheus-operator-grafana', 'grafana', '11.1.0', 'grafana'],
      ['prometheus-operator-kube-state-metrics', 'kube-state-metrics', 'v2.12.0', 'kube-state-metrics'],
      ['prometheus-operator-operator', 'prometheus-operator', 'v0.75.0', 'prometheus-operator-operator'],
      ['thanos-query', 'thanos', 'v0.35.1', 'thanos-query'],
      ['metalk8s-alert-logger', 'metalk8s-alert-logger', '129.0.0', 'metalk8s-alert-logger'],
    ] as const
  ).map(([name, image, version, label]): Workload => ({
    kind: 'Deployment',
    namespace: 'metalk8s-monitoring',
    name,
    replicas: 1,
    labels: monitoring(label),
    ...infra,
    containers: [{ name: image, image: product(image, version) }],
  })),
  {
    kind: 'StatefulSet',
    namespace: 'metalk8s-monitoring',
    name: 'prometheus-prometheus-operator-prometheus',
    replicas: 1,
    labels: { ...monitoring('prometheus'), prometheus: 'prometheus-operator-prometheus' },
    ...infra,
    containers: [
      { name: 'prometheus', image: product('prometheus', 'v2.53.0') },
      { name: 'config-reloader', image: product('prometheus-config-reloader', 'v0.75.0') },
      { name: 'thanos-sidecar', image: product('thanos', 'v0.35.1') },
    ],
  },
  {
    kind: 'StatefulSet',
    namespace: 'metalk8s-monitoring',
    name: 'alertmanager-prometheus-operator-alertmanager',
    replicas: 1,
    labels: { ...monitoring('alertmanager'), alertmanager: 'prometheus-operator-alertmanager' },
    ...infra,
    containers: [
      { name: 'alertmanager', image: product('alertmanager', 'v0.27.0') },
      { name: 'config-reloader', image: product('prometheus-config-reloader', 'v0.75.0') },
    ],
  },
  {
    kind: 'StatefulSet',
    namespace: 'metalk8s-logging',
    name: 'loki',
    replicas: 1,
    labels: monitoring('loki'),
    // Its volume lies on an infra node, which is what holds it there; it has no selector of its own.
    nodeSelector: onRole('infra'),
    tolerations: tolerates('bootstrap', 'infra'),
    containers: [{ name: 'loki', image: product('loki', '2.9.6'), requests: { memory: '256Mi' } }],
  },
];

const application = (
  namespace: string,
  name: string,
  replicas: number,
  requests: Record<string, string>,
  limits: Record<string, string> | null,
  extra: Partial<Workload> = {},
): Workload => ({
  kind: 'Deployment',
  namespace,
  name,
  replicas,
  labels: { app: name },
  containers: [
    { name, image: `registry.example.com/${namespace}/${name}:2.4.1`, requests, ...(limits ? { limits } : {}) },
  ],
  ...extra,
});

/** What the users of the site run on its workload nodes. */
export const APPLICATION_WORKLOADS: readonly Workload[] = [
  application('shop', 'frontend', 6, { cpu: '250m', memory: '256Mi' }, { cpu: '1', memory: '512Mi' }, { rolls: true }),
  application('shop', 'cart', 4, { cpu: '500m', memory: '512Mi' }, { memory: '1Gi' }, { rolls: true }),
  application('shop', 'checkout', 3, { cpu: '500m', memory: '1Gi' }, { memory: '1Gi' }),
  application('shop', 'redis', 3, { cpu: '200m', memory: '2Gi' }, { memory: '2Gi' }, { kind: 'StatefulSet' }),
  application('archive', 'object-store', 3, { cpu: '2', memory: '8Gi' }, { memory: '12Gi' }, { kind: 'StatefulSet' }),
  application('archive', 'indexer', 2, { cpu: '1', memory: '4Gi' }, { memory: '6Gi' }),
  application('reporting', 'api', 2, { cpu: '100m', memory: '128Mi' }, null),
  {
    ...application('reporting', 'hourly-report', 1, { cpu: '500m', memory: '256Mi' }, null),
    kind: 'CronJob',
    every: 180,
    takes: 45,
  },
  {
    ...application('shop', 'cleanup', 1, { cpu: '100m', memory: '64Mi' }, null),
    kind: 'CronJob',
    every: 60,
    takes: 15,
  },
];

/** Small applications that fill the site up to so many more pods, spread over namespaces of a thousand each. */
export function fillers(pods: number): Workload[] {
  const REPLICAS = 50;
  const workloads = Math.ceil(pods / REPLICAS);
  return Array.from({ length: workloads }, (_, index) => {
    const last = index === workloads - 1;
    const requests = { cpu: `${50 + (index % 4) * 25}m`, memory: `${64 * (1 + (index % 3))}Mi` };
    const namespace = `tenant-${String(Math.floor(index / 20)).padStart(3, '0')}`;
    const name = `service-${String(index % 20).padStart(2, '0')}`;
    return application(namespace, name, last ? pods - REPLICAS * index : REPLICAS, requests, { memory: '512Mi' });
  });
}
