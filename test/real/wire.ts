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

export type List<T> = { readonly items: readonly T[] };
