import type { Workload } from '../model/control-plane/control-plane.ts';
import type { Role } from './roles.ts';

/** A static pod that the product brings to each node of a role; a null role is every node. */
export type StaticPod = {
  readonly component: string;
  readonly title: string;
  readonly role: Role | null;
  /** What is lost on its node where it does not serve. */
  readonly without: string;
};

/** MetalK8s: sanity checks, "Static Pods"; all of them are in kube-system. */
export const STATIC_PODS: readonly StaticPod[] = [
  { component: 'kube-apiserver', title: 'API server', role: 'master', without: 'this master answers no request' },
  {
    component: 'kube-scheduler',
    title: 'scheduler',
    role: 'master',
    without: 'this master does not take over when the scheduler that leads is lost',
  },
  {
    component: 'kube-controller-manager',
    title: 'controller manager',
    role: 'master',
    without: 'this master does not take over when the controller manager that leads is lost',
  },
  { component: 'etcd', title: 'etcd', role: 'etcd', without: 'the quorum has a member less' },
  {
    component: 'repositories',
    title: 'registry',
    role: 'bootstrap',
    without: 'images and packages cannot be fetched from this node',
  },
  {
    component: 'salt-master',
    title: 'Salt master',
    role: 'bootstrap',
    without: 'nodes are neither deployed nor upgraded, and no certificate is renewed',
  },
  {
    component: 'apiserver-proxy',
    title: 'API server proxy',
    role: null,
    without: 'the kubelet of this node does not reach the API servers',
  },
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
  /** What is lost where it does not serve. */
  readonly without: string;
};

const DEX = 'where Dex is enabled';
const LOGGING = 'where logging is enabled';

type Row = readonly [name: string, title: string, group: ServiceGroup, without: string, only?: string];

const rows = (kind: Workload['kind'], namespace: string, ...services: readonly Row[]): readonly Service[] =>
  services.map(([name, title, group, without, only = null]) => ({
    kind,
    namespace,
    name,
    title,
    group,
    without,
    only,
  }));

/** MetalK8s: sanity checks, "Deployments", "DaemonSets" and "StatefulSets". The latter need their volumes. */
export const SERVICES: readonly Service[] = [
  ...rows('Deployment', 'kube-system', ['coredns', 'CoreDNS', 'names', 'pods find no service by its name']),
  ...rows(
    'DaemonSet',
    'kube-system',
    ['calico-node', 'Calico', 'network', 'pods on its nodes have no network'],
    ['kube-proxy', 'kube-proxy', 'network', 'services cannot be reached from its nodes'],
  ),
  ...rows(
    'Deployment',
    'kube-system',
    [
      'calico-kube-controllers',
      'Calico controllers',
      'network',
      'network policies change nothing, and addresses of what is gone are not freed',
    ],
    [
      'metalk8s-operator-controller-manager',
      'MetalK8s operator',
      'operators',
      'changes of the ClusterConfig, as of ingress addresses, have no effect',
    ],
    ['storage-operator-controller-manager', 'storage operator', 'operators', 'Volumes are neither made nor removed'],
  ),
  ...rows(
    'DaemonSet',
    'metalk8s-ingress',
    [
      'ingress-nginx-control-plane-controller',
      'control-plane ingress',
      'ingress',
      'the web UI and what stands beside it cannot be reached',
    ],
    ['ingress-nginx-controller', 'workload ingress', 'ingress', 'applications cannot be reached by their Ingresses'],
  ),
  ...rows(
    'Deployment',
    'metalk8s-certs',
    ['cert-manager', 'cert-manager', 'certificates', 'certificates of applications are neither issued nor renewed'],
    [
      'cert-manager-cainjector',
      'cert-manager CA injector',
      'certificates',
      'webhooks are not told the CA of their certificates',
    ],
    [
      'cert-manager-webhook',
      'cert-manager webhook',
      'certificates',
      'Certificates and Issuers can be neither made nor changed',
    ],
  ),
  ...rows('Deployment', 'metalk8s-auth', ['dex', 'Dex', 'access', 'nobody can log in to the web UI', DEX]),
  ...rows('Deployment', 'metalk8s-ui', ['metalk8s-ui', 'web UI', 'access', 'there is no web UI']),
  ...rows(
    'StatefulSet',
    'metalk8s-monitoring',
    [
      'prometheus-prometheus-operator-prometheus',
      'Prometheus',
      'monitoring',
      'nothing is measured and no alert is raised',
    ],
    ['alertmanager-prometheus-operator-alertmanager', 'Alertmanager', 'monitoring', 'alerts reach nobody'],
  ),
  ...rows(
    'Deployment',
    'metalk8s-monitoring',
    ['prometheus-operator-operator', 'Prometheus operator', 'monitoring', 'changes of the monitoring have no effect'],
    ['prometheus-operator-grafana', 'Grafana', 'monitoring', 'there are no dashboards'],
    [
      'prometheus-operator-kube-state-metrics',
      'kube-state-metrics',
      'monitoring',
      'alerts about nodes and pods are not raised',
    ],
    ['prometheus-adapter', 'Prometheus adapter', 'monitoring', 'metrics.k8s.io has no figures, as of what nodes use'],
    ['thanos-query', 'Thanos query', 'monitoring', 'dashboards and the web UI have no figures'],
  ),
  ...rows('DaemonSet', 'metalk8s-monitoring', [
    'prometheus-operator-prometheus-node-exporter',
    'node exporter',
    'monitoring',
    'nothing is measured of the machines',
  ]),
  ...rows('StatefulSet', 'metalk8s-logging', ['loki', 'Loki', 'logging', 'logs are not kept', LOGGING]),
  ...rows('DaemonSet', 'metalk8s-logging', [
    'fluent-bit',
    'Fluent Bit',
    'logging',
    'logs are not collected from its nodes',
    LOGGING,
  ]),
];
