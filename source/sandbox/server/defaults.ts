import { without } from '../fields.ts';
import type { Random } from '../random.ts';
import { isObject, type JsonObject } from './patch.ts';
import { EMPTY_NODE_STATUS } from './resources.ts';

const SECONDS_BEFORE_EVICTION = 300;

/** The tolerations that admission gives to each pod that says nothing of a lost node. */
export const DEFAULT_TOLERATIONS = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists' as const,
  effect: 'NoExecute' as const,
  tolerationSeconds: SECONDS_BEFORE_EVICTION,
}));

/** What the server itself writes into a new object of a kind: defaults and the state it begins in. */
const NEW_OBJECTS: Readonly<Record<string, (object: JsonObject, now: string) => JsonObject>> = {
  /** Until the node controller has looked at it, a new node counts as not ready. */
  Node: ({ spec, ...object }) => ({
    ...object,
    spec: {
      ...(isObject(spec) ? spec : {}),
      taints: [
        ...(isObject(spec) && Array.isArray(spec['taints']) ? spec['taints'] : []),
        { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
      ],
    },
    status: EMPTY_NODE_STATUS,
  }),
  Pod: ({ spec, ...object }) => ({
    ...object,
    spec: podSpec(isObject(spec) ? spec : {}),
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  }),
  Namespace: (object) => ({ ...object, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }),
  PersistentVolume: (object, now) => ({
    ...kept(object, 'kubernetes.io/pv-protection'),
    spec: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem', ...specOf(object) },
    status: { phase: 'Pending', lastPhaseTransitionTime: now },
  }),
  PersistentVolumeClaim: (object) => ({
    ...kept(object, 'kubernetes.io/pvc-protection'),
    spec: { volumeMode: 'Filesystem', ...specOf(object) },
    status: { phase: 'Pending' },
  }),
  PodDisruptionBudget: (object) => ({
    ...object,
    spec: specOf(object),
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  }),
  StorageClass: (object) => ({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...object }),
  // Its definition gives it a status of its own door: what a client writes of it at first is dropped.
  Volume: (object) => without(object, 'status'),
};

const specOf = ({ spec }: JsonObject): JsonObject => (isObject(spec) ? spec : {});

/** The object with a finalizer that keeps it for as long as it is used. */
function kept(object: JsonObject, finalizer: string): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const others = Array.isArray(metadata['finalizers']) ? metadata['finalizers'] : [];
  return { ...object, metadata: { ...metadata, finalizers: [...new Set([...others, finalizer])] } };
}

function podSpec(spec: JsonObject): JsonObject {
  const containers = Array.isArray(spec['containers']) ? spec['containers'] : [];
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: DEFAULT_TOLERATIONS,
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    ...spec,
    containers: containers.filter(isObject).map((container) => ({
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: 'IfNotPresent',
      ...container,
      resources: isObject(container['resources']) ? container['resources'] : {},
    })),
  };
}

/** A new object as the server completes it; `now` is the time that it notes of it. */
export const withDefaults = (kind: string, object: JsonObject, now: string): JsonObject =>
  (Object.hasOwn(NEW_OBJECTS, kind) ? NEW_OBJECTS[kind]?.(object, now) : undefined) ?? object;

/** The name of an object that asked for a generated one. */
export const generatedName = (prefix: string, random: Random): string => prefix + random.suffix(5);
