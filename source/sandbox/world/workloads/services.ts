import { infra, named, onLinux, onRole, product, tolerates } from './product.ts';
import type { Workload } from './workload.ts';

/** The services of MetalK8s 129, with the requests and limits that it sets (addons, charts). */
export const SERVICE_WORKLOADS: readonly Workload[] = [
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
    labels: named('dex'),
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
    labels: named(label),
    ...infra,
    containers: [{ name: image, image: product(image, version) }],
  })),
  {
    kind: 'StatefulSet',
    namespace: 'metalk8s-monitoring',
    name: 'prometheus-prometheus-operator-prometheus',
    replicas: 1,
    labels: { ...named('prometheus'), prometheus: 'prometheus-operator-prometheus' },
    ...infra,
    claims: [
      {
        name: 'prometheus-prometheus-operator-prometheus-db',
        size: '10Gi',
        labels: named('prometheus-operator-prometheus'),
        volume: 'prometheus',
        from: 'sparse file',
      },
    ],
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
    labels: { ...named('alertmanager'), alertmanager: 'prometheus-operator-alertmanager' },
    ...infra,
    claims: [
      {
        name: 'alertmanager-prometheus-operator-alertmanager-db',
        size: '1Gi',
        labels: named('prometheus-operator-alertmanager'),
        volume: 'alertmanager',
        from: 'sparse file',
      },
    ],
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
    labels: named('loki'),
    // It has no selector of its own: its volume lies on an infra node, and holds it there.
    tolerations: tolerates('bootstrap', 'infra'),
    claims: [
      { name: 'storage', size: '10Gi', labels: named('loki'), volume: 'loki', from: 'sparse file', role: 'infra' },
    ],
    containers: [{ name: 'loki', image: product('loki', '2.9.6'), requests: { memory: '256Mi' } }],
  },
];
