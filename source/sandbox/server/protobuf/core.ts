import { LABEL_SELECTOR, OBJECT_META } from './meta.ts';
import { always, inline, INTEGER, list, map, message, pointer, QUANTITY, TEXT, TIME, TRUTH } from './types.ts';

// Messages of k8s.io/api (core/v1 and storage/v1, generated.proto) with the fields that objects of this world have. What
// a client writes beyond them is told in JSON alone.

export const OBJECT_REFERENCE = message(
  [1, 'kind', always(TEXT)],
  [2, 'namespace', always(TEXT)],
  [3, 'name', always(TEXT)],
  [4, 'uid', always(TEXT)],
  [5, 'apiVersion', always(TEXT)],
  [6, 'resourceVersion', always(TEXT)],
  [7, 'fieldPath', always(TEXT)],
);

const NODE_SELECTOR_REQUIREMENT = message(
  [1, 'key', always(TEXT)],
  [2, 'operator', always(TEXT)],
  [3, 'values', list(TEXT)],
);
const NODE_SELECTOR_TERM = message(
  [1, 'matchExpressions', list(NODE_SELECTOR_REQUIREMENT)],
  [2, 'matchFields', list(NODE_SELECTOR_REQUIREMENT)],
);
export const NODE_SELECTOR = message([1, 'nodeSelectorTerms', list(NODE_SELECTOR_TERM)]);

const NAMESPACE = message(
  [1, 'metadata', always(OBJECT_META)],
  [2, 'spec', always(message([1, 'finalizers', list(TEXT)]))],
  [3, 'status', always(message([1, 'phase', always(TEXT)]))],
);

const EVENT_SOURCE = message([1, 'component', always(TEXT)], [2, 'host', always(TEXT)]);
const EVENT = message(
  [1, 'metadata', always(OBJECT_META)],
  [2, 'involvedObject', always(OBJECT_REFERENCE)],
  [3, 'reason', always(TEXT)],
  [4, 'message', always(TEXT)],
  [5, 'source', always(EVENT_SOURCE)],
  [6, 'firstTimestamp', always(TIME)],
  [7, 'lastTimestamp', always(TIME)],
  [8, 'count', always(INTEGER)],
  [9, 'type', always(TEXT)],
  [10, 'eventTime', always(TIME)],
  [12, 'action', always(TEXT)],
  [14, 'reportingComponent', always(TEXT)],
  [15, 'reportingInstance', always(TEXT)],
);

const TAINT = message(
  [1, 'key', always(TEXT)],
  [2, 'value', always(TEXT)],
  [3, 'effect', always(TEXT)],
  [4, 'timeAdded', pointer(TIME)],
);
const NODE_SPEC = message(
  [1, 'podCIDR', always(TEXT)],
  [2, 'externalID', always(TEXT)],
  [3, 'providerID', always(TEXT)],
  [4, 'unschedulable', always(TRUTH)],
  [5, 'taints', list(TAINT)],
  [7, 'podCIDRs', list(TEXT)],
);
const NODE_CONDITION = message(
  [1, 'type', always(TEXT)],
  [2, 'status', always(TEXT)],
  [3, 'lastHeartbeatTime', always(TIME)],
  [4, 'lastTransitionTime', always(TIME)],
  [5, 'reason', always(TEXT)],
  [6, 'message', always(TEXT)],
);
const NODE_SYSTEM_INFO = message(
  [1, 'machineID', always(TEXT)],
  [2, 'systemUUID', always(TEXT)],
  [3, 'bootID', always(TEXT)],
  [4, 'kernelVersion', always(TEXT)],
  [5, 'osImage', always(TEXT)],
  [6, 'containerRuntimeVersion', always(TEXT)],
  [7, 'kubeletVersion', always(TEXT)],
  [8, 'kubeProxyVersion', always(TEXT)],
  [9, 'operatingSystem', always(TEXT)],
  [10, 'architecture', always(TEXT)],
);
const DAEMON_ENDPOINT = message([1, 'Port', always(INTEGER)]);
const NODE_STATUS = message(
  [1, 'capacity', map(QUANTITY)],
  [2, 'allocatable', map(QUANTITY)],
  [3, 'phase', always(TEXT)],
  [4, 'conditions', list(NODE_CONDITION)],
  [5, 'addresses', list(message([1, 'type', always(TEXT)], [2, 'address', always(TEXT)]))],
  [6, 'daemonEndpoints', always(message([1, 'kubeletEndpoint', always(DAEMON_ENDPOINT)]))],
  [7, 'nodeInfo', always(NODE_SYSTEM_INFO)],
  [8, 'images', list(message([1, 'names', list(TEXT)], [2, 'sizeBytes', always(INTEGER)]))],
);
const NODE = message(
  [1, 'metadata', always(OBJECT_META)],
  [2, 'spec', always(NODE_SPEC)],
  [3, 'status', always(NODE_STATUS)],
);

