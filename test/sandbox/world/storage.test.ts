import { describe, expect, it } from 'vitest';
import type { StorageClass, Volume } from '../../../source/sandbox/wire-storage.ts';
import { metadata, storageSite } from './storage-site.ts';

const { world, advance, of, volumes, persistent, claims, addVolume, addClaim, addPod, nodeOf, phaseOf, remove } =
  storageSite();
const VOLUMES = '/apis/storage.metalk8s.scality.com/v1alpha1/volumes';

describe('the storage of the standard site', () => {
  it('has a claim for each pod that keeps data, bound to a Volume of the node that it runs on', () => {
    const bound = world()
      .pods.all()
      .flatMap(({ metadata: { namespace = '' }, spec }) =>
        (spec.volumes ?? []).map(({ persistentVolumeClaim: { claimName } = { claimName: '' } }) => {
          const claim = claims().get(`${namespace}/${claimName}`);
          const volume = persistent().get(claim?.spec.volumeName ?? '');
          const device = volumes().get(claim?.spec.volumeName ?? '');
          expect(volume?.spec.claimRef?.uid).toBe(claim?.metadata.uid);
          expect([claim?.status.phase, volume?.status.phase]).toEqual(['Bound', 'Bound']);
          expect(device?.status?.conditions?.[0]).toMatchObject({ type: 'Ready', status: 'True' });
          expect(device?.spec.nodeName).toBe(spec.nodeName);
          expect(JSON.stringify(volume?.spec.nodeAffinity)).toContain(`"${spec.nodeName ?? ''}"`);
          return claimName;
        }),
      );
    expect(bound).toEqual([
      'data-object-store-0',
      'data-object-store-1',
      'data-object-store-2',
      'storage-loki-0',
      'alertmanager-prometheus-operator-alertmanager-db-alertmanager-prometheus-operator-alertmanager-0',
      'prometheus-prometheus-operator-prometheus-db-prometheus-prometheus-operator-prometheus-0',
    ]);
    const homes = persistent()
      .all()
      .map(({ metadata: { name } }) => name.replace(/^par1-(\w+)-\d-/, '$1 '));
    expect(homes.sort()).toEqual([
      'control alertmanager',
      'control loki',
      'control prometheus',
      ...Array.from({ length: 3 }, () => 'worker object-store'),
    ]);
  });

  it('has one class, which waits for the first pod', () => {
    expect(of<StorageClass>('storageclasses').all()).toMatchObject([
      {
        metadata: { name: 'metalk8s' },
        provisioner: 'kubernetes.io/no-provisioner',
        reclaimPolicy: 'Retain',
        volumeBindingMode: 'WaitForFirstConsumer',
        mountOptions: ['rw', 'discard'],
        parameters: { fsType: 'ext4', mkfsOptions: '["-m", "0"]' },
      },
    ]);
  });
});

describe('a Volume', () => {
  it('becomes Available after a moment, with a PersistentVolume of its name on its node', () => {
    addVolume('data-1', { labels: { app: 'x' } });
    advance(2000);
    expect(volumes().get('data-1')?.status?.conditions?.[0]).toMatchObject({ status: 'Unknown', reason: 'Pending' });
    advance(5000);
    expect(volumes().get('data-1')).toMatchObject({
      metadata: { finalizers: ['storage.metalk8s.scality.com/volume-protection'] },
      status: { conditions: [{ type: 'Ready', status: 'True' }], deviceName: 'loop1' },
    });
    expect(persistent().get('data-1')).toMatchObject({
      metadata: { labels: { app: 'x' }, ownerReferences: [{ kind: 'Volume', uid: 'uid of data-1' }] },
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'metalk8s',
        volumeMode: 'Filesystem',
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['par1-worker-1'] }] },
            ],
          },
        },
      },
      status: { phase: 'Available' },
    });
  });

  const sources: [what: string, spec: Partial<Volume['spec']>, size: string, device: RegExp][] = [
    ['a disk', { rawBlockDevice: { devicePath: '/dev/vdc' } }, '200Gi', /^vdc$/],
    ['a logical volume', { lvmLogicalVolume: { vgName: 'vg', size: '3Gi' } }, '3Gi', /^dm-\d+$/],
    ['a sparse file', { sparseLoopDevice: { size: '1500Mi' } }, '1500Mi', /^loop\d+$/],
  ];
  it.each(sources)('can be made of %s', (_, spec, size, device) => {
    addVolume('made', spec);
    advance(7000);
    expect(persistent().get('made')?.spec.capacity).toEqual({ storage: size });
    expect(volumes().get('made')?.status?.deviceName).toMatch(device);
  });

  it('fails without a source, and with nothing of one', () => {
    volumes().put({ metadata: metadata('none'), spec: { nodeName: 'par1-worker-1', storageClassName: 'metalk8s' } });
    addVolume('empty', { sparseLoopDevice: { size: '0' } });
    advance(7000);
    const told = ['none', 'empty'].map((name) => volumes().get(name)?.status?.conditions?.[0]);
    expect(told).toMatchObject([
      { status: 'False', reason: 'InternalError', message: 'invalid volume: volume type not found in Volume Spec' },
      { status: 'False', reason: 'InternalError' },
    ]);
    expect([phaseOf('none'), phaseOf('empty')]).toEqual([undefined, undefined]);
  });

  it('waits for a machine that is silent, and for a class that is not there', () => {
    world().silence('par1-worker-1');
    addVolume('later');
    addVolume('classless', { nodeName: 'par1-worker-2', storageClassName: 'fast' });
    advance(60_000);
    expect([phaseOf('later'), phaseOf('classless')]).toEqual([undefined, undefined]);
    world().revive('par1-worker-1');
    of<StorageClass>('storageclasses').put({ metadata: metadata('fast'), provisioner: 'kubernetes.io/no-provisioner' });
    advance(30_000);
    expect([phaseOf('later'), phaseOf('classless')]).toEqual(['Available', 'Available']);
  });

  it('that is deleted stays until its claim is gone, and then goes with its PersistentVolume', async () => {
    addVolume('kept');
    addClaim('data');
    addPod('user', 'data');
    advance(10_000);
    expect([nodeOf('user'), phaseOf('kept')]).toEqual(['par1-worker-1', 'Bound']);
    await remove(`${VOLUMES}/kept`);
    advance(30_000);
    expect(phaseOf('kept')).toBe('Bound');
    await remove('/api/v1/namespaces/shop/persistentvolumeclaims/data');
    advance(30_000);
    expect(claims().get('shop/data')?.metadata.deletionTimestamp).toBeDefined();
    expect(phaseOf('kept')).toBe('Bound');
    await remove('/api/v1/namespaces/shop/pods/user');
    advance(60_000);
    expect([claims().get('shop/data'), persistent().get('kept'), volumes().get('kept')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
