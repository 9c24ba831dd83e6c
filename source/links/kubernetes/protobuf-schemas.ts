import {
  flag,
  inline,
  integer,
  integerIfSet,
  listOf,
  mapOf,
  message,
  microTime,
  only,
  text,
  textIfSet,
  time,
  type ReadField,
} from './protobuf.ts';

// The fields of the API that the rows are made from, by the numbers of its generated.proto (k8s.io/api/core/v1,
// k8s.io/apimachinery/pkg/apis/meta/v1 and pkg/runtime), which never change. decode.ts says what becomes of them.

const texts = mapOf(textIfSet);
/** resource.Quantity is a message of its text. */
const quantities = mapOf(only(1, textIfSet));

const OBJECT_META = message({
  1: ['name', text],
  3: ['namespace', text],
  5: ['uid', text],
  6: ['resourceVersion', text],
  8: ['creationTimestamp', time],
  9: ['deletionTimestamp', time],
  11: ['labels', texts],
  12: ['annotations', texts],
  13: ['ownerReferences', listOf(message({ 1: ['kind', text], 3: ['name', text], 6: ['controller', flag] }))],
});

const NODE = message({
  1: ['metadata', OBJECT_META],
  2: [
    'spec',
    message({
      4: ['unschedulable', flag],
      5: [
        'taints',
        listOf(message({ 1: ['key', text], 2: ['value', text], 3: ['effect', text], 4: ['timeAdded', time] })),
      ],
    }),
  ],
  3: [
    'status',
    message({
      1: ['capacity', quantities],
      2: ['allocatable', quantities],
      4: [
        'conditions',
        listOf(
          message({
            1: ['type', text],
            2: ['status', text],
            4: ['lastTransitionTime', time],
            5: ['reason', text],
            6: ['message', text],
          }),
        ),
      ],
      5: ['addresses', listOf(message({ 1: ['type', text], 2: ['address', text] }))],
      7: [
        'nodeInfo',
        message({
          4: ['kernelVersion', text],
          5: ['osImage', text],
          6: ['containerRuntimeVersion', text],
          7: ['kubeletVersion', text],
          10: ['architecture', text],
        }),
      ],
    }),
  ],
});

const RESOURCES = message({ 1: ['limits', quantities], 2: ['requests', quantities] });

const CONTAINER = message({
  1: ['name', text],
  6: ['ports', listOf(message({ 2: ['hostPort', integer], 4: ['protocol', text], 5: ['hostIP', text] }))],
  8: ['resources', RESOURCES],
  24: ['restartPolicy', text],
});

const CONTAINER_STATUS = message({
  1: ['name', text],
  2: [
    'state',
    message({
      1: ['waiting', message({ 1: ['reason', text] })],
      2: ['running', message({})],
      3: ['terminated', message({ 1: ['exitCode', integerIfSet], 2: ['signal', integer], 3: ['reason', text] })],
    }),
  ],
  4: ['ready', flag],
  5: ['restartCount', integer],
  9: ['started', flag],
});

/** A requirement of nodes or of labels: both have the same fields. */
const REQUIREMENT = message({ 1: ['key', text], 2: ['operator', text], 3: ['values', listOf(textIfSet)] });

const NODE_SELECTOR = message(
  {
    1: [
      'nodeSelectorTerms',
      listOf(message({ 1: ['matchExpressions', listOf(REQUIREMENT)], 2: ['matchFields', listOf(REQUIREMENT)] })),
    ],
  },
  () => ({ nodeSelectorTerms: [] }),
);

/** Something of which only its being there counts. */
const SOMETHING = message({});

/** Affinity to pods, or away from them: whether any is required. */
const POD_AFFINITY = message({ 1: ['requiredDuringSchedulingIgnoredDuringExecution', listOf(SOMETHING)] });

