import { VERSION_LABEL } from '../../product/keys.ts';
import { timestamp } from '../clock.ts';
import type { PersistentVolume, StorageClass, Volume, VolumeCondition } from '../wire-storage.ts';
import { controllerReference } from './pods.ts';
import { binaryQuantity, units } from './quantity.ts';
import { record, type Site } from './site.ts';
import { release, VOLUME_FINALIZER, volumeStatus } from './volume-binding.ts';

/** What keeps a Volume, and its PersistentVolume, until the storage has been given back (MetalK8s: storage operator). */
export const DEVICE_FINALIZER = 'storage.metalk8s.scality.com/volume-protection';

const COMPONENT = 'volume-controller';
/** How long a Salt job on the machine takes, and how long the operator waits before it looks again. */
const JOB_MILLISECONDS = 1500;
const RETRY_MILLISECONDS = 10_000;
/** Size of a whole disk that is given as a raw device. */
const DISK_BYTES = 200 * 2 ** 30;

type Source = { size: number; device: (index: number) => string };

/** Where the storage of a Volume comes from, or what is wrong with what it says. */
function sourceOf({ spec }: Volume): Source | { problem: string } {
  const { rawBlockDevice, sparseLoopDevice, lvmLogicalVolume } = spec;
  if (rawBlockDevice) {
    const name = rawBlockDevice.devicePath.split('/').at(-1) ?? '';
    return { size: DISK_BYTES, device: () => name };
  }
  const sized = sparseLoopDevice ?? lvmLogicalVolume;
  if (!sized) return { problem: 'volume type not found in Volume Spec' };
  const kind = sparseLoopDevice ? 'SparseLoopDevice' : 'LVMLogicalVolume';
  const size = units(sized.size);
  if (size <= 0) return { problem: `invalid ${kind} size (should be greater than 0)` };
  return { size, device: (index) => `${sparseLoopDevice ? 'loop' : 'dm-'}${index}` };
}

const ready = (
  at: number,
  status: VolumeCondition['status'],
  because: { reason?: string; message?: string } = {},
): VolumeCondition => ({
  type: 'Ready',
  status,
  lastTransitionTime: timestamp(at),
  lastUpdateTime: timestamp(at),
  ...because,
});

/** A Volume that is ready to be used. */
export const available = (volume: Volume, deviceName: string, at: number): Volume => ({
  ...volume,
  metadata: { ...volume.metadata, finalizers: [DEVICE_FINALIZER] },
  status: { conditions: [ready(at, 'True')], deviceName },
});

/** The PersistentVolume that the operator makes of a Volume. */
export function persistentVolumeOf(
  volume: Volume,
  { parameters, mountOptions = [] }: StorageClass,
  uid: string,
  at: number,
): PersistentVolume {
  const { name } = volume.metadata;
  const { nodeName, storageClassName, mode = 'Filesystem', template } = volume.spec;
  const source = sourceOf(volume);
  const path = `/dev/disk/by-${mode === 'Block' ? 'partuuid' : 'uuid'}/${volume.metadata.uid}`;
  const hostname = { key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] } as const;
  return {
    metadata: {
      name,
      uid,
      resourceVersion: '',
      creationTimestamp: timestamp(at),
      ...(template?.metadata?.labels === undefined ? {} : { labels: template.metadata.labels }),
      ownerReferences: [controllerReference('storage.metalk8s.scality.com/v1alpha1', 'Volume', volume.metadata)],
      finalizers: [DEVICE_FINALIZER, VOLUME_FINALIZER],
    },
    spec: {
      capacity: { storage: binaryQuantity('size' in source ? source.size : 0) },
      local: { path, fsType: parameters?.['fsType'] ?? '' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName,
      mountOptions,
      volumeMode: mode,
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hostname] }] } },
    },
    status: volumeStatus('Available', at),
  };
}

const phaseOf = ({ status }: Volume): '' | 'Available' | 'Failed' | 'Pending' | 'Terminating' => {
  const condition = status?.conditions?.[0];
  if (!condition) return '';
  if (condition.status !== 'Unknown') return condition.status === 'True' ? 'Available' : 'Failed';
  return condition.reason === 'Pending' ? 'Pending' : 'Terminating';
};

/**
 * The storage operator: prepares the device of a new Volume on its machine and makes a PersistentVolume of the same
 * name; gives the storage back when the Volume is deleted and nobody has it any more. A machine that is silent, or a
 * node without a version, is waited for.
 */
