import { NODE_SELECTOR, PERSISTENT_VOLUME_CLAIM_SPEC, RESOURCE_REQUIREMENTS } from './core.ts';
import { LABEL_SELECTOR, OBJECT_META } from './meta.ts';
import { always, inline, INTEGER, list, map, message, pointer, QUANTITY, TEXT, TIME, TRUTH } from './types.ts';

// The Pod of k8s.io/api (core/v1/generated.proto) with the fields that pods of this world have.

const CONTAINER_PORT = message(
  [1, 'name', always(TEXT)],
  [2, 'hostPort', always(INTEGER)],
  [3, 'containerPort', always(INTEGER)],
  [4, 'protocol', always(TEXT)],
  [5, 'hostIP', always(TEXT)],
);
const CONTAINER = message(
  [1, 'name', always(TEXT)],
  [2, 'image', always(TEXT)],
  [3, 'command', list(TEXT)],
  [4, 'args', list(TEXT)],
  [5, 'workingDir', always(TEXT)],
  [6, 'ports', list(CONTAINER_PORT)],
  [8, 'resources', always(RESOURCE_REQUIREMENTS)],
  [13, 'terminationMessagePath', always(TEXT)],
  [14, 'imagePullPolicy', always(TEXT)],
  [16, 'stdin', always(TRUTH)],
  [17, 'stdinOnce', always(TRUTH)],
  [18, 'tty', always(TRUTH)],
  [20, 'terminationMessagePolicy', always(TEXT)],
  [24, 'restartPolicy', pointer(TEXT)],
);

const CLAIM_SOURCE = message([1, 'claimName', always(TEXT)], [2, 'readOnly', always(TRUTH)]);
const CLAIM_TEMPLATE = message([1, 'metadata', always(OBJECT_META)], [2, 'spec', always(PERSISTENT_VOLUME_CLAIM_SPEC)]);
const VOLUME_SOURCE = message(
  [10, 'persistentVolumeClaim', pointer(CLAIM_SOURCE)],
  [29, 'ephemeral', pointer(message([1, 'volumeClaimTemplate', pointer(CLAIM_TEMPLATE)]))],
);
const VOLUME = message([1, 'name', always(TEXT)], [2, 'volumeSource', inline(VOLUME_SOURCE)]);

const NODE_AFFINITY = message([1, 'requiredDuringSchedulingIgnoredDuringExecution', pointer(NODE_SELECTOR)]);
const POD_AFFINITY_TERM = message(
  [1, 'labelSelector', pointer(LABEL_SELECTOR)],
  [2, 'namespaces', list(TEXT)],
  [3, 'topologyKey', always(TEXT)],
  [4, 'namespaceSelector', pointer(LABEL_SELECTOR)],
);
const WEIGHTED_POD_AFFINITY_TERM = message(
  [1, 'weight', always(INTEGER)],
  [2, 'podAffinityTerm', always(POD_AFFINITY_TERM)],
);
const POD_AFFINITY = message(
  [1, 'requiredDuringSchedulingIgnoredDuringExecution', list(POD_AFFINITY_TERM)],
  [2, 'preferredDuringSchedulingIgnoredDuringExecution', list(WEIGHTED_POD_AFFINITY_TERM)],
);
const AFFINITY = message(
  [1, 'nodeAffinity', pointer(NODE_AFFINITY)],
  [2, 'podAffinity', pointer(POD_AFFINITY)],
  [3, 'podAntiAffinity', pointer(POD_AFFINITY)],
);

const TOLERATION = message(
  [1, 'key', always(TEXT)],
  [2, 'operator', always(TEXT)],
  [3, 'value', always(TEXT)],
  [4, 'effect', always(TEXT)],
  [5, 'tolerationSeconds', pointer(INTEGER)],
);

