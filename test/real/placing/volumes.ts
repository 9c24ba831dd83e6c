// Volumes as MetalK8s has them: local ones that lie on a machine, made by hand, and a few that every node reaches.
import type { Random } from '../../../source/sandbox/random.ts';
import { pick } from '../seed/quantities.ts';
import type { ClaimObject, NodeSelector, PersistentVolumeObject } from '../wire.ts';
import type { Host } from './nodes.ts';

/** Claims of the first wait for a pod, those of the second are to be bound at once. */
export const CLASSES = { waits: 'local-waits', atOnce: 'local-at-once' } as const;

export const storageClasses = (): object[] =>
  Object.values(CLASSES).map((name) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: name === CLASSES.waits ? 'WaitForFirstConsumer' : 'Immediate',
  }));

/** A claim with its volume, bound to each other. */
export type BoundClaim = { readonly claim: ClaimObject; readonly volume: PersistentVolumeObject };

const reachedBy = (...names: readonly string[]): NodeSelector => ({
  nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: names }] }],
});

type VolumeParts = {
  readonly name: string;
  readonly size: number;
  /** Nodes that it lies on, or null for one that is reached over the network. */
  readonly on: readonly string[] | null;
  readonly storageClass?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly mode?: string;
  readonly accessMode?: string;
};

const volumeOf = (parts: VolumeParts): PersistentVolumeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: parts.name, ...(parts.labels && { labels: parts.labels }) },
  spec: {
    capacity: { storage: `${parts.size}Gi` },
    accessModes: [parts.accessMode ?? 'ReadWriteOnce'],
    storageClassName: parts.storageClass ?? CLASSES.waits,
    volumeMode: parts.mode ?? 'Filesystem',
    ...(parts.on === null
      ? { nfs: { server: '198.18.64.1', path: `/${parts.name}` } }
      : { local: { path: `/srv/${parts.name}` }, nodeAffinity: { required: reachedBy(...parts.on) } }),
  },
});

/** What a claim asks for besides its name; without a class none is named at all. */
export type Asked = Partial<ClaimObject['spec']> & { readonly size: number };

export const claimOf = (namespace: string, name: string, { size, ...spec }: Asked): ClaimObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${size}Gi` } }, ...spec },
});

/** A claim that has been bound to a volume on one machine, on several, or on none. */
export function boundClaim(namespace: string, name: string, on: readonly string[] | null): BoundClaim {
  const volume = volumeOf({ name: `of-${namespace}-${name}`, size: 10, on });
  const claim = claimOf(namespace, name, {
    size: 10,
    storageClassName: CLASSES.waits,
    volumeName: volume.metadata.name,
  });
  return { claim, volume };
}

const SIZES = [1, 5, 10, 20, 50];

/** Volumes that nobody has claimed. */
export const freeVolumes = (random: Random, hosts: readonly Host[], count: number): PersistentVolumeObject[] =>
  Array.from({ length: count }, (_, number) =>
    volumeOf({
      name: `free-${number}`,
      size: pick(random, SIZES),
      on:
        random.between(1, 10) === 1
          ? [pick(random, hosts).node.name, pick(random, hosts).node.name]
          : [pick(random, hosts).node.name],
      storageClass: pick(random, [CLASSES.waits, CLASSES.waits, CLASSES.waits, CLASSES.atOnce]),
      labels: { tier: pick(random, ['gold', 'silver', 'bronze']) },
      mode: pick(random, ['Filesystem', 'Filesystem', 'Filesystem', 'Block']),
      accessMode: pick(random, ['ReadWriteOnce', 'ReadWriteOnce', 'ReadWriteOnce', 'ReadOnlyMany']),
    }),
  );