export function runVolumeOperator(site: Site, isAlive: (node: string) => boolean): void {
  const { devices, storage, nodes, clock, random } = site;

  const isReachable = ({ spec: { nodeName } }: Volume): boolean =>
    isAlive(nodeName) && nodes.get(nodeName)?.metadata.labels?.[VERSION_LABEL] !== undefined;

  function move(volume: Volume, condition: VolumeCondition, device?: string): void {
    const from = phaseOf(volume);
    const status = { conditions: [condition], ...(device === undefined ? {} : { deviceName: device }) };
    const moved = devices.put({ ...volume, status });
    const message = `volume phase transition from '${from}' to '${phaseOf(moved)}'`;
    tell(moved, 'StateTransition', message);
  }

  const tell = (volume: Volume, reason: string, message: string): void =>
    record(site, 'Volume', volume, { reason, message, component: COMPONENT });

  /** Looks at a Volume again later, if it is still the same one. */
  function later(volume: Volume, milliseconds: number): void {
    const { name, uid } = volume.metadata;
    site.after(milliseconds, () => {
      const present = devices.get(name);
      if (present?.metadata.uid === uid) tend(present);
    });
  }

  function tend(volume: Volume): void {
    const source = sourceOf(volume);
    const phase = phaseOf(volume);
    const leaving = volume.metadata.deletionTimestamp !== undefined;
    if ('problem' in source && !leaving) {
      if (phase === 'Failed') return;
      const message = `invalid volume: ${source.problem}`;
      move(volume, ready(clock.now(), 'False', { reason: 'InternalError', message }));
    } else if (!leaving && (phase === 'Available' || phase === 'Failed')) return;
    else if (!isReachable(volume)) later(volume, RETRY_MILLISECONDS);
    else if (phase === 'Pending' || (phase === '' && !leaving)) deploy(volume, phase);
    else finalize(volume);
  }

  function deploy(volume: Volume, phase: '' | 'Pending'): void {
    if (phase === '') {
      tell(volume, 'SaltCall', 'volume provisioning step 1/2 started');
      const finalizers = [...new Set([...(volume.metadata.finalizers ?? []), DEVICE_FINALIZER])];
      move(
        { ...volume, metadata: { ...volume.metadata, finalizers } },
        ready(clock.now(), 'Unknown', { reason: 'Pending' }),
      );
      return;
    }
    const storageClass = storage.classes.get(volume.spec.storageClassName);
    if (!storageClass || storage.volumes.get(volume.metadata.name)) {
      later(volume, RETRY_MILLISECONDS);
      return;
    }
    storage.volumes.put(persistentVolumeOf(volume, storageClass, random.uuid(), clock.now()));
    tell(volume, 'PvCreation', 'backing PersistentVolume created');
    move(volume, ready(clock.now(), 'True'), deviceOf(volume));
  }

  function deviceOf(volume: Volume): string {
    const source = sourceOf(volume);
    const others = [...devices.values()].filter(
      (each) => each !== volume && each.spec.nodeName === volume.spec.nodeName,
    );
    return 'device' in source ? source.device(others.length) : '';
  }

  function finalize(volume: Volume): void {
    const { name, uid } = volume.metadata;
    const found = storage.volumes.get(name);
    const own = found?.metadata.ownerReferences?.some((each) => each.uid === uid) ? found : undefined;
    if (own && own.metadata.deletionTimestamp === undefined) {
      const deletionTimestamp = timestamp(clock.now());
      storage.volumes.put({ ...own, metadata: { ...own.metadata, deletionTimestamp, deletionGracePeriodSeconds: 0 } });
      tell(volume, 'PvDeletion', 'backing PersistentVolume deleted');
      later(volume, JOB_MILLISECONDS);
    } else if (own && own.metadata.finalizers?.join() !== DEVICE_FINALIZER) later(volume, RETRY_MILLISECONDS);
    else if (phaseOf(volume) === 'Terminating') {
      if (own) release(storage.volumes, own, DEVICE_FINALIZER);
      release(devices, volume, DEVICE_FINALIZER);
    } else move(volume, ready(clock.now(), 'Unknown', { reason: 'Terminating' }));
  }

  devices.subscribe(({ type, object }) => {
    if (type !== 'DELETED') later(object, JOB_MILLISECONDS);
  });
}
