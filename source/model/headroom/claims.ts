import { hasLabels, matchesTerms, meets } from '../kubernetes/node-selector.ts';
import type { ClusterNode } from '../kubernetes/node.ts';
import { NO_PROVISIONER, type PersistentVolume, type VolumeClaim } from '../kubernetes/storage.ts';
import { valueOf } from '../reading.ts';
import { reaches, volumesNear } from './reach.ts';
import type { Candidate, Obstacle, Site, Storage } from './site.ts';

// Volumes of a pod as the scheduler sees them (Kubernetes: VolumeBinding).

type ClaimObstacle = Extract<Obstacle, { kind: 'claim' }>;

/** The volume that each claim, by `namespace/name`, is to get. */
export type Bindings = ReadonlyMap<string, PersistentVolume>;

/** What a node does for the claims of a pod: volumes for those not bound yet, or what keeps the pod off. */
export type ClaimsOn = (node: ClusterNode) => Bindings | readonly ClaimObstacle[];

const NO_BINDINGS: Bindings = new Map();

const keyOf = ({ namespace }: Candidate, claim: string): string => `${namespace}/${claim}`;

/** The volume is set aside for the claim, or already its own. */
const isFor = ({ claim: owner }: PersistentVolume, claim: VolumeClaim): boolean =>
  owner?.namespace === claim.namespace && owner.name === claim.name && (owner.uid === '' || owner.uid === claim.uid);

/** Whether labels of a volume are what a claim asks for. */
export const selects = ({ selector }: Pick<VolumeClaim, 'selector'>, labels: PersistentVolume['labels']): boolean =>
  selector === null ||
  (hasLabels(labels, selector.labels) && selector.requirements.every((requirement) => meets(labels, requirement)));

/** Whether a volume, free or set aside, is one that the claim could get on a node that reaches it. */
function suits(volume: PersistentVolume, claim: VolumeClaim): boolean {
  if (volume.deleting || volume.mode !== claim.mode || volume.storageClass !== claim.storageClass) return false;
  return volume.capacity !== null && (claim.request === null || volume.capacity >= claim.request);
}

/** Whether a volume that is nobody's is also in order, labelled and accessed as the claim wants. */
const isFree = (volume: PersistentVolume, claim: VolumeClaim): boolean =>
  volume.phase === 'Available' &&
  selects(claim, volume.labels) &&
  claim.accessModes.every((mode) => volume.accessModes.includes(mode));

/** Smallest first, then by name. */
const inOrder = (one: PersistentVolume, other: PersistentVolume): number =>
  Number(one.capacity) - Number(other.capacity) || (one.name < other.name ? -1 : 1);

/** Finds the first volume on a node that a claim could get and that is not `taken`. */
type Offer = (node: ClusterNode, taken: (volume: PersistentVolume) => boolean) => PersistentVolume | undefined;

function offerOf(volumes: readonly PersistentVolume[]): Offer {
  const near = volumesNear(volumes);
  return (node, taken) => {
    let first: PersistentVolume | undefined;
    for (const list of near(node)) {
      const found = list.find((volume) => !taken(volume) && reaches(node, volume));
      if (found !== undefined && (first === undefined || inOrder(found, first) < 0)) first = found;
    }
    return first;
  };
}

/** The volumes of a storage, and what is found among them for claims that ask for the same. */
type Stock = {
  /** Nobody's, in order. */
  readonly free: readonly PersistentVolume[];
  /** By the `namespace/name` of the claim for which they are set aside. */
  readonly aside: ReadonlyMap<string, readonly PersistentVolume[]>;
  readonly offers: Map<string, Offer>;
};

/** Worked out once for a storage, which is not changed but replaced. */
const stocks = new WeakMap<Storage, Stock>();

function stockOf(storage: Storage): Stock {
  const before = stocks.get(storage);
  if (before !== undefined) return before;
  const all = [...storage.persistentVolumes.values()].sort(inOrder);
  const stock: Stock = {
    free: all.filter(({ claim }) => claim === null),
    aside: Map.groupBy(
      all.filter(({ claim }) => claim !== null),
      ({ claim }) => `${claim?.namespace ?? ''}/${claim?.name ?? ''}`,
    ),
    offers: new Map(),
  };
  stocks.set(storage, stock);
  return stock;
}

function offerFor(claim: VolumeClaim, storage: Storage): Offer {
  const { free, aside, offers } = stockOf(storage);
  // A volume that is set aside for the claim is the only one it can get.
  const own = aside
    .get(`${claim.namespace}/${claim.name}`)
    ?.find((volume) => isFor(volume, claim) && suits(volume, claim));
  if (own !== undefined) return offerOf([own]);
  const { mode, storageClass, request, selector, accessModes } = claim;
  const wishes = JSON.stringify([mode, storageClass, request, selector, accessModes]);
  const before = offers.get(wishes);
  if (before !== undefined) return before;
  const offer = offerOf(free.filter((volume) => suits(volume, claim) && isFree(volume, claim)));
  offers.set(wishes, offer);
  return offer;
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
  | {
      readonly key: string;
      readonly on: 'offering';
      readonly size: number;
      readonly offer: Offer;
      readonly makes: (node: ClusterNode) => boolean;
    };

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
  const { provisioner, topologies } = storageClass;
  const provides = provisioner !== '' && provisioner !== NO_PROVISIONER;
  return {
    key,
    on: 'offering',
    size: claim.request ?? NO_SIZE,
    offer: offerFor(claim, storage),
    makes: (node) => provides && (topologies === null || matchesTerms(topologies, node)),
  };
}

/** A claim that asks for no size is served before those that do. */
const NO_SIZE = -1;

const sizeOf = (wanted: Wanted): number => (wanted.on === 'offering' ? wanted.size : NO_SIZE);

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
    const obstacles: ClaimObstacle[] = [];
    const isTaken = (volume: PersistentVolume): boolean =>
      taken.has(volume.name) || (bindings.size > 0 && [...bindings.values()].includes(volume));
    const against = (claim: string, why: ClaimObstacle['why']) => obstacles.push({ kind: 'claim', claim, why });
    for (const want of wanted) {
      if (want.on === 'every') against(want.key, want.why);
      else if (want.on === 'reaching') {
        if (!reaches(node, want.volume)) against(want.key, 'elsewhere');
      } else {
        const volume = want.offer(node, isTaken);
        if (volume !== undefined) bindings.set(want.key, volume);
        else if (!want.makes(node)) against(want.key, 'no-volume');
      }
    }
    return obstacles.length > 0 ? obstacles : bindings;
  };
}
