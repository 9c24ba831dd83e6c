import { hasLabels, matchesTerms, meets } from '../kubernetes/node-selector.ts';
import type { ClusterNode } from '../kubernetes/node.ts';
import { NO_PROVISIONER, type PersistentVolume, type VolumeClaim } from '../kubernetes/storage.ts';
import { valueOf } from '../reading.ts';
import type { Candidate, Obstacle, Site, Storage } from './site.ts';

// Volumes of a pod as the scheduler sees them (Kubernetes: VolumeBinding).

type ClaimObstacle = Extract<Obstacle, { kind: 'claim' }>;

/** The volume that each claim, by `namespace/name`, is to get. */
export type Bindings = ReadonlyMap<string, PersistentVolume>;

/** What a node does for the claims of a pod: volumes for those not bound yet, or what keeps the pod off. */
export type ClaimsOn = (node: ClusterNode) => Bindings | readonly ClaimObstacle[];

const NO_BINDINGS: Bindings = new Map();

/** Whether a node reaches a volume. */
export const reaches = (node: ClusterNode, { terms }: PersistentVolume): boolean =>
  terms === null || matchesTerms(terms, node);

const keyOf = ({ namespace }: Candidate, claim: string): string => `${namespace}/${claim}`;

/** The volume is set aside for the claim, or already its own. */
const isFor = ({ claim: owner }: PersistentVolume, claim: VolumeClaim): boolean =>
  owner?.namespace === claim.namespace && owner.name === claim.name && (owner.uid === '' || owner.uid === claim.uid);

/** Whether labels of a volume are what a claim asks for. */
export const selects = ({ selector }: Pick<VolumeClaim, 'selector'>, labels: PersistentVolume['labels']): boolean =>
  selector === null ||
  (hasLabels(labels, selector.labels) && selector.requirements.every((requirement) => meets(labels, requirement)));

/** A volume that the claim could get on a node that reaches it. */
function suits(volume: PersistentVolume, claim: VolumeClaim): boolean {
  if (volume.claim !== null && !isFor(volume, claim)) return false;
  if (volume.deleting || volume.mode !== claim.mode || volume.storageClass !== claim.storageClass) return false;
  if (volume.capacity === null || (claim.request !== null && volume.capacity < claim.request)) return false;
  return (
    volume.claim !== null ||
    (volume.phase === 'Available' &&
      selects(claim, volume.labels) &&
      claim.accessModes.every((mode) => volume.accessModes.includes(mode)))
  );
}

/** Those set aside for the claim first, then smallest first, then by name. */
const inOrder = (one: PersistentVolume, other: PersistentVolume): number =>
  Number(other.claim !== null) - Number(one.claim !== null) ||
  Number(one.capacity) - Number(other.capacity) ||
  (one.name < other.name ? -1 : 1);

/** Worked out once for each claim of a storage, which is not changed but replaced. */
const suitable = new WeakMap<Storage, Map<VolumeClaim, readonly PersistentVolume[]>>();

function volumesFor(claim: VolumeClaim, storage: Storage): readonly PersistentVolume[] {
  const held = suitable.get(storage) ?? new Map<VolumeClaim, readonly PersistentVolume[]>();
  suitable.set(storage, held);
  const before = held.get(claim);
  if (before !== undefined) return before;
  const found = [...storage.persistentVolumes.values()].filter((volume) => suits(volume, claim)).sort(inOrder);
  // A volume that is set aside for the claim is the only one it can get.
  const volumes = found.some(({ claim: owner }) => owner !== null) ? found.slice(0, 1) : found;
  held.set(claim, volumes);
  return volumes;
}

/** The volume that a bound claim has; undefined where that is gone. */
const boundVolume = (
  { volume, phase }: VolumeClaim,
  { persistentVolumes }: Storage,
): PersistentVolume | null | undefined => (phase !== 'Bound' || volume === null ? null : persistentVolumes.get(volume));

/** The volumes that claims of a candidate are bound to already; none where storage is not told. */
export function volumesOf(candidate: Candidate, storage: Site['storage']): readonly PersistentVolume[] {
  const told = valueOf(storage);
  if (told === null) return [];
  return candidate.claims.flatMap((name) => {
    const claim = told.claims.get(keyOf(candidate, name));
    const volume = claim && boundVolume(claim, told);
    return volume ? [volume] : [];
  });
}

/** What a claim says of every node alike, or what is asked of each one. */
type Wanted =
  | { readonly key: string; readonly on: 'every'; readonly why: ClaimObstacle['why'] }
  | { readonly key: string; readonly on: 'reaching'; readonly volume: PersistentVolume }
  | { readonly key: string; readonly on: 'offering'; readonly claim: VolumeClaim; readonly made: boolean };

function wantedOf(key: string, storage: Storage | null, promised: Bindings): Wanted {
  if (storage === null) return { key, on: 'every', why: 'untold' };
  const claim = storage.claims.get(key);
  if (claim === undefined || claim.deleting) return { key, on: 'every', why: 'no-claim' };
  const volume = promised.get(key) ?? boundVolume(claim, storage);
  if (volume === undefined) return { key, on: 'every', why: 'elsewhere' };
  if (volume !== null) return { key, on: 'reaching', volume };
  const storageClass = claim.storageClass === null ? undefined : storage.storageClasses.get(claim.storageClass);
  // A claim that names its volume is bound by the volume controller, as one whose class does not wait.
  if (storageClass?.waitsForPod !== true || claim.volume !== null) return { key, on: 'every', why: 'not-bound' };
  const made = storageClass.provisioner !== '' && storageClass.provisioner !== NO_PROVISIONER;
  return { key, on: 'offering', claim, made };
}

const sizeOf = (wanted: Wanted): number =>
  wanted.on === 'offering' && wanted.claim.request !== null ? wanted.claim.request : -1;

/**
 * How the claims of a candidate fare on a node. A bound one wants a node that reaches its volume; one that waits for
 * its pod gets the smallest volume there that suits, the smallest claim first, or one that its class makes. Volumes
 * of `promised` are taken, and the claims there bound.
 */
export function claimsOf(candidate: Candidate, storage: Site['storage'], promised: Bindings = NO_BINDINGS): ClaimsOn {
  if (candidate.claims.length === 0) return () => NO_BINDINGS;
  const told = valueOf(storage);
  const wanted = [...new Set(candidate.claims)]
    .map((name) => wantedOf(keyOf(candidate, name), told, promised))
    .sort((one, other) => sizeOf(one) - sizeOf(other));
  const taken = new Set([...promised.values()].map(({ name }) => name));
  return (node) => {
    const bindings = new Map<string, PersistentVolume>();
    const chosen = new Set<string>();
    const obstacles: ClaimObstacle[] = [];
    for (const want of wanted) {
      const against = (why: ClaimObstacle['why']) => obstacles.push({ kind: 'claim', claim: want.key, why });
      if (want.on === 'every') against(want.why);
      else if (want.on === 'reaching') {
        if (!reaches(node, want.volume)) against('elsewhere');
      } else {
        const volume =
          told === null
            ? undefined
            : volumesFor(want.claim, told).find(
                (each) => !taken.has(each.name) && !chosen.has(each.name) && reaches(node, each),
              );
        if (volume !== undefined) {
          bindings.set(want.key, volume);
          chosen.add(volume.name);
        } else if (!want.made) against('no-volume');
      }
    }
    return obstacles.length > 0 ? obstacles : bindings;
  };
}
