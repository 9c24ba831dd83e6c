import type { Amounts } from './amounts.ts';
import type { Placement } from './placement.ts';

export type Toleration = {
  /** Empty with operator Exists means every key. */
  readonly key: string;
  readonly operator: string;
  readonly value: string;
  /** Empty means every effect. */
  readonly effect: string;
  /** How long a NoExecute taint is borne; null means for ever. */
  readonly seconds: number | null;
};

/**
 * A Pod as a compact row: what sums, effects and the node page need, and nothing else. Rows that agree share their
 * requests, limits, owner, tolerations and placement by reference, since a cluster has few distinct ones.
 */
export type PodRow = {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** spec.nodeName, or null while the pod is not bound. */
  readonly node: string | null;
  /** Pending, Running, Succeeded, Failed or Unknown, as it came. */
  readonly phase: string;
  /** What `kubectl get pods` shows under STATUS: the phase, or the reason that tells more. */
  readonly status: string;
  readonly ready: { readonly containers: number; readonly of: number };
  readonly restarts: number;
  readonly createdAt: number | null;
  readonly deleting: boolean;
  /** A static pod's image in the API (annotation kubernetes.io/config.mirror). */
  readonly mirror: boolean;
  /** The controlling owner, or null for a bare pod. */
  readonly owner: { readonly kind: string; readonly name: string } | null;
  /** Effective requests as the scheduler counts them, finished pods included (they are left out of sums). */
  readonly requests: Amounts;
  readonly limits: Amounts;
  /** Resources of which a container may take as much as there is: it has no limit. */
  readonly unlimited: readonly ('cpu' | 'memory')[];
  readonly tolerations: readonly Toleration[];
  readonly placement: Placement;
  /** Names of the PersistentVolumeClaims that it mounts, in its own namespace. */
  readonly claims: readonly string[];
  /** Those of the claims that are made with it and go with it (Kubernetes: generic ephemeral volumes). */
  readonly ephemeralClaims: readonly string[];
  /** The higher, the sooner it is placed. */
  readonly priority: number;
  /** The scheduler's own reason for not placing it; null when it gave none. */
  readonly unscheduled: string | null;
};

/** Pods that have ended hold no resources (Kubernetes scheduler, kubectl describe). */
export const isFinished = (pod: Pick<PodRow, 'phase'>): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed';
