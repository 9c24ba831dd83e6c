import type { NodeTerm, Requirement } from './placement.ts';

/** A PersistentVolume. One of a MetalK8s Volume lies on one machine, which its node affinity names. */
export type PersistentVolume = {
  readonly uid: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Name of its StorageClass; empty when it has none. */
  readonly storageClass: string;
  /** Bytes; null when it does not say. */
  readonly capacity: number | null;
  readonly accessModes: readonly string[];
  /** `Filesystem` or `Block`. */
  readonly mode: string;
  /** Pending, Available, Bound, Released or Failed, as it came. */
  readonly phase: string;
  /** The claim for which it is bound or set aside; the uid is empty while only the name is reserved. */
  readonly claim: { readonly namespace: string; readonly name: string; readonly uid: string } | null;
  /** Nodes that reach it; null is every node. */
  readonly terms: readonly NodeTerm[] | null;
  readonly deleting: boolean;
};

/** A PersistentVolumeClaim. */
export type VolumeClaim = {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Name of the StorageClass; empty for none, null when not set (the default class was not there). */
  readonly storageClass: string | null;
  /** Bytes asked for; null when it does not say. */
  readonly request: number | null;
  readonly accessModes: readonly string[];
  readonly mode: string;
  /** What the labels of a volume must be; null when any will do. */
  readonly selector: {
    readonly labels: Readonly<Record<string, string>>;
    readonly requirements: readonly Requirement[];
  } | null;
  /** Pending, Bound or Lost, as it came. */
  readonly phase: string;
  /** The PersistentVolume that it is bound to, or asks for by name; null while there is none. */
  readonly volume: string | null;
  readonly deleting: boolean;
};

export type StorageClass = {
  readonly uid: string;
  readonly name: string;
  readonly provisioner: string;
  /** Whether a volume is chosen with the node of the first pod, and not as soon as it is claimed. */
  readonly waitsForPod: boolean;
  /** Nodes for which it makes volumes; null is every node. */
  readonly topologies: readonly NodeTerm[] | null;
};

/** The provisioner of classes whose volumes are made by hand, as those of MetalK8s (Kubernetes: local volumes). */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