/** VolumeResourceRequirements and the part of ResourceRequirements that is the same. */
const RESOURCE_REQUIREMENTS = message([1, 'limits', map(QUANTITY)], [2, 'requests', map(QUANTITY)]);

const LOCAL_VOLUME = message([1, 'path', always(TEXT)], [2, 'fsType', pointer(TEXT)]);
const PERSISTENT_VOLUME_SPEC = message(
  [1, 'capacity', map(QUANTITY)],
  [2, 'persistentVolumeSource', inline(message([20, 'local', pointer(LOCAL_VOLUME)]))],
  [3, 'accessModes', list(TEXT)],
  [4, 'claimRef', pointer(OBJECT_REFERENCE)],
  [5, 'persistentVolumeReclaimPolicy', always(TEXT)],
  [6, 'storageClassName', always(TEXT)],
  [7, 'mountOptions', list(TEXT)],
  [8, 'volumeMode', pointer(TEXT)],
  [9, 'nodeAffinity', pointer(message([1, 'required', pointer(NODE_SELECTOR)]))],
);
const PERSISTENT_VOLUME_STATUS = message(
  [1, 'phase', always(TEXT)],
  [2, 'message', always(TEXT)],
  [3, 'reason', always(TEXT)],
  [4, 'lastPhaseTransitionTime', pointer(TIME)],
);
const PERSISTENT_VOLUME = message(
  [1, 'metadata', always(OBJECT_META)],
  [2, 'spec', always(PERSISTENT_VOLUME_SPEC)],
  [3, 'status', always(PERSISTENT_VOLUME_STATUS)],
);

export const PERSISTENT_VOLUME_CLAIM_SPEC = message(
  [1, 'accessModes', list(TEXT)],
  [2, 'resources', always(RESOURCE_REQUIREMENTS)],
  [3, 'volumeName', always(TEXT)],
  [4, 'selector', pointer(LABEL_SELECTOR)],
  [5, 'storageClassName', pointer(TEXT)],
  [6, 'volumeMode', pointer(TEXT)],
);
const PERSISTENT_VOLUME_CLAIM_STATUS = message(
  [1, 'phase', always(TEXT)],
  [2, 'accessModes', list(TEXT)],
  [3, 'capacity', map(QUANTITY)],
);
const PERSISTENT_VOLUME_CLAIM = message(
  [1, 'metadata', always(OBJECT_META)],
  [2, 'spec', always(PERSISTENT_VOLUME_CLAIM_SPEC)],
  [3, 'status', always(PERSISTENT_VOLUME_CLAIM_STATUS)],
);

const STORAGE_CLASS = message(
  [1, 'metadata', always(OBJECT_META)],
  [2, 'provisioner', always(TEXT)],
  [3, 'parameters', map(TEXT)],
  [4, 'reclaimPolicy', pointer(TEXT)],
  [5, 'mountOptions', list(TEXT)],
  [6, 'allowVolumeExpansion', pointer(TRUTH)],
  [7, 'volumeBindingMode', pointer(TEXT)],
);

export { EVENT, NAMESPACE, NODE, PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, RESOURCE_REQUIREMENTS, STORAGE_CLASS };
