import type { Role } from '../../../product/roles.ts';
import { named, onLinux, onRole, product, tolerates, toleratesAll } from './product.ts';
import type { ContainerTemplate, Workload } from './workload.ts';

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

/** What MetalK8s 129 runs on its nodes, with the requests and limits that it sets: static pods and DaemonSets. */
export const NODE_WORKLOADS: readonly Workload[] = [
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
    labels: named('prometheus-node-exporter'),
    tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
    hostNetwork: true,
    containers: [{ name: 'node-exporter', image: product('node-exporter', 'v1.8.1') }],
  },
  {
    kind: 'DaemonSet',
    namespace: 'metalk8s-ingress',
    name: 'ingress-nginx-controller',
    labels: named('ingress-nginx'),
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
    labels: named('ingress-nginx'),
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
    labels: named('fluent-bit'),
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
];
