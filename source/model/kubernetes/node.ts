import type { NodeAmounts } from './amounts.ts';

export const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** A taint as the Node holds it. `effect` is kept as it came, also when a newer server invents one. */
export type Taint = {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
  /** RFC 3339, set by the node lifecycle controller on NoExecute taints; null when not set. */
  readonly timeAdded: string | null;
};

export type NodeCondition = {
  readonly type: string;
  /** `True`, `False` or `Unknown`. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** lastTransitionTime, ms since the epoch; null when not set. */
  readonly since: number | null;
};

export type NodeAddress = { readonly type: string; readonly address: string };

/**
 * A Kubernetes Node, projected to what the console shows and reasons about. Text is kept as it came from the server
 * and is hostile until drawn through text/visible.ts.
 */
export type ClusterNode = {
  readonly name: string;
  readonly uid: string;
  /** ms since the epoch; null when not set or not a time. */
  readonly createdAt: number | null;
  /** deletionTimestamp is set. */
  readonly deleting: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** spec.unschedulable: the node is cordoned. */
  readonly cordoned: boolean;
  /** spec.taints, or null when the Node has no such field (a patch must tell the two apart). */
  readonly taints: readonly Taint[] | null;
  readonly conditions: readonly NodeCondition[];
  readonly addresses: readonly NodeAddress[];
  readonly capacity: NodeAmounts;
  readonly allocatable: NodeAmounts;
  /** status.nodeInfo; fields are empty strings before the kubelet registered. */
  readonly system: {
    readonly kubelet: string;
    readonly containerRuntime: string;
    readonly operatingSystem: string;
    readonly kernel: string;
    readonly architecture: string;
  };
};
