import type {
  KubernetesEvent,
  KubernetesObject,
  Node,
  NodeMetrics,
  Pod,
  PodDisruptionBudget,
  PodMetrics,
} from '../wire.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass, Volume } from '../wire-storage.ts';
import {
  configMapColumns,
  eventColumns,
  leaseColumns,
  namespaceColumns,
  nodeColumns,
  podColumns,
  secretColumns,
} from './columns.ts';
import { nodeMetricsColumns, podMetricsColumns } from './columns-metrics.ts';
import { claimColumns, persistentVolumeColumns, storageClassColumns, volumeColumns } from './columns-storage.ts';
import {
  budgetColumns,
  cronJobColumns,
  daemonSetColumns,
  deploymentColumns,
  jobColumns,
  replicaSetColumns,
  statefulSetColumns,
  type WorkloadObject,
} from './columns-workloads.ts';
import { resource, type Resource } from './resource.ts';
import { eventFields, namespaceFields, nodeFields, podFields } from './selectable.ts';

/** The same event under the names of events.k8s.io/v1. */
function eventView(object: KubernetesObject): object {
  const event = object as KubernetesEvent;
  return {
    metadata: event.metadata,
    eventTime: event.eventTime,
    reportingController: event.reportingComponent,
    ...(event.reportingInstance === '' ? {} : { reportingInstance: event.reportingInstance }),
    reason: event.reason,
    regarding: event.involvedObject,
    note: event.message,
    type: event.type,
    deprecatedSource: event.source,
    deprecatedFirstTimestamp: event.firstTimestamp,
    deprecatedLastTimestamp: event.lastTimestamp,
    ...(event.count === undefined ? {} : { deprecatedCount: event.count }),
  };
}

export const EMPTY_NODE_STATUS = {
  daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
  nodeInfo: {
    machineID: '',
    systemUUID: '',
    bootID: '',
    kernelVersion: '',
    osImage: '',
    containerRuntimeVersion: '',
    kubeletVersion: '',
    kubeProxyVersion: '',
    operatingSystem: '',
    architecture: '',
  },
};

const EMPTY_EVENT = {
  involvedObject: {},
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: '',
  reportingInstance: '',
};

const core = { group: '', version: 'v1' };

const workload = { version: 'v1', hasStatus: true, generations: true, categories: ['all'] };
const apps = { group: 'apps', ...workload };
const batch = { group: 'batch', ...workload };
const metrics = { group: 'metrics.k8s.io', version: 'v1beta1', singular: '', measured: true };

export const RESOURCES: readonly Resource[] = [
  resource({ ...core, kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'], columns: configMapColumns }),
  resource<KubernetesEvent>({
    ...core,
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    fields: eventFields,
    columns: eventColumns,
    empty: EMPTY_EVENT,
  }),
  resource<KubernetesObject & { status?: { phase?: string } }>({
    ...core,
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    namespaced: false,
    hasStatus: true,
    fields: namespaceFields,
    columns: namespaceColumns,
    empty: { spec: {}, status: {} },
  }),
  resource<Node>({
    ...core,
    kind: 'Node',
    plural: 'nodes',
    shortNames: ['no'],
    namespaced: false,
    hasStatus: true,
    fields: nodeFields,
    columns: nodeColumns,
    empty: { spec: {}, status: EMPTY_NODE_STATUS },
  }),
  resource<PersistentVolume>({
    ...core,
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    shortNames: ['pv'],
    namespaced: false,
    hasStatus: true,
    columns: persistentVolumeColumns,
    empty: { spec: {}, status: {} },
    returnsDeleted: true,
  }),
  resource<PersistentVolumeClaim>({
    ...core,
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    shortNames: ['pvc'],
    hasStatus: true,
    columns: claimColumns,
    empty: { spec: { resources: {} }, status: {} },
    returnsDeleted: true,
  }),
  resource<Pod>({
    ...core,
    kind: 'Pod',
    plural: 'pods',
    shortNames: ['po'],
    hasStatus: true,
    fields: podFields,
    columns: podColumns,
    empty: { spec: { containers: null }, status: {} },
    categories: ['all'],
    returnsDeleted: true,
    subresources: [
      { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
      { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
      { name: 'proxy', kind: 'PodProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
    ],
  }),
  resource({ ...core, kind: 'Secret', plural: 'secrets', columns: secretColumns }),
  resource({
    ...core,
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    hasStatus: true,
    categories: ['all'],
    returnsDeleted: true,
  }),
  resource<WorkloadObject>({
    ...apps,
    kind: 'DaemonSet',
    plural: 'daemonsets',
    shortNames: ['ds'],
    columns: daemonSetColumns,
  }),
  resource<WorkloadObject>({
    ...apps,
    kind: 'Deployment',
    plural: 'deployments',
    shortNames: ['deploy'],
    columns: deploymentColumns,
  }),
  resource<WorkloadObject>({
    ...apps,
    kind: 'ReplicaSet',
    plural: 'replicasets',
    shortNames: ['rs'],
    columns: replicaSetColumns,
  }),
  resource<WorkloadObject>({
    ...apps,
    kind: 'StatefulSet',
    plural: 'statefulsets',
    shortNames: ['sts'],
    columns: statefulSetColumns,
  }),
  resource<WorkloadObject>({
    ...batch,
    kind: 'CronJob',
    plural: 'cronjobs',
    shortNames: ['cj'],
    columns: cronJobColumns,
  }),
  resource<WorkloadObject>({ ...batch, kind: 'Job', plural: 'jobs', columns: jobColumns }),
  resource({
    group: 'coordination.k8s.io',
    version: 'v1',
    kind: 'Lease',
    plural: 'leases',
    columns: leaseColumns,
    guarded: true,
    empty: { spec: {} },
  }),
  resource<KubernetesEvent>({
    group: 'events.k8s.io',
    version: 'v1',
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    fields: eventFields,
    columns: eventColumns,
    view: eventView,
    empty: { eventTime: null, regarding: {}, deprecatedSource: {} },
  }),
  resource<NodeMetrics>({
    ...metrics,
    kind: 'NodeMetrics',
    plural: 'nodes',
    namespaced: false,
    columns: nodeMetricsColumns,
  }),
  resource<PodMetrics>({ ...metrics, kind: 'PodMetrics', plural: 'pods', columns: podMetricsColumns }),
  resource<PodDisruptionBudget>({
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    shortNames: ['pdb'],
    hasStatus: true,
    columns: budgetColumns,
    guarded: true,
    generations: true,
    empty: { spec: {}, status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 } },
  }),
  resource<StorageClass>({
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'StorageClass',
    plural: 'storageclasses',
    shortNames: ['sc'],
    namespaced: false,
    columns: storageClassColumns,
    empty: { provisioner: '' },
  }),
  resource<Volume>({
    group: 'storage.metalk8s.scality.com',
    version: 'v1alpha1',
    kind: 'Volume',
    plural: 'volumes',
    namespaced: false,
    hasStatus: true,
    columns: volumeColumns,
    custom: true,
  }),
];

/** Names of every collection that the table asks of a world. */
export const COLLECTIONS: readonly string[] = [
  ...new Set(RESOURCES.filter(({ measured }) => !measured).map(({ collection }) => collection)),
];

export const findResource = (group: string, version: string, plural: string): Resource | undefined =>
  RESOURCES.find((each) => each.group === group && each.version === version && each.plural === plural);
