import { timestamp } from '../clock.ts';
import { without } from '../fields.ts';
import type { ObjectMeta } from '../wire.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../wire-storage.ts';
import {
  BIND_COMPLETED,
  claimsOf,
  isBound,
  isKeptFor,
  matchVolume,
  waitsForPod,
  type Binding,
} from './scheduling/volumes.ts';
import { isFinished } from './pods.ts';
import { record, type Site } from './site.ts';
import { keyOf } from './store.ts';

/** What keeps a volume from going while it is bound, and a claim while a pod mounts it. */
export const VOLUME_FINALIZER = 'kubernetes.io/pv-protection';
export const CLAIM_FINALIZER = 'kubernetes.io/pvc-protection';

const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
const PASS_MILLISECONDS = 100;

type Phase = PersistentVolume['status']['phase'];

export const volumeStatus = (phase: Phase, at: number): PersistentVolume['status'] => ({
  phase,
  lastPhaseTransitionTime: timestamp(at),
});

const annotated = (metadata: ObjectMeta, ...keys: readonly string[]): ObjectMeta => ({
  ...metadata,
  annotations: { ...metadata.annotations, ...Object.fromEntries(keys.map((key) => [key, 'yes'])) },
});

/** Both sides of a binding as they are when it is done. */
export function bound({ claim, volume }: Binding, at: number): Binding {
  const { name, namespace = '', uid, resourceVersion } = claim.metadata;
  const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion };
  const chosenHere = volume.spec.claimRef === undefined;
  const askedFor = claim.spec.volumeName !== undefined;
  const { accessModes, capacity } = volume.spec;
  return {
    volume: {
      ...volume,
      metadata: chosenHere ? annotated(volume.metadata, BOUND_BY_CONTROLLER) : volume.metadata,
      spec: { ...volume.spec, claimRef },
      status: volumeStatus('Bound', at),
    },
    claim: {
      ...claim,
      metadata: annotated(claim.metadata, BIND_COMPLETED, ...(askedFor ? [] : [BOUND_BY_CONTROLLER])),
      spec: { ...claim.spec, volumeName: volume.metadata.name },
      status: { phase: 'Bound', accessModes, capacity },
    },
  };
}

/** Gives a volume to a claim. */
export function bindVolume({ storage, clock }: Site, binding: Binding): void {
  const { claim, volume } = bound(binding, clock.now());
  storage.volumes.put(volume);
  storage.claims.put(claim);
}

/**
 * The controller of volumes and claims: binds what need not wait for a pod, keeps the phases, and lets go what was
 * deleted once nothing holds it.
 */
export function runVolumeBinding(site: Site): void {
  const { pods, storage, clock } = site;
  const { volumes, claims } = storage;
  let due = false;
  const soon = (): void => {
    if (due) return;
    due = true;
    site.after(PASS_MILLISECONDS, () => {
      due = false;
      for (const claim of [...claims.values()]) tendClaim(claim);
      for (const volume of [...volumes.values()]) tendVolume(volume);
    });
  };

  function tendClaim(claim: PersistentVolumeClaim): void {
    const leaving = claim.metadata.deletionTimestamp !== undefined;
    if (leaving && !isMounted(claim)) release(claims, claim, CLAIM_FINALIZER);
    else if (isBound(claim)) {
      const lost = volumes.get(claim.spec.volumeName ?? '') === undefined && claim.status.phase !== 'Lost';
      if (lost) claims.put({ ...claim, status: { phase: 'Lost' } });
    } else if (!leaving) {
      const volume = volumeFor(claim);
      if (volume) bindVolume(site, { claim, volume });
    }
  }

  /** The volume that a claim can have before there is a pod. */
  function volumeFor(claim: PersistentVolumeClaim): PersistentVolume | null {
    const { volumeName } = claim.spec;
    if (volumeName !== undefined) {
      const volume = volumes.get(volumeName);
      return volume && (volume.spec.claimRef === undefined || isKeptFor(volume, claim)) ? volume : null;
    }
    const delayed = waitsForPod(storage, claim);
    const candidates = [...volumes.values()].filter((volume) => !delayed || isKeptFor(volume, claim));
    return matchVolume(claim, candidates, null, new Set());
  }

  const isMounted = ({ metadata: { namespace, name } }: PersistentVolumeClaim): boolean =>
    [...pods.values()].some(
      (pod) =>
        pod.metadata.namespace === namespace && !isFinished(pod) && claimsOf(pod).some((each) => each.name === name),
    );

  /** The phase that a volume ought to have; one that failed stays so. */
  function phaseOf({ spec: { claimRef }, status }: PersistentVolume): Phase {
    if (status.phase === 'Failed') return 'Failed';
    if (claimRef?.uid === undefined || claimRef.uid === '') return 'Available';
    const claim = claims.get(`${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`);
    return claim?.metadata.uid === claimRef.uid ? 'Bound' : 'Released';
  }

  function tendVolume(volume: PersistentVolume): void {
    const phase = phaseOf(volume);
    const present =
      volume.status.phase === phase ? volume : volumes.put({ ...volume, status: volumeStatus(phase, clock.now()) });
    if (present.metadata.deletionTimestamp !== undefined && phase !== 'Bound')
      release(volumes, present, VOLUME_FINALIZER);
  }

  for (const collection of [volumes, claims, storage.classes]) collection.subscribe(soon);
  claims.subscribe(({ type, object }) => {
    if (type !== 'ADDED' || isBound(object) || !waitsForPod(storage, object)) return;
    const message = 'waiting for first consumer to be created before binding';
    record(site, 'PersistentVolumeClaim', object, {
      reason: 'WaitForFirstConsumer',
      message,
      component: 'persistentvolume-controller',
    });
  });
  pods.subscribe(({ type, object }) => {
    if ((type === 'DELETED' || isFinished(object)) && claimsOf(object).length > 0) soon();
  });
}

type Keeper<T> = { put(object: T): T; remove(key: string): T | undefined };

/** Takes one finalizer off an object that is to go; without any left it is gone. */
export function release<T extends { metadata: ObjectMeta }>(keeper: Keeper<T>, object: T, finalizer: string): void {
  const { finalizers = [] } = object.metadata;
  const left = finalizers.filter((each) => each !== finalizer);
  if (left.length === 0) keeper.remove(keyOf(object));
  else if (left.length < finalizers.length) {
    keeper.put({ ...object, metadata: { ...without(object.metadata, 'finalizers'), finalizers: left } });
  }
}
