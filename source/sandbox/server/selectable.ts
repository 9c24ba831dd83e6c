import type { KubernetesEvent, KubernetesObject, Node, Pod } from '../wire.ts';

/** Fields that a field selector may name, by resource. */
export type Fields<T> = Record<string, (object: T) => string>;

export const nameField: Fields<KubernetesObject> = { 'metadata.name': ({ metadata }) => metadata.name };
export const metadataFields: Fields<KubernetesObject> = {
  ...nameField,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
};

export const nodeFields: Fields<Node> = {
  ...nameField,
  'spec.unschedulable': ({ spec }) => String(spec.unschedulable ?? false),
};

export const podFields: Fields<Pod> = {
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

export const eventFields: Fields<KubernetesEvent> = {
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

export const namespaceFields: Fields<KubernetesObject & { status?: { phase?: string } }> = {
  ...nameField,
  'status.phase': ({ status }) => status?.phase ?? '',
};
