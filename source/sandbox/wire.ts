/**
 * The shapes of Kubernetes objects as this server stores and sends them: the fields that it itself reads or writes.
 * Stored objects carry neither `kind` nor `apiVersion`, as items of a list do not; they are immutable and share parts.
 */
export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
};

export type ManagedFields = {
  manager: string;
  operation: 'Update' | 'Apply';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: object;
  subresource?: string;
};

export type ObjectMeta = {
  name: string;
  generateName?: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: readonly OwnerReference[];
  finalizers?: readonly string[];
  managedFields?: readonly ManagedFields[];
};

/** Any stored object. `spec`, `status` and further fields are known by the types below, or not at all. */
export type KubernetesObject = { metadata: ObjectMeta };

export type Effect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
export type Taint = { key: string; value?: string; effect: Effect; timeAdded?: string };

export type Condition = {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  lastHeartbeatTime?: string;
  lastProbeTime?: null;
  lastTransitionTime: string;
  reason?: string;
  message?: string;
};

export type NodeInfo = {
  machineID: string;
  systemUUID: string;
  bootID: string;
  kernelVersion: string;
  osImage: string;
  containerRuntimeVersion: string;
  kubeletVersion: string;
  kubeProxyVersion: string;
  operatingSystem: string;
  architecture: string;
};

export type NodeSpec = {
  podCIDR?: string;
  podCIDRs?: readonly string[];
  providerID?: string;
  unschedulable?: boolean;
  taints?: readonly Taint[];
};

export type NodeStatus = {
  capacity?: Record<string, string>;
  allocatable?: Record<string, string>;
  conditions?: readonly Condition[];
  addresses?: readonly { type: string; address: string }[];
  daemonEndpoints: { kubeletEndpoint: { Port: number } };
  nodeInfo: NodeInfo;
  images?: readonly { names: readonly string[]; sizeBytes: number }[];
};

export type Node = { metadata: ObjectMeta; spec: NodeSpec; status: NodeStatus };

export type Toleration = {
  key?: string;
  operator?: 'Exists' | 'Equal';
  value?: string;
  effect?: Effect | '';
  tolerationSeconds?: number;
};

export type ContainerPort = {
  name?: string;
  containerPort: number;
  hostPort?: number;
  hostIP?: string;
  protocol?: string;
};

export type Container = {
  name: string;
  image: string;
  ports?: readonly ContainerPort[];
  resources: { requests?: Record<string, string>; limits?: Record<string, string> };
  restartPolicy?: 'Always';
  terminationMessagePath: string;
  terminationMessagePolicy: string;
  imagePullPolicy: string;
};

/** What a pod mounts: of the many kinds of volumes, claims are what this world acts on. */
export type PodVolume = {
  name: string;
  persistentVolumeClaim?: { claimName: string; readOnly?: boolean };
  ephemeral?: object;
};

/** One requirement of a selector of nodes or labels. */
export type Requirement = {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  values?: readonly string[];
};

export type NodeSelectorTerm = { matchExpressions?: readonly Requirement[]; matchFields?: readonly Requirement[] };
export type NodeSelector = { nodeSelectorTerms: readonly NodeSelectorTerm[] };
export type LabelSelector = { matchLabels?: Record<string, string>; matchExpressions?: readonly Requirement[] };

export type Affinity = {
  nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector };
  podAffinity?: object;
  podAntiAffinity?: object;
};

export type PodSpec = {
  volumes?: readonly PodVolume[];
  initContainers?: readonly Container[];
  containers: readonly Container[];
  restartPolicy: 'Always' | 'OnFailure' | 'Never';
  terminationGracePeriodSeconds: number;
  dnsPolicy: string;
  nodeSelector?: Record<string, string>;
  serviceAccountName?: string;
  serviceAccount?: string;
  nodeName?: string;
  hostNetwork?: boolean;
  securityContext: object;
  affinity?: Affinity;
  schedulerName: string;
  schedulingGates?: readonly { name: string }[];
  tolerations?: readonly Toleration[];
  priorityClassName?: string;
  priority?: number;
  enableServiceLinks?: boolean;
  preemptionPolicy?: string;
  overhead?: Record<string, string>;
};

export type ContainerStatus = {
  name: string;
  state: object;
  lastState: object;
  ready: boolean;
  restartCount: number;
  image: string;
  imageID: string;
  containerID?: string;
  started?: boolean;
};

export type PodStatus = {
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  conditions?: readonly Condition[];
  message?: string;
  reason?: string;
  hostIP?: string;
  hostIPs?: readonly { ip: string }[];
  podIP?: string;
  podIPs?: readonly { ip: string }[];
  startTime?: string;
  initContainerStatuses?: readonly ContainerStatus[];
  containerStatuses?: readonly ContainerStatus[];
  qosClass: 'Guaranteed' | 'Burstable' | 'BestEffort';
};

export type Pod = { metadata: ObjectMeta; spec: PodSpec; status: PodStatus };

export type ObjectReference = {
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  apiVersion?: string;
  resourceVersion?: string;
  fieldPath?: string;
};

/** A core/v1 Event; events.k8s.io serves the same objects under other names. */
export type KubernetesEvent = {
  metadata: ObjectMeta;
  involvedObject: ObjectReference;
  reason: string;
  message: string;
  source: { component?: string; host?: string };
  firstTimestamp: string | null;
  lastTimestamp: string | null;
  count?: number;
  type: 'Normal' | 'Warning';
  eventTime: string | null;
  reportingComponent: string;
  reportingInstance: string;
};

export type Lease = {
  metadata: ObjectMeta;
  spec: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
};

/** policy/v1 PodDisruptionBudget. */
export type PodDisruptionBudget = {
  metadata: ObjectMeta;
  spec: { minAvailable?: number | string; maxUnavailable?: number | string; selector?: LabelSelector };
  status: {
    observedGeneration?: number;
    /** Pods that are on their way out by an eviction that has been granted, with the time of it. */
    disruptedPods?: Record<string, string>;
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    expectedPods: number;
    conditions?: readonly (Omit<Condition, 'lastHeartbeatTime' | 'lastProbeTime'> & { observedGeneration?: number })[];
  };
};

type Usage = { cpu: string; memory: string };
type Metrics = KubernetesObject & { timestamp: string; window: string };

/** metrics.k8s.io/v1beta1 NodeMetrics and PodMetrics, as the metrics server sends them. */
export type NodeMetrics = Metrics & { usage: Usage };
export type PodMetrics = Metrics & { containers: readonly { name: string; usage: Usage }[] };
