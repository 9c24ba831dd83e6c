import type { KubernetesEvent, KubernetesObject, Node, Pod } from '../wire.ts';
import {
  ageColumns,
  eventColumns,
  leaseColumns,
  namespaceColumns,
  nodeColumns,
  podColumns,
  type Column,
} from './columns.ts';

/** A resource as the server serves it. Everything that differs between resources is in this table. */
export type Resource = {
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  shortNames: readonly string[];
  namespaced: boolean;
  /** Whether `…/status` is a door of its own: then status is written there and only there. */
  hasStatus: boolean;
  /** Name of the collection of the world that holds the objects; two resources can show the same one. */
  collection: string;
  /** Fields that a field selector may name. */
  fields: Readonly<Record<string, (object: KubernetesObject) => string>>;
  columns: readonly Column<KubernetesObject>[];
  /** What an object of this kind has beside its metadata when it is empty: the body of a bookmark. */
  empty: object;
  /** Whether the server keeps recent changes of it in memory: if not, a watch that is too old is told so by etcd. */
  cached: boolean;
  /** How the stored object looks through this resource. */
  view: ((object: KubernetesObject) => object) | null;
};

type Fields<T> = Record<string, (object: T) => string>;

const nameField: Fields<KubernetesObject> = { 'metadata.name': ({ metadata }) => metadata.name };
const metadataFields: Fields<KubernetesObject> = {
  ...nameField,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
};

const nodeFields: Fields<Node> = {
  ...nameField,
  'spec.unschedulable': ({ spec }) => String(spec.unschedulable ?? false),
};

const podFields: Fields<Pod> = {
  ...metadataFields,
  'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
  'spec.restartPolicy': ({ spec }) => spec.restartPolicy,
  'spec.schedulerName': ({ spec }) => spec.schedulerName,
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
  'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork ?? false),
  'status.phase': ({ status }) => status.phase,
  'status.podIP': ({ status }) => status.podIP ?? '',
  'status.nominatedNodeName': () => '',
};

const eventFields: Fields<KubernetesEvent> = {
  ...metadataFields,
  'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
  'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
  'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
  'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
  'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
  'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
  'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
  reason: ({ reason }) => reason,
  reportingComponent: ({ reportingComponent }) => reportingComponent,
  source: ({ source }) => source.component ?? '',
  type: ({ type }) => type,
};

const namespaceFields: Fields<KubernetesObject & { status?: { phase?: string } }> = {
  ...nameField,
  'status.phase': ({ status }) => status?.phase ?? '',
};

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

type Row<T extends KubernetesObject> = Pick<Resource, 'group' | 'version' | 'kind' | 'plural'> &
  Partial<Omit<Resource, 'fields' | 'columns'>> & { fields?: Fields<T>; columns?: readonly Column<T>[] };

/** Completes a row of the table. The collection of a resource holds objects of its own type only. */
function resource<T extends KubernetesObject>(row: Row<T>): Resource {
  const fields = (row.fields ?? (row.namespaced === false ? nameField : metadataFields)) as Resource['fields'];
  const columns = (row.columns ?? ageColumns) as unknown as Resource['columns'];
  return {
    singular: row.kind.toLowerCase(),
    shortNames: [],
    namespaced: true,
    hasStatus: false,
    collection: row.plural,
    empty: {},
    view: null,
    cached: row.plural !== 'events',
    ...row,
    fields,
    columns,
  };
}

export const RESOURCES: readonly Resource[] = [
  resource({ ...core, kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'] }),
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
  resource({
    ...core,
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    shortNames: ['pv'],
    namespaced: false,
    hasStatus: true,
  }),
  resource({
    ...core,
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    shortNames: ['pvc'],
    hasStatus: true,
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
  }),
  resource({ ...core, kind: 'Secret', plural: 'secrets' }),
  resource({ ...core, kind: 'Service', plural: 'services', shortNames: ['svc'], hasStatus: true }),
  resource({
    group: 'apps',
    version: 'v1',
    kind: 'DaemonSet',
    plural: 'daemonsets',
    shortNames: ['ds'],
    hasStatus: true,
  }),
  resource({
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    plural: 'deployments',
    shortNames: ['deploy'],
    hasStatus: true,
  }),
  resource({
    group: 'apps',
    version: 'v1',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    shortNames: ['rs'],
    hasStatus: true,
  }),
  resource({
    group: 'apps',
    version: 'v1',
    kind: 'StatefulSet',
    plural: 'statefulsets',
    shortNames: ['sts'],
    hasStatus: true,
  }),
  resource({ group: 'batch', version: 'v1', kind: 'CronJob', plural: 'cronjobs', shortNames: ['cj'], hasStatus: true }),
  resource({ group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', hasStatus: true }),
  resource({
    group: 'coordination.k8s.io',
    version: 'v1',
    kind: 'Lease',
    plural: 'leases',
    columns: leaseColumns,
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
  resource({
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    shortNames: ['pdb'],
    hasStatus: true,
  }),
  resource({
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'StorageClass',
    plural: 'storageclasses',
    shortNames: ['sc'],
    namespaced: false,
  }),
  resource({
    group: 'storage.metalk8s.scality.com',
    version: 'v1alpha1',
    kind: 'Volume',
    plural: 'volumes',
    namespaced: false,
    hasStatus: true,
  }),
];

/** Names of every collection that the table asks of a world. */
export const COLLECTIONS: readonly string[] = [...new Set(RESOURCES.map(({ collection }) => collection))];

export const findResource = (group: string, version: string, plural: string): Resource | undefined =>
  RESOURCES.find((each) => each.group === group && each.version === version && each.plural === plural);

export const apiVersion = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;