const POD_SPEC = message(
  [1, 'volumes', list(VOLUME)],
  [2, 'containers', list(CONTAINER)],
  [3, 'restartPolicy', always(TEXT)],
  [4, 'terminationGracePeriodSeconds', pointer(INTEGER)],
  [5, 'activeDeadlineSeconds', pointer(INTEGER)],
  [6, 'dnsPolicy', always(TEXT)],
  [7, 'nodeSelector', map(TEXT)],
  [8, 'serviceAccountName', always(TEXT)],
  [9, 'serviceAccount', always(TEXT)],
  [10, 'nodeName', always(TEXT)],
  [11, 'hostNetwork', always(TRUTH)],
  [12, 'hostPID', always(TRUTH)],
  [13, 'hostIPC', always(TRUTH)],
  [14, 'securityContext', pointer(message())],
  [16, 'hostname', always(TEXT)],
  [17, 'subdomain', always(TEXT)],
  [18, 'affinity', pointer(AFFINITY)],
  [19, 'schedulerName', always(TEXT)],
  [20, 'initContainers', list(CONTAINER)],
  [21, 'automountServiceAccountToken', pointer(TRUTH)],
  [22, 'tolerations', list(TOLERATION)],
  [24, 'priorityClassName', always(TEXT)],
  [25, 'priority', pointer(INTEGER)],
  [30, 'enableServiceLinks', pointer(TRUTH)],
  [31, 'preemptionPolicy', pointer(TEXT)],
  [32, 'overhead', map(QUANTITY)],
  [38, 'schedulingGates', list(message([1, 'name', always(TEXT)]))],
);

const POD_CONDITION = message(
  [1, 'type', always(TEXT)],
  [2, 'status', always(TEXT)],
  [3, 'lastProbeTime', always(TIME)],
  [4, 'lastTransitionTime', always(TIME)],
  [5, 'reason', always(TEXT)],
  [6, 'message', always(TEXT)],
  [7, 'observedGeneration', always(INTEGER)],
);

const CONTAINER_STATE = message(
  [1, 'waiting', pointer(message([1, 'reason', always(TEXT)], [2, 'message', always(TEXT)]))],
  [2, 'running', pointer(message([1, 'startedAt', always(TIME)]))],
  [
    3,
    'terminated',
    pointer(
      message(
        [1, 'exitCode', always(INTEGER)],
        [2, 'signal', always(INTEGER)],
        [3, 'reason', always(TEXT)],
        [4, 'message', always(TEXT)],
        [5, 'startedAt', always(TIME)],
        [6, 'finishedAt', always(TIME)],
        [7, 'containerID', always(TEXT)],
      ),
    ),
  ],
);
const CONTAINER_STATUS = message(
  [1, 'name', always(TEXT)],
  [2, 'state', always(CONTAINER_STATE)],
  [3, 'lastState', always(CONTAINER_STATE)],
  [4, 'ready', always(TRUTH)],
  [5, 'restartCount', always(INTEGER)],
  [6, 'image', always(TEXT)],
  [7, 'imageID', always(TEXT)],
  [8, 'containerID', always(TEXT)],
  [9, 'started', pointer(TRUTH)],
);

const ADDRESS = message([1, 'ip', always(TEXT)]);
const POD_STATUS = message(
  [1, 'phase', always(TEXT)],
  [2, 'conditions', list(POD_CONDITION)],
  [3, 'message', always(TEXT)],
  [4, 'reason', always(TEXT)],
  [5, 'hostIP', always(TEXT)],
  [6, 'podIP', always(TEXT)],
  [7, 'startTime', pointer(TIME)],
  [8, 'containerStatuses', list(CONTAINER_STATUS)],
  [9, 'qosClass', always(TEXT)],
  [10, 'initContainerStatuses', list(CONTAINER_STATUS)],
  [11, 'nominatedNodeName', always(TEXT)],
  [12, 'podIPs', list(ADDRESS)],
  [14, 'resize', always(TEXT)],
  [16, 'hostIPs', list(ADDRESS)],
  [17, 'observedGeneration', always(INTEGER)],
);

export const POD = message(
  [1, 'metadata', always(OBJECT_META)],
  [2, 'spec', always(POD_SPEC)],
  [3, 'status', always(POD_STATUS)],
);
