import type { Workload } from '../model/control-plane/control-plane.ts';
import type { Role } from './roles.ts';

/** A static pod that the product brings to each node of a role; a null role is every node. */
export type StaticPod = { readonly component: string; readonly title: string; readonly role: Role | null };

/** MetalK8s: sanity checks, "Static Pods"; all of them are in kube-system. */
export const STATIC_PODS: readonly StaticPod[] = [
  { component: 'kube-apiserver', title: 'API server', role: 'master' },
  { component: 'kube-scheduler', title: 'scheduler', role: 'master' },
  { component: 'kube-controller-manager', title: 'controller manager', role: 'master' },
  { component: 'etcd', title: 'etcd', role: 'etcd' },
  { component: 'repositories', title: 'registry', role: 'bootstrap' },
  { component: 'salt-master', title: 'Salt master', role: 'bootstrap' },
  { component: 'apiserver-proxy', title: 'API server proxy', role: null },
];

/** The kubelet names a static pod by its manifest and the node (Kubernetes: "Create static Pods"). */
export const staticPodName = ({ component }: Pick<StaticPod, 'component'>, node: string): string =>
  `${component}-${node}`;

/** The Leases in kube-system by which those who stand by agree on a leader (Kubernetes: "Leases"). */
export const LEADER_LEASES = ['kube-scheduler', 'kube-controller-manager'] as const;

/** What a service is part of, for who groups or judges them. */
export type ServiceGroup =
  'network' | 'names' | 'operators' | 'ingress' | 'certificates' | 'access' | 'monitoring' | 'logging';

/** A workload that the product deploys; `only` says where it is there at all, null for everywhere. */
export type Service = Pick<Workload, 'kind' | 'namespace' | 'name'> & {
  readonly title: string;
  readonly group: ServiceGroup;
  readonly only: string | null;
};

const DEX = 'where Dex is enabled';
const LOGGING = 'where logging is enabled';

type Row = readonly [name: string, title: string, group: ServiceGroup, only?: string];

const rows = (kind: Workload['kind'], namespace: string, ...services: readonly Row[]): readonly Service[] =>
  services.map(([name, title, group, only = null]) => ({ kind, namespace, name, title, group, only }));

/** MetalK8s: sanity checks, "Deployments", "DaemonSets" and "StatefulSets". The latter need their volumes. */
export const SERVICES: readonly Service[] = [
  ...rows('Deployment', 'kube-system', ['coredns', 'CoreDNS', 'names']),
  ...rows('DaemonSet', 'kube-system', ['calico-node', 'Calico', 'network'], ['kube-proxy', 'kube-proxy', 'network']),
  ...rows(
    'Deployment',
    'kube-system',
    ['calico-kube-controllers', 'Calico controllers', 'network'],
    ['metalk8s-operator-controller-manager', 'MetalK8s operator', 'operators'],
    ['storage-operator-controller-manager', 'storage operator', 'operators'],
  ),
  ...rows(
    'DaemonSet',
    'metalk8s-ingress',
    ['ingress-nginx-control-plane-controller', 'control-plane ingress', 'ingress'],
    ['ingress-nginx-controller', 'workload ingress', 'ingress'],
  ),
  ...rows(
    'Deployment',
    'metalk8s-certs',
    ['cert-manager', 'cert-manager', 'certificates'],
    ['cert-manager-cainjector', 'cert-manager CA injector', 'certificates'],
    ['cert-manager-webhook', 'cert-manager webhook', 'certificates'],
  ),
  ...rows('Deployment', 'metalk8s-auth', ['dex', 'Dex', 'access', DEX]),
  ...rows('Deployment', 'metalk8s-ui', ['metalk8s-ui', 'web UI', 'access']),
  ...rows(
    'StatefulSet',
    'metalk8s-monitoring',
    ['prometheus-prometheus-operator-prometheus', 'Prometheus', 'monitoring'],
    ['alertmanager-prometheus-operator-alertmanager', 'Alertmanager', 'monitoring'],
  ),
  ...rows(
    'Deployment',
    'metalk8s-monitoring',
    ['prometheus-operator-operator', 'Prometheus operator', 'monitoring'],
    ['prometheus-operator-grafana', 'Grafana', 'monitoring'],
    ['prometheus-operator-kube-state-metrics', 'kube-state-metrics', 'monitoring'],
    ['prometheus-adapter', 'Prometheus adapter', 'monitoring'],
    ['thanos-query', 'Thanos query', 'monitoring'],
  ),
  ...rows('DaemonSet', 'metalk8s-monitoring', [
    'prometheus-operator-prometheus-node-exporter',
    'node exporter',
    'monitoring',
  ]),
  ...rows('StatefulSet', 'metalk8s-logging', ['loki', 'Loki', 'logging', LOGGING]),
  ...rows('DaemonSet', 'metalk8s-logging', ['fluent-bit', 'Fluent Bit', 'logging', LOGGING]),
];
