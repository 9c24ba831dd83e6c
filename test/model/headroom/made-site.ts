import type { Candidate, Place, Site, Storage } from '../../../source/model/headroom/site.ts';
import { weightOf } from '../../../source/model/headroom/site.ts';
import type { ClusterNode } from '../../../source/model/kubernetes/node.ts';
import { ANYWHERE } from '../../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../../source/model/kubernetes/pod.ts';
import type { PersistentVolume, StorageClass, VolumeClaim } from '../../../source/model/kubernetes/storage.ts';
import { known } from '../../../source/model/reading.ts';
import { makeNode } from '../../state/made.ts';

export const GI = 2 ** 30;

/** Storage that is seen, with what is given. */
export const storageOf = (given: {
  readonly claims?: readonly VolumeClaim[];
  readonly volumes?: readonly PersistentVolume[];
  readonly classes?: readonly StorageClass[];
}): Storage => ({
  claims: new Map((given.claims ?? []).map((claim) => [`${claim.namespace}/${claim.name}`, claim])),
  persistentVolumes: new Map((given.volumes ?? []).map((volume) => [volume.name, volume])),
  storageClasses: new Map((given.classes ?? []).map((each) => [each.name, each])),
});

export const NO_STORAGE = known(storageOf({}));

/** A place with the pods that are given, of which none has finished. */
export const placeOf = (node: ClusterNode, pods: readonly PodRow[] = []): Place => ({
  node,
  taken: pods.reduce(
    (sum, { requests }) => ({
      cpu: sum.cpu + requests.cpu,
      memory: sum.memory + requests.memory,
      ephemeralStorage: sum.ephemeralStorage + requests.ephemeralStorage,
      pods: sum.pods + 1,
    }),
    { cpu: 0, memory: 0, ephemeralStorage: 0, pods: 0 },
  ),
  weighed: pods
    .map(({ requests }) => weightOf(requests))
    .reduce((sum, { cpu, memory }) => ({ cpu: sum.cpu + cpu, memory: sum.memory + memory }), { cpu: 0, memory: 0 }),
  hostPorts: pods.flatMap(({ placement }) => placement.hostPorts),
});

export const siteWith = (places: readonly Place[], storage: Site['storage'] = NO_STORAGE): Site => ({
  places,
  storage,
});

/** A node that offers as much as is given, in cores and GiB. */
export const sized = (name: string, cores: number, gibibytes: number, more: Partial<ClusterNode> = {}): ClusterNode =>
  makeNode({
    name,
    allocatable: { cpu: cores * 1_000, memory: gibibytes * GI, ephemeralStorage: 50 * GI, pods: 110 },
    ...more,
  });

/** What asks for nothing and may go anywhere, with what is given. */
export const asking = (given: Partial<Candidate> = {}): Candidate => ({
  namespace: 'shop',
  requests: { cpu: 0, memory: 0, ephemeralStorage: 0 },
  tolerations: [],
  placement: ANYWHERE,
  claims: [],
  priority: 0,
  ...given,
});
