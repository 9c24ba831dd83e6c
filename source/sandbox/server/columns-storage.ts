import type { PersistentVolume, PersistentVolumeClaim, StorageClass, Volume } from '../wire-storage.ts';
import { NONE } from '../world/quantity.ts';
import { ageColumn, nameColumn, type Column } from './column.ts';

const UNSET = '<unset>';
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** Abbreviations of access modes, in the order in which they are told. */
const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const accessModes = (modes: readonly string[] = []): string =>
  Object.entries(ACCESS_MODES)
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');

type Phased = { metadata: { deletionTimestamp?: string }; status: { phase?: string } };

const phaseOf = ({ metadata, status }: Phased): string =>
  metadata.deletionTimestamp === undefined ? (status.phase ?? '') : 'Terminating';

const text = <T>(name: string, description: string, cell: Column<T>['cell'], priority: 0 | 1 = 0): Column<T> => ({
  name,
  priority,
  description,
  cell,
});

export const persistentVolumeColumns: readonly Column<PersistentVolume>[] = [
  nameColumn,
  text('Capacity', 'Size of the volume.', ({ spec }) => spec.capacity['storage'] ?? NONE),
  text('Access Modes', 'Ways to mount it.', ({ spec }) => accessModes(spec.accessModes)),
  text('Reclaim Policy', 'What happens to it once released.', ({ spec }) => spec.persistentVolumeReclaimPolicy),
  text('Status', 'The phase of the volume.', phaseOf),
  text('Claim', 'The claim that has it.', ({ spec: { claimRef } }) =>
    claimRef === undefined ? '' : `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`,
  ),
  text('StorageClass', 'Its class.', ({ spec }) => spec.storageClassName ?? ''),
  text('VolumeAttributesClass', 'Its class of attributes.', () => UNSET),
  text('Reason', 'Why it is in this phase.', ({ status }) => status.reason ?? ''),
  ageColumn,
  text('VolumeMode', 'File system or block device.', ({ spec }) => spec.volumeMode, 1),
];

/** A claim that names no volume yet has neither size nor modes to show. */
const ofBound =
  (cell: (claim: PersistentVolumeClaim) => string) =>
  (claim: PersistentVolumeClaim): string =>
    claim.spec.volumeName === undefined ? '' : cell(claim);

export const claimColumns: readonly Column<PersistentVolumeClaim>[] = [
  nameColumn,
  text('Status', 'The phase of the claim.', phaseOf),
  text('Volume', 'The volume that it has or wants.', ({ spec }) => spec.volumeName ?? ''),
  text(
    'Capacity',
    'Size that it has.',
    ofBound(({ status }) => status.capacity?.['storage'] ?? NONE),
  ),
  text(
    'Access Modes',
    'Ways in which it may mount.',
    ofBound(({ status }) => accessModes(status.accessModes)),
  ),
  text('StorageClass', 'Its class.', ({ spec }) => spec.storageClassName ?? ''),
  text('VolumeAttributesClass', 'Its class of attributes.', () => UNSET),
  ageColumn,
  text('VolumeMode', 'File system or block device.', ({ spec }) => spec.volumeMode ?? UNSET, 1),
];

export const storageClassColumns: readonly Column<StorageClass>[] = [
  {
    ...nameColumn,
    cell: ({ metadata: { name, annotations = {} } }) =>
      annotations[DEFAULT_CLASS] === 'true' ? `${name} (default)` : name,
  },
  text('Provisioner', 'Who makes its volumes.', ({ provisioner }) => provisioner),
  text('ReclaimPolicy', 'What happens to its volumes.', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
  text('VolumeBindingMode', 'When its volumes are bound.', ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
  text(
    'AllowVolumeExpansion',
    'Whether its volumes can grow.',
    ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false,
  ),
  ageColumn,
];

/** The columns that the definition of Volume prescribes: an age is not among them. */
export const volumeColumns: readonly Column<Volume>[] = [
  nameColumn,
  text('Node', 'The node on which the volume is available', ({ spec }) => spec.nodeName),
  text('StorageClass', 'The storage class of the volume', ({ spec }) => spec.storageClassName),
];
