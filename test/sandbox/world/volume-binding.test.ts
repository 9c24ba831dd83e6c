import { describe, expect, it } from 'vitest';
import type { StorageClass } from '../../../source/sandbox/wire-storage.ts';
import { metadata, storageSite, type ClaimTraits, type VolumeTraits } from './storage-site.ts';

const { world, advance, of, persistent, claims, addVolume, addClaim, addPod, nodeOf, whyOf, phaseOf, remove } =
  storageSite();

describe('a claim', () => {
  it('waits for its first pod, and gets the smallest volume that suits it on the node of the pod', () => {
    for (const size of ['40Gi', '20Gi', '5Gi']) addVolume(`v-${size.toLowerCase()}`, { sparseLoopDevice: { size } });
    addClaim('data');
    advance(10_000);
    expect(claims().get('shop/data')?.status.phase).toBe('Pending');
    addPod('user', 'data');
    advance(5000);
    expect(nodeOf('user')).toBe('par1-worker-1');
    expect(claims().get('shop/data')).toMatchObject({
      metadata: {
        annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' },
      },
      spec: { volumeName: 'v-20gi' },
      status: { phase: 'Bound', capacity: { storage: '20Gi' } },
    });
    expect(persistent().get('v-20gi')).toMatchObject({
      metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
      spec: { claimRef: { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data', uid: 'uid of data' } },
      status: { phase: 'Bound' },
    });
    expect([phaseOf('v-40gi'), phaseOf('v-5gi')]).toEqual(['Available', 'Available']);
  });

  const unsuitable: [what: string, volume: VolumeTraits, claim: ClaimTraits][] = [
    ['another class', {}, { storageClassName: 'other' }],
    ['another mode', { mode: 'Block' }, {}],
    ['another access', {}, { accessModes: ['ReadWriteMany'] }],
    ['labels that it does not ask for', { labels: { app: 'y' } }, { selector: { matchLabels: { app: 'x' } } }],
    ['too little', {}, { size: '11Gi' }],
  ];
  it.each(unsuitable)('does not take a volume with %s', (_, volume, claim) => {
    of<StorageClass>('storageclasses').put({
      metadata: metadata('other'),
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    addVolume('candidate', volume);
    addClaim('data', claim);
    addPod('user', 'data');
    advance(10_000);
    expect(phaseOf('candidate')).toBe('Available');
    expect(whyOf('user')).toMatch(/3 node\(s\) didn't find available persistent volumes to bind/);
    expect(whyOf('user')).toMatch(
      /preemption: 0\/6 nodes are available: 6 Preemption is not helpful for scheduling\.$/,
    );
  });

  it('is served as soon as its Volume is there', () => {
    addClaim('data');
    addPod('user', 'data');
    advance(5000);
    expect(nodeOf('user')).toBeUndefined();
    addVolume('late', { nodeName: 'par1-worker-2' });
    advance(10_000);
    expect(nodeOf('user')).toBe('par1-worker-2');
  });

  it('takes two volumes of one node, or none at all', () => {
    addVolume('one', { nodeName: 'par1-worker-1' });
    addVolume('two', { nodeName: 'par1-worker-2' });
    addClaim('a');
    addClaim('b');
    addPod('user', 'a', 'b');
    advance(10_000);
    expect([nodeOf('user'), phaseOf('one'), phaseOf('two')]).toEqual([undefined, 'Available', 'Available']);
    addVolume('three', { nodeName: 'par1-worker-2', sparseLoopDevice: { size: '50Gi' } });
    advance(10_000);
    expect([nodeOf('user'), phaseOf('two'), phaseOf('three')]).toEqual(['par1-worker-2', 'Bound', 'Bound']);
  });

  it('of a class that does not wait is bound at once, and its pod waits for that', () => {
    of<StorageClass>('storageclasses').put({
      metadata: metadata('now'),
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'Immediate',
    });
    addClaim('data', { storageClassName: 'now' });
    addPod('user', 'data');
    advance(5000);
    expect(whyOf('user')).toBe(
      '0/6 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.',
    );
    addVolume('v', { storageClassName: 'now', nodeName: 'par1-worker-3' });
    advance(10_000);
    expect([phaseOf('v'), nodeOf('user')]).toEqual(['Bound', 'par1-worker-3']);
  });

  it('that asks for a volume by name gets that one', () => {
    addVolume('small');
    addVolume('wanted', { sparseLoopDevice: { size: '99Gi' } });
    advance(7000);
    addClaim('data', { volumeName: 'wanted' });
    advance(1000);
    expect([phaseOf('wanted'), phaseOf('small')]).toEqual(['Bound', 'Available']);
    expect(claims().get('shop/data')?.metadata.annotations).toEqual({ 'pv.kubernetes.io/bind-completed': 'yes' });
  });

  it('leaves its volume released, for nobody else, and is lost when its volume is', async () => {
    addVolume('v');
    addClaim('data');
    addPod('user', 'data');
    advance(10_000);
    world().pods.remove('shop/user');
    await remove('/api/v1/namespaces/shop/persistentvolumeclaims/data');
    advance(2000);
    expect([claims().get('shop/data'), phaseOf('v')]).toEqual([undefined, 'Released']);
    addClaim('next');
    addPod('heir', 'next');
    advance(5000);
    expect(nodeOf('heir')).toBeUndefined();
    persistent().remove('par1-worker-1-object-store');
    advance(1000);
    const lost = claims()
      .all()
      .filter(({ status }) => status.phase === 'Lost');
    expect(lost.map(({ spec }) => spec.volumeName)).toEqual(['par1-worker-1-object-store']);
  });
});
