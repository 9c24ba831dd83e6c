import type { PersistentVolume, StorageClass, VolumeClaim } from '../../model/kubernetes/storage.ts';
import type { Volume } from '../../model/volume.ts';
import { byteCount, identityOf } from './decode.ts';
import { decodeRequirement, decodeTerms, decodeTopologies } from './decode-placement.ts';
import { asArray, asName, asObject, asObjects, asText, asTexts, type Fields } from './fields.ts';

const isDeleting = (metadata: Fields | null): boolean => asName(metadata?.['deletionTimestamp']) !== null;

/** A PersistentVolume of the API (v1), or null when it is none. */
export function decodePersistentVolume(object: unknown): PersistentVolume | null {
  const volume = asObject(object);
  const metadata = asObject(volume?.['metadata']);
  const identity = identityOf(metadata);
  if (identity === null) return null;
  const spec = asObject(volume?.['spec']);
  const claim = asObject(spec?.['claimRef']);
  return {
    ...identity,
    labels: asTexts(metadata?.['labels']),
    storageClass: asText(spec?.['storageClassName']),
    capacity: byteCount(asObject(spec?.['capacity'])?.['storage']),
    accessModes: asArray(spec?.['accessModes']).map(asText),
    mode: asName(spec?.['volumeMode']) ?? 'Filesystem',
    phase: asText(asObject(volume?.['status'])?.['phase']),
    claim: claim && {
      namespace: asText(claim['namespace']),
      name: asText(claim['name']),
      uid: asText(claim['uid']),
    },
    terms: decodeTerms(asObject(spec?.['nodeAffinity'])?.['required']),
    deleting: isDeleting(metadata),
  };
}

/** A PersistentVolumeClaim of the API (v1), or null when it is none. */
export function decodeClaim(object: unknown): VolumeClaim | null {
  const claim = asObject(object);
  const metadata = asObject(claim?.['metadata']);
  const identity = identityOf(metadata);
  if (identity === null) return null;
  const spec = asObject(claim?.['spec']);
  const selector = asObject(spec?.['selector']);
  const storageClass = spec?.['storageClassName'];
  return {
    ...identity,
    namespace: asText(metadata?.['namespace']),
    storageClass: typeof storageClass === 'string' ? storageClass : null,
    request: byteCount(asObject(asObject(spec?.['resources'])?.['requests'])?.['storage']),
    accessModes: asArray(spec?.['accessModes']).map(asText),
    mode: asName(spec?.['volumeMode']) ?? 'Filesystem',
    selector: selector && {
      labels: asTexts(selector['matchLabels']),
      requirements: asObjects(selector['matchExpressions']).map(decodeRequirement),
    },
    phase: asText(asObject(claim?.['status'])?.['phase']),
    volume: asName(spec?.['volumeName']),
    deleting: isDeleting(metadata),
  };
}

/** A StorageClass of the API (storage.k8s.io/v1), or null when it is none. */
export function decodeStorageClass(object: unknown): StorageClass | null {
  const found = asObject(object);
  const identity = identityOf(asObject(found?.['metadata']));
  if (found === null || identity === null) return null;
  return {
    ...identity,
    provisioner: asText(found['provisioner']),
    waitsForPod: found['volumeBindingMode'] === 'WaitForFirstConsumer',
    topologies: decodeTopologies(found['allowedTopologies']),
  };
}

/** The phase of a Volume follows from its Ready condition (MetalK8s: "Volume" states). */
function phaseOf(ready: Fields | undefined): Volume['phase'] {
  switch (ready?.['status']) {
    case 'True':
      return 'Available';
    case 'False':
      return 'Failed';
    case 'Unknown':
      return ready['reason'] === 'Pending' ? 'Pending' : 'Terminating';
    default:
      return null;
  }
}

/** A Volume of MetalK8s (storage.metalk8s.scality.com/v1alpha1), or null when it is none. */
export function decodeVolume(object: unknown): Volume | null {
  const volume = asObject(object);
  const metadata = asObject(volume?.['metadata']);
  const identity = identityOf(metadata);
  if (identity === null) return null;
  const spec = asObject(volume?.['spec']);
  const ready = asObjects(asObject(volume?.['status'])?.['conditions']).find(({ type }) => type === 'Ready');
  const template = asObject(asObject(spec?.['template'])?.['metadata']);
  return {
    ...identity,
    node: asText(spec?.['nodeName']),
    storageClass: asText(spec?.['storageClassName']),
    labels: asTexts(template?.['labels']),
    size: byteCount(asObject(spec?.['sparseLoopDevice'])?.['size'] ?? asObject(spec?.['lvmLogicalVolume'])?.['size']),
    phase: phaseOf(ready),
    message: asText(ready?.['message']),
    deleting: isDeleting(metadata),
  };
}
