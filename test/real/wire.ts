// The parts of Kubernetes objects that the real tier writes and reads, as they are on the wire: times are texts.

export type Metadata = {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly deletionTimestamp?: string;
};
export type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
};

export type Taint = { readonly key: string; readonly value?: string; readonly effect: string };
export type NodeCondition = {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastHeartbeatTime: string;
  readonly lastTransitionTime: string;
};
type Amounts = Readonly<Record<string, string>>;
export type NodeStatus = {
  readonly capacity: Amounts;
  readonly allocatable: Amounts;
  readonly conditions: readonly NodeCondition[];
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  readonly nodeInfo: Readonly<Record<string, string>>;
  readonly daemonEndpoints?: { readonly kubeletEndpoint: { readonly Port: number } };
};
export type NodeObject = {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly metadata: Metadata;
  readonly spec?: { readonly podCIDR?: string; readonly taints?: readonly Taint[]; readonly unschedulable?: boolean };
  /** Empty as long as no kubelet has registered. */
  readonly status?: Partial<NodeStatus>;
};

export type Resources = { readonly requests?: Amounts; readonly limits?: Amounts };
export type Container = {
  readonly name: string;
  readonly image: string;
  readonly resources: Resources;
  readonly restartPolicy?: 'Always';
  readonly ports?: readonly { readonly containerPort: number; readonly hostPort: number; readonly hostIP?: string }[];
};
export type Requirement = { readonly key: string; readonly operator: string; readonly values?: readonly string[] };
/** Terms of a node selector: one of them must match. */
export type NodeSelector = {
  readonly nodeSelectorTerms: readonly {
    readonly matchExpressions?: readonly Requirement[];
    readonly matchFields?: readonly Requirement[];
  }[];
};
export type PodSpec = {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly overhead?: Amounts;
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly restartPolicy?: string;
  readonly runtimeClassName?: string;
  readonly tolerations?: readonly Readonly<Record<string, string>>[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: {
    readonly nodeAffinity: { readonly requiredDuringSchedulingIgnoredDuringExecution: NodeSelector };
  };
  readonly priorityClassName?: string;
  readonly volumes?: readonly {
    readonly name: string;
    readonly persistentVolumeClaim: { readonly claimName: string };
  }[];
};
export type ContainerState = Readonly<Record<string, Readonly<Record<string, string | number>>>>;
export type PodStatus = {
  readonly phase?: string;
  readonly reason?: string;
  readonly conditions?: readonly Readonly<Record<string, string>>[];
  readonly containerStatuses?: readonly {
    readonly name: string;
    readonly image: string;
    readonly imageID: string;
    readonly ready: boolean;
    readonly restartCount: number;
    readonly state?: ContainerState;
  }[];
  readonly startTime?: string;
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
};
export type PodObject = {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: Metadata;
  readonly spec: PodSpec;
  readonly status?: PodStatus;
};

export type PersistentVolumeObject = {
  readonly apiVersion: 'v1';
  readonly kind: 'PersistentVolume';
  readonly metadata: Metadata;
  readonly spec: {
    readonly capacity: Amounts;
    readonly accessModes: readonly string[];
    readonly storageClassName: string;
    readonly volumeMode?: string;
    readonly local?: { readonly path: string };
    readonly nfs?: { readonly server: string; readonly path: string };
    readonly nodeAffinity?: { readonly required: NodeSelector };
    readonly claimRef?: { readonly namespace: string; readonly name: string; readonly uid?: string };
  };
  readonly status?: { readonly phase?: string };
};
export type ClaimObject = {
  readonly apiVersion: 'v1';
  readonly kind: 'PersistentVolumeClaim';
  readonly metadata: Metadata;
  readonly spec: {
    readonly accessModes: readonly string[];
    readonly resources: Resources;
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeName?: string;
    readonly selector?: {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: readonly Requirement[];
    };
  };
  readonly status?: { readonly phase?: string; readonly accessModes?: readonly string[]; readonly capacity?: Amounts };
};

export type List<T> = { readonly items: readonly T[] };
