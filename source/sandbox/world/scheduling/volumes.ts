import type { Node, Pod } from '../../wire.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../wire-storage.ts';
import { NONE, units } from '../quantity.ts';
import type { Collection } from '../store.ts';
import { matchesNode, selects } from './selection.ts';

/** The volumes of a site, and what may be asked of them. */
export type Storage = {
  volumes: Collection<PersistentVolume>;
  claims: Collection<PersistentVolumeClaim>;
  classes: Collection<StorageClass>;
};

/** A claim with the volume that it is to have. */
export type Binding = { claim: PersistentVolumeClaim; volume: PersistentVolume };

/** What the claims of a pod mean for its place: volumes that it has (null: gone), and claims that wait for a node. */
export type Mounts = { bound: readonly (PersistentVolume | null)[]; waiting: readonly PersistentVolumeClaim[] };

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
const NO_MOUNTS: Mounts = { bound: [], waiting: [] };

/** Whether a claim has its volume, by the word of the controller that binds them. */
export const isBound = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  spec.volumeName !== undefined && metadata.annotations?.[BIND_COMPLETED] !== undefined;

const classOf = ({ classes }: Storage, { spec }: PersistentVolumeClaim): StorageClass | undefined =>
  classes.get(spec.storageClassName ?? '');

/** Whether the volume of a claim is chosen with the node of its first pod. */
export const waitsForPod = (storage: Storage, claim: PersistentVolumeClaim): boolean =>
  classOf(storage, claim)?.volumeBindingMode === 'WaitForFirstConsumer';

type Named = { name: string; ephemeral: boolean };

/** Names of the claims that a pod mounts; that of an ephemeral volume is named after pod and volume. */
export const claimsOf = ({ metadata, spec }: Pod): readonly Named[] =>
  (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }): Named[] => {
    if (persistentVolumeClaim) return [{ name: persistentVolumeClaim.claimName, ephemeral: false }];
    return ephemeral ? [{ name: `${metadata.name}-${name}`, ephemeral: true }] : [];
  });

/** What is wrong with a claim wherever the pod would go, or null. */
function problemOf(claim: PersistentVolumeClaim | undefined, { name, ephemeral }: Named): string | null {
  const quoted = `persistentvolumeclaim ${JSON.stringify(name)}`;
  if (!claim) {
    return ephemeral ? `waiting for ephemeral volume controller to create the ${quoted}` : `${quoted} not found`;
  }
  if (claim.status.phase === 'Lost') {
    return `${quoted} bound to non-existent persistentvolume ${JSON.stringify(claim.spec.volumeName ?? '')}`;
  }
  return claim.metadata.deletionTimestamp === undefined ? null : `${quoted} is being deleted`;
}

/** What a pod mounts, or the reason for which no node can take it. */
export function mountsOf(pod: Pod, storage: Storage): Mounts | { why: string } {
  const named = claimsOf(pod);
  if (named.length === 0) return NO_MOUNTS;
  const claims: PersistentVolumeClaim[] = [];
  for (const each of named) {
    const claim = storage.claims.get(`${pod.metadata.namespace ?? ''}/${each.name}`);
    const why = problemOf(claim, each);
    if (why !== null) return { why };
    if (claim) claims.push(claim);
  }
  const open = claims.filter((claim) => !isBound(claim));
  const waiting = open.filter((claim) => claim.spec.volumeName === undefined && waitsForPod(storage, claim));
  if (waiting.length < open.length) return { why: 'pod has unbound immediate PersistentVolumeClaims' };
  const bound = claims.filter(isBound).map(({ spec }) => storage.volumes.get(spec.volumeName ?? '') ?? null);
  return { bound, waiting };
}

const reaches = ({ spec: { nodeAffinity } }: PersistentVolume, node: Node): boolean =>
  nodeAffinity === undefined || matchesNode(nodeAffinity.required, node);

/** Whether a volume is kept for a claim, by its name or by its uid too. */
export function isKeptFor({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return claimRef.uid === undefined || claimRef.uid === '' || claimRef.uid === metadata.uid;
}

const sizeOf = ({ spec }: PersistentVolume): number => units(spec.capacity['storage'] ?? NONE);
const askedOf = ({ spec }: PersistentVolumeClaim): number => units(spec.resources.requests?.['storage'] ?? NONE);

/** Whether a volume that nobody has is what a claim asks for. */
function suits({ metadata, spec, status }: PersistentVolume, { spec: wanted }: PersistentVolumeClaim): boolean {
  return (
    spec.claimRef === undefined &&
    status.phase === 'Available' &&
    (spec.storageClassName ?? '') === (wanted.storageClassName ?? '') &&
    (wanted.selector === undefined || selects(wanted.selector, metadata.labels)) &&
    wanted.accessModes.every((mode) => spec.accessModes.includes(mode))
  );
}

/**
 * The volume that a claim gets (Kubernetes: FindMatchingVolume): one that is kept for it, or else the smallest that
 * suits it; on a node, or anywhere when none is given. Null when there is none.
 */
export function matchVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  node: Node | null,
  taken: ReadonlySet<string>,
): PersistentVolume | null {
  let best: PersistentVolume | null = null;
  for (const volume of volumes) {
    const { metadata, spec } = volume;
    if (taken.has(metadata.name) || metadata.deletionTimestamp !== undefined) continue;
    if (sizeOf(volume) < askedOf(claim)) continue;
    if (spec.volumeMode !== (claim.spec.volumeMode ?? 'Filesystem')) continue;
    const reached = node === null || reaches(volume, node);
    if (isKeptFor(volume, claim)) return reached ? volume : null;
    if (reached && suits(volume, claim) && (best === null || sizeOf(volume) < sizeOf(best))) best = volume;
  }
  return best;
}

/** The volumes of a node for the claims that wait, or why the node cannot serve the claims of a pod. */
export function volumesOn(
  node: Node,
  { bound, waiting }: Mounts,
  storage: Storage,
): { bindings: readonly Binding[] } | { why: string } {
  for (const volume of bound) {
    if (!volume) return { why: 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)' };
    if (!reaches(volume, node)) return { why: 'node(s) had volume node affinity conflict' };
  }
  const taken = new Set<string>();
  const bindings: Binding[] = [];
  for (const claim of waiting.toSorted((a, b) => askedOf(a) - askedOf(b))) {
    const volume = matchVolume(claim, storage.volumes.values(), node, taken);
    if (!volume) return { why: "node(s) didn't find available persistent volumes to bind" };
    taken.add(volume.metadata.name);
    bindings.push({ claim, volume });
  }
  return { bindings };
}
