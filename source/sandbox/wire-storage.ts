import type { LabelSelector, NodeSelector, ObjectMeta, ObjectReference } from './wire.ts';

export type VolumeMode = 'Filesystem' | 'Block';

/** core/v1 PersistentVolume. */
export type PersistentVolume = {
  metadata: ObjectMeta;
  spec: {
    capacity: Record<string, string>;
    local?: { path: string; fsType?: string };
    accessModes: readonly string[];
    claimRef?: ObjectReference;
    persistentVolumeReclaimPolicy: 'Retain' | 'Delete' | 'Recycle';
    storageClassName?: string;
    mountOptions?: readonly string[];
    volumeMode: VolumeMode;
    nodeAffinity?: { required: NodeSelector };
  };
  status: {
    phase: 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed';
    message?: string;
    reason?: string;
    lastPhaseTransitionTime?: string;
  };
};

export type PersistentVolumeClaimSpec = {
  accessModes: readonly string[];
  selector?: LabelSelector;
  resources: { requests?: Record<string, string>; limits?: Record<string, string> };
  volumeName?: string;
  storageClassName?: string;
  volumeMode?: VolumeMode;
};

/** core/v1 PersistentVolumeClaim. */
export type PersistentVolumeClaim = {
  metadata: ObjectMeta;
  spec: PersistentVolumeClaimSpec;
  status: {
    phase: 'Pending' | 'Bound' | 'Lost';
    accessModes?: readonly string[];
    capacity?: Record<string, string>;
  };
};

/** storage.k8s.io/v1 StorageClass. */
export type StorageClass = {
  metadata: ObjectMeta;
  provisioner: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: 'Retain' | 'Delete';
  mountOptions?: readonly string[];
  allowVolumeExpansion?: boolean;
  volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
};

export type VolumeCondition = {
  type: 'Ready';
  status: 'True' | 'False' | 'Unknown';
  lastTransitionTime: string;
  lastUpdateTime: string;
  reason?: string;
  message?: string;
};

/** storage.metalk8s.scality.com/v1alpha1 Volume: a device of one machine. It has no status until the operator saw it. */
export type Volume = {
  metadata: ObjectMeta;
  spec: {
    nodeName: string;
    storageClassName: string;
    mode?: VolumeMode;
    rawBlockDevice?: { devicePath: string };
    sparseLoopDevice?: { size: string };
    lvmLogicalVolume?: { vgName: string; size: string };
    template?: { metadata?: { labels?: Record<string, string> }; spec?: object };
  };
  status?: { conditions?: readonly VolumeCondition[]; job?: string; deviceName?: string };
};
