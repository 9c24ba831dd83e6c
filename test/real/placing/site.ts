// The site on which the scheduler judges: made by a seed, planted on a real cluster, and brought back after each case.
import { seededRandom, type Random } from '../../../source/sandbox/random.ts';
import { ensure, forEach, plantPod } from '../seed.ts';
import { SANDBOXED } from '../seed/pods.ts';
import type { Api } from '../servers/api.ts';
import type { ClaimObject, NodeObject, PersistentVolumeObject, PodObject } from '../wire.ts';
import { hosts, type Host } from './nodes.ts';
import { hostedPods, NAMESPACE, priorityClasses, type HostedPod } from './pods.ts';
import { freeVolumes, storageClasses, type BoundClaim } from './volumes.ts';

/** Where the pods of the cases are created. */
export const JUDGED = 'judged';

const PODS = 2_000;
const FREE_VOLUMES = 40;
const MERGE = 'application/merge-patch+json';

export type PlacingSite = {
  readonly hosts: readonly Host[];
  readonly pods: readonly HostedPod[];
  readonly free: readonly PersistentVolumeObject[];
};

/** A hundred nodes, 2,000 pods bound to them, and volumes. */
export function placingSite(random: Random, now: Date): PlacingSite {
  const made = hosts(random, now);
  return { hosts: made, pods: hostedPods(random, PODS, made), free: freeVolumes(random, made, FREE_VOLUMES) };
}

export const seededSite = (seed: number, now = new Date()): PlacingSite => placingSite(seededRandom(seed), now);

const podsIn = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;
const claimsIn = (namespace: string) => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
const VOLUMES = '/api/v1/persistentvolumes';
const pathOf = ({ metadata: { name, namespace = '' } }: PodObject): string => `${podsIn(namespace)}/${name}`;

/** As kubelet and node controller leave it; in one request, so that the scheduler never sees it half made. */
const nodeOf = ({ node }: Host): NodeObject => ({
  ...node.manifest,
  ...(node.status !== null && { status: node.status }),
});

/** Creates a volume that is free to be claimed. */
export async function createVolume(api: Api, volume: PersistentVolumeObject): Promise<void> {
  await api.do('POST', VOLUMES, volume);
  await api.do('PATCH', `${VOLUMES}/${volume.metadata.name}/status`, { status: { phase: 'Available' } }, MERGE);
}

/** Removes a volume whoever claims it: its finalizer waits for a controller that is not there. */
export async function removeVolume(api: Api, name: string): Promise<void> {
  await api.do('PATCH', `${VOLUMES}/${name}`, { metadata: { finalizers: null } }, MERGE);
  await api.do('DELETE', `${VOLUMES}/${name}`);
}

export async function createClaim(api: Api, claim: ClaimObject): Promise<ClaimObject> {
  return api.do<ClaimObject>('POST', claimsIn(claim.metadata.namespace ?? ''), claim);
}

/** What the volume controller does in the end: volume and claim name each other, and both say Bound. */
export async function completeBinding(api: Api, volume: PersistentVolumeObject, claim: ClaimObject): Promise<void> {
  const { namespace = '', name, uid = '' } = claim.metadata;
  const path = `${VOLUMES}/${volume.metadata.name}`;
  await api.do('PATCH', path, { spec: { claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid } } }, MERGE);
  await api.do('PATCH', `${path}/status`, { status: { phase: 'Bound' } }, MERGE);
  const annotations = { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' };
  const bound = { metadata: { annotations }, spec: { volumeName: volume.metadata.name } };
  await api.do('PATCH', `${claimsIn(namespace)}/${name}`, bound, MERGE);
  const { accessModes, capacity } = volume.spec;
  const status = { phase: 'Bound', accessModes, capacity };
  await api.do('PATCH', `${claimsIn(namespace)}/${name}/status`, { status }, MERGE);
}

async function createBound(api: Api, { claim, volume }: BoundClaim): Promise<void> {
  await createVolume(api, volume);
  await completeBinding(api, volume, await createClaim(api, claim));
}

/** Creates all of it; `claims` are further ones, bound already. */
export async function plantSite(api: Api, site: PlacingSite, claims: readonly BoundClaim[], now: Date): Promise<void> {
  for (const name of [NAMESPACE, JUDGED, 'kube-system'])
    await ensure(api, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await ensure(api, `/apis/${SANDBOXED.apiVersion}/runtimeclasses`, SANDBOXED);
  for (const one of priorityClasses()) await api.do('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', one);
  for (const one of storageClasses()) await api.do('POST', '/apis/storage.k8s.io/v1/storageclasses', one);
  await forEach(site.hosts, async (host) => {
    await api.do('POST', '/api/v1/nodes', nodeOf(host));
  });
  await forEach(site.free, (volume) => createVolume(api, volume));
  await forEach([...site.pods.flatMap(({ bound }) => bound ?? []), ...claims], (bound) => createBound(api, bound));
  await plantPods(api, site.pods, now);
}

async function plantPods(api: Api, pods: readonly HostedPod[], now: Date): Promise<void> {
  await forEach(pods, (pod) => plantPod(api, pod, new Map(), now));
}

/** Deletes pods and leaves none of them behind. */
export const removePods = (api: Api, pods: readonly PodObject[]): Promise<void> =>
  forEach(pods, async (pod) => {
    await api.do('DELETE', pathOf(pod), { gracePeriodSeconds: 0 });
  });

/** Deletes claims that were waiting, and makes the volumes that they got what they were. */
export async function releaseClaims(api: Api, { free }: PlacingSite, claims: readonly ClaimObject[]): Promise<void> {
  for (const { metadata } of claims) {
    const { name, namespace = '' } = metadata;
    const path = `${claimsIn(namespace)}/${name}`;
    const { spec } = await api.do<ClaimObject>('PATCH', path, { metadata: { finalizers: null } }, MERGE);
    await api.do('DELETE', path);
    const volume = free.find((one) => one.metadata.name === spec.volumeName);
    const wasNamed = claims.some((claim) => claim.spec.volumeName !== undefined);
    if (volume === undefined || wasNamed) continue;
    await removeVolume(api, volume.metadata.name);
    await createVolume(api, volume);
  }
}

/** The node is gone for good, and its pods with it. */
export async function loseNode(api: Api, site: PlacingSite, name: string): Promise<void> {
  await api.do('DELETE', `/api/v1/nodes/${name}`);
  await removePods(
    api,
    podsOn(site, name).map(({ manifest }) => manifest),
  );
}

/** Node and pods as they were before, pods first: nobody else finds the node empty. */
export async function returnNode(api: Api, site: PlacingSite, name: string, now: Date): Promise<void> {
  const host = site.hosts.find(({ node }) => node.name === name);
  if (host === undefined) throw new Error(`The site has no node ${name}.`);
  await plantPods(api, podsOn(site, name), now);
  await api.do('POST', '/api/v1/nodes', nodeOf(host));
}

export const podsOn = ({ pods }: PlacingSite, name: string): HostedPod[] =>
  pods.filter(({ manifest }) => manifest.spec.nodeName === name);