const POD = message({
  1: ['metadata', OBJECT_META],
  2: [
    'spec',
    message({
      1: [
        'volumes',
        listOf(
          message({
            1: ['name', text],
            2: [
              inline,
              message({
                10: ['persistentVolumeClaim', message({ 1: ['claimName', text] })],
                29: ['ephemeral', SOMETHING],
              }),
            ],
          }),
        ),
      ],
      2: ['containers', listOf(CONTAINER)],
      7: ['nodeSelector', texts],
      10: ['nodeName', text],
      18: [
        'affinity',
        message({
          1: ['nodeAffinity', message({ 1: ['requiredDuringSchedulingIgnoredDuringExecution', NODE_SELECTOR] })],
          2: ['podAffinity', POD_AFFINITY],
          3: ['podAntiAffinity', POD_AFFINITY],
        }),
      ],
      19: ['schedulerName', text],
      20: ['initContainers', listOf(CONTAINER)],
      22: [
        'tolerations',
        listOf(
          message({
            1: ['key', text],
            2: ['operator', text],
            3: ['value', text],
            4: ['effect', text],
            5: ['tolerationSeconds', integerIfSet],
          }),
        ),
      ],
      25: ['priority', integer],
      32: ['overhead', quantities],
      33: ['topologySpreadConstraints', listOf(message({ 3: ['whenUnsatisfiable', text] }))],
      38: ['schedulingGates', listOf(message({ 1: ['name', text] }))],
      39: ['resourceClaims', listOf(SOMETHING)],
      40: ['resources', RESOURCES],
    }),
  ],
  3: [
    'status',
    message({
      1: ['phase', text],
      2: [
        'conditions',
        listOf(message({ 1: ['type', text], 2: ['status', text], 5: ['reason', text], 6: ['message', text] })),
      ],
      4: ['reason', text],
      8: ['containerStatuses', listOf(CONTAINER_STATUS)],
      10: ['initContainerStatuses', listOf(CONTAINER_STATUS)],
    }),
  ],
});

const OBJECT_REFERENCE = message({ 1: ['kind', text], 2: ['namespace', text], 3: ['name', text], 4: ['uid', text] });

const EVENT = message({
  1: ['metadata', OBJECT_META],
  2: ['involvedObject', OBJECT_REFERENCE],
  3: ['reason', text],
  4: ['message', text],
  5: ['source', message({ 1: ['component', text] })],
  7: ['lastTimestamp', time],
  8: ['count', integer],
  9: ['type', text],
  10: ['eventTime', microTime],
  11: ['series', message({ 1: ['count', integer], 2: ['lastObservedTime', microTime] })],
  14: ['reportingComponent', text],
});

const PERSISTENT_VOLUME = message({
  1: ['metadata', OBJECT_META],
  2: [
    'spec',
    message({
      1: ['capacity', quantities],
      3: ['accessModes', listOf(textIfSet)],
      4: ['claimRef', OBJECT_REFERENCE],
      6: ['storageClassName', text],
      8: ['volumeMode', text],
      9: ['nodeAffinity', message({ 1: ['required', NODE_SELECTOR] })],
    }),
  ],
  3: ['status', message({ 1: ['phase', text] })],
});

const CLAIM = message({
  1: ['metadata', OBJECT_META],
  2: [
    'spec',
    message({
      1: ['accessModes', listOf(textIfSet)],
      2: ['resources', RESOURCES],
      3: ['volumeName', text],
      4: ['selector', message({ 1: ['matchLabels', texts], 2: ['matchExpressions', listOf(REQUIREMENT)] })],
      5: ['storageClassName', textIfSet],
      6: ['volumeMode', text],
    }),
  ],
  3: ['status', message({ 1: ['phase', text] })],
});

// k8s.io/api/apps/v1.

const DEPLOYMENT = message({
  1: ['metadata', OBJECT_META],
  2: ['spec', message({ 1: ['replicas', integerIfSet] })],
  3: ['status', message({ 4: ['availableReplicas', integer] })],
});

const DAEMON_SET = message({
  1: ['metadata', OBJECT_META],
  3: ['status', message({ 3: ['desiredNumberScheduled', integer], 7: ['numberAvailable', integer] })],
});

const STATEFUL_SET = message({
  1: ['metadata', OBJECT_META],
  2: ['spec', message({ 1: ['replicas', integerIfSet] })],
  3: ['status', message({ 3: ['readyReplicas', integer] })],
});

/** How one object of each resource is read that the API server has as protobuf and that may be many. */
export const SCHEMAS = {
  nodes: NODE,
  pods: POD,
  events: EVENT,
  persistentVolumes: PERSISTENT_VOLUME,
  claims: CLAIM,
  deployments: DEPLOYMENT,
  daemonSets: DAEMON_SET,
  statefulSets: STATEFUL_SET,
} as const satisfies Readonly<Record<string, ReadField>>;

/** metav1.ListMeta. */
export const LIST_META = message({
  2: ['resourceVersion', text],
  3: ['continue', text],
  4: ['remainingItemCount', integerIfSet],
});

/** metav1.Status. */
export const STATUS = message(
  {
    1: ['metadata', message({ 3: ['continue', text] })],
    2: ['status', text],
    3: ['message', text],
    4: ['reason', text],
    5: [
      'details',
      message({
        4: ['causes', listOf(message({ 1: ['reason', text], 2: ['message', text], 3: ['field', text] }))],
        5: ['retryAfterSeconds', integer],
      }),
    ],
    6: ['code', integer],
  },
  () => ({ kind: 'Status' }),
);
