import { roleLabel } from '../../product/roles.ts';
import { timestamp } from '../clock.ts';
import type { Node, Pod } from '../wire.ts';
import type { StorageClass, Volume } from '../wire-storage.ts';
import { newClaims, type Owner } from './owner.ts';
import type { Site } from './site.ts';
import { bound } from './volume-binding.ts';
import { available, persistentVolumeOf } from './volume-operator.ts';
import type { ClaimTemplate } from './workloads/workload.ts';

/** The StorageClass of MetalK8s: local volumes, each chosen with the node of the pod that mounts it. */
export const storageClassOf = (uid: string, createdAt: number): StorageClass => ({
  metadata: {
    name: 'metalk8s',
    uid,
    resourceVersion: '',
    creationTimestamp: timestamp(createdAt),
    labels: { 'app.kubernetes.io/managed-by': 'salt', 'app.kubernetes.io/part-of': 'metalk8s' },
  },
  provisioner: 'kubernetes.io/no-provisioner',
  parameters: { fsType: 'ext4', mkfsOptions: '["-m", "0"]' },
  reclaimPolicy: 'Retain',
  mountOptions: ['rw', 'discard'],
  volumeBindingMode: 'WaitForFirstConsumer',
});

const SOURCES: Readonly<Record<ClaimTemplate['from'], (size: string) => Partial<Volume['spec']>>> = {
  disk: () => ({ rawBlockDevice: { devicePath: '/dev/vdb' } }),
  'sparse file': (size) => ({ sparseLoopDevice: { size } }),
  'logical volume': (size) => ({ lvmLogicalVolume: { vgName: 'metalk8s', size } }),
};

const DEVICES: Readonly<Record<ClaimTemplate['from'], (index: number) => string>> = {
  disk: () => 'vdb',
  'sparse file': (index) => `loop${index}`,
  'logical volume': (index) => `dm-${index}`,
};

/** A name for the Volume of a node that is still free. */
function freeName({ devices }: Site, node: string, volume: string): string {
  let name = `${node}-${volume}`;
  for (let count = 2; devices.get(name); count += 1) name = `${node}-${volume}-${count}`;
  return name;
}

/** Where the volumes of an owner's pods may have been made: on nodes of the role that they are for, on each one first. */
export function volumeNodes({ index }: Site, { workload: { claims = [] }, uid }: Owner): (node: Node) => boolean {
  const used = new Set([...index.ownedBy(uid)].map(({ spec }) => spec.nodeName));
  const roles = claims.flatMap(({ role }) => (role === undefined ? [] : [role]));
  return ({ metadata: { name, labels = {} } }) =>
    !used.has(name) && roles.every((role) => Object.hasOwn(labels, roleLabel(role)));
}

/** Puts the claims of a pod of the past in place, each bound to a Volume of the pod's node; unbound without a node. */
export function seedClaims(site: Site, owner: Owner, pod: Pod, node: Node | null, at: number): void {
  const { storage, devices, random } = site;
  const storageClass = storage.classes.get('metalk8s');
  const templates = owner.workload.claims ?? [];
  for (const [index, claim] of newClaims(site, owner, pod, at).entries()) {
    const template = templates[index];
    if (!template || !node || !storageClass) {
      storage.claims.seed(claim);
      continue;
    }
    const seeded = storage.claims.seed(claim);
    const onNode = [...devices.values()].filter(({ spec }) => spec.nodeName === node.metadata.name).length;
    const volume: Volume = {
      metadata: {
        name: freeName(site, node.metadata.name, template.volume),
        uid: random.uuid(),
        resourceVersion: '',
        creationTimestamp: timestamp(at),
      },
      spec: {
        nodeName: node.metadata.name,
        storageClassName: 'metalk8s',
        mode: 'Filesystem',
        ...SOURCES[template.from](template.size),
        template: { metadata: { labels: template.labels }, spec: {} },
      },
    };
    const device = devices.seed(available(volume, DEVICES[template.from](onNode), at));
    const persistent = persistentVolumeOf(device, storageClass, random.uuid(), at);
    const binding = bound({ claim: seeded, volume: persistent }, at);
    storage.volumes.seed(binding.volume);
    storage.claims.seed(binding.claim);
  }
}
