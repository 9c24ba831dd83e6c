/**
 * A Volume of MetalK8s (storage.metalk8s.scality.com/v1alpha1): a device on one machine, from which a PersistentVolume
 * of the same name is made.
 */
export type Volume = {
  readonly uid: string;
  readonly name: string;
  readonly node: string;
  readonly storageClass: string;
  /** What its PersistentVolume is labelled with. */
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes of a sparse file or logical volume; null for a raw device, which says nothing. */
  readonly size: number | null;
  /** From the Ready condition (MetalK8s: volume phases); null while there is none. */
  readonly phase: 'Available' | 'Failed' | 'Pending' | 'Terminating' | null;
  /** What the Ready condition says; empty when nothing. */
  readonly message: string;
  readonly deleting: boolean;
};
