import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type {
  KubernetesObject,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
  Volume,
} from '../../../source/sandbox/wire.ts';
import type { Collection } from '../../../source/sandbox/world/store.ts';
import { clientOf, type Client } from '../client.ts';

let clock: ManualClock;
let sandbox: Sandbox;
let client: Client;
beforeEach(async () => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, heartbeats: false, churn: false });
  client = clientOf(sandbox);
});
afterEach(async () => {
  client.close();
  await sandbox.stop();
});

const of = <T extends KubernetesObject>(name: string): Collection<T> =>
  sandbox.world.collection(name) as unknown as Collection<T>;
const volumes = (): Collection<Volume> => of('volumes');
const persistent = (): Collection<PersistentVolume> => of('persistentvolumes');
const claims = (): Collection<PersistentVolumeClaim> => of('persistentvolumeclaims');

const metadata = (name: string, namespace?: string) => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  uid: `uid of ${name}`,
  resourceVersion: '',
  creationTimestamp: '2026-01-31T12:00:00Z',
});

type VolumeTraits = Partial<Volume['spec']> & { labels?: Record<string, string> };
const addVolume = (name: string, { labels = {}, ...spec }: VolumeTraits = {}): Volume =>
  volumes().put({
    metadata: metadata(name),
    spec: {
      nodeName: 'par1-worker-1',
      storageClassName: 'metalk8s',
      ...(Object.keys(spec).some((key) => /Device|lvm/.test(key)) ? {} : { sparseLoopDevice: { size: '10Gi' } }),
      template: { metadata: { labels } },
      ...spec,
    },
  });

type ClaimTraits = Partial<PersistentVolumeClaim['spec']> & { size?: string };
const addClaim = (name: string, { size = '10Gi', ...spec }: ClaimTraits = {}): PersistentVolumeClaim =>
  claims().put({
    metadata: { ...metadata(name, 'shop'), finalizers: ['kubernetes.io/pvc-protection'] },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
      storageClassName: 'metalk8s',
      volumeMode: 'Filesystem',
      ...spec,
    },
    status: { phase: 'Pending' },
  });

const addPod = (name: string, ...mounted: string[]): Pod =>
  sandbox.world.pods.put({
    metadata: metadata(name, 'shop'),
    spec: {
      containers: [],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 1,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      volumes: mounted.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
    },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  });

const nodeOf = (name: string): string | undefined => sandbox.world.pods.get(`shop/${name}`)?.spec.nodeName;
const whyOf = (name: string): string | undefined =>
  sandbox.world.pods.get(`shop/${name}`)?.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
const phaseOf = (name: string): string | undefined => persistent().get(name)?.status.phase;
const remove = (path: string): Promise<unknown> => client.ask('DELETE', path);
const VOLUMES = '/apis/storage.metalk8s.scality.com/v1alpha1/volumes';

describe('the storage of the standard site', () => {
  it('has a claim for each pod that keeps data, bound to a Volume of the node that it runs on', () => {
    const bound = sandbox.world.pods.all().flatMap(({ metadata: { namespace = '' }, spec }) =>
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
    clock.advance(2000);
    expect(volumes().get('data-1')?.status?.conditions?.[0]).toMatchObject({ status: 'Unknown', reason: 'Pending' });
    clock.advance(5000);
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
    clock.advance(7000);
    expect(persistent().get('made')?.spec.capacity).toEqual({ storage: size });
    expect(volumes().get('made')?.status?.deviceName).toMatch(device);
  });

  it('fails without a source, and with nothing of one', () => {
    volumes().put({ metadata: metadata('none'), spec: { nodeName: 'par1-worker-1', storageClassName: 'metalk8s' } });
    addVolume('empty', { sparseLoopDevice: { size: '0' } });
    clock.advance(7000);
    const told = ['none', 'empty'].map((name) => volumes().get(name)?.status?.conditions?.[0]);
    expect(told).toMatchObject([
      { status: 'False', reason: 'InternalError', message: 'invalid volume: volume type not found in Volume Spec' },
      { status: 'False', reason: 'InternalError' },
    ]);
    expect([phaseOf('none'), phaseOf('empty')]).toEqual([undefined, undefined]);
  });

  it('waits for a machine that is silent, and for a class that is not there', () => {
    sandbox.world.silence('par1-worker-1');
    addVolume('later');
    addVolume('classless', { nodeName: 'par1-worker-2', storageClassName: 'fast' });
    clock.advance(60_000);
    expect([phaseOf('later'), phaseOf('classless')]).toEqual([undefined, undefined]);
    sandbox.world.revive('par1-worker-1');
    of<StorageClass>('storageclasses').put({ metadata: metadata('fast'), provisioner: 'kubernetes.io/no-provisioner' });
    clock.advance(30_000);
    expect([phaseOf('later'), phaseOf('classless')]).toEqual(['Available', 'Available']);
  });

  it('that is deleted stays until its claim is gone, and then goes with its PersistentVolume', async () => {
    addVolume('kept');
    addClaim('data');
    addPod('user', 'data');
    clock.advance(10_000);
    expect([nodeOf('user'), phaseOf('kept')]).toEqual(['par1-worker-1', 'Bound']);
    await remove(`${VOLUMES}/kept`);
    clock.advance(30_000);
    expect(phaseOf('kept')).toBe('Bound');
    await remove('/api/v1/namespaces/shop/persistentvolumeclaims/data');
    clock.advance(30_000);
    expect(claims().get('shop/data')?.metadata.deletionTimestamp).toBeDefined();
    expect(phaseOf('kept')).toBe('Bound');
    await remove('/api/v1/namespaces/shop/pods/user');
    clock.advance(60_000);
    expect([claims().get('shop/data'), persistent().get('kept'), volumes().get('kept')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a claim', () => {
  it('waits for its first pod, and gets the smallest volume that suits it on the node of the pod', () => {
    for (const size of ['40Gi', '20Gi', '5Gi']) addVolume(`v-${size.toLowerCase()}`, { sparseLoopDevice: { size } });
    addClaim('data');
    clock.advance(10_000);
    expect(claims().get('shop/data')?.status.phase).toBe('Pending');
    addPod('user', 'data');
    clock.advance(5000);
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
    clock.advance(10_000);
    expect(phaseOf('candidate')).toBe('Available');
    expect(whyOf('user')).toMatch(/3 node\(s\) didn't find available persistent volumes to bind/);
    expect(whyOf('user')).toMatch(
      /preemption: 0\/6 nodes are available: 6 Preemption is not helpful for scheduling\.$/,
    );
  });

  it('is served as soon as its Volume is there', () => {
    addClaim('data');
    addPod('user', 'data');
    clock.advance(5000);
    expect(nodeOf('user')).toBeUndefined();
    addVolume('late', { nodeName: 'par1-worker-2' });
    clock.advance(10_000);
    expect(nodeOf('user')).toBe('par1-worker-2');
  });

  it('takes two volumes of one node, or none at all', () => {
    addVolume('one', { nodeName: 'par1-worker-1' });
    addVolume('two', { nodeName: 'par1-worker-2' });
    addClaim('a');
    addClaim('b');
    addPod('user', 'a', 'b');
    clock.advance(10_000);
    expect([nodeOf('user'), phaseOf('one'), phaseOf('two')]).toEqual([undefined, 'Available', 'Available']);
    addVolume('three', { nodeName: 'par1-worker-2', sparseLoopDevice: { size: '50Gi' } });
    clock.advance(10_000);
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
    clock.advance(5000);
    expect(whyOf('user')).toBe(
      '0/6 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.',
    );
    addVolume('v', { storageClassName: 'now', nodeName: 'par1-worker-3' });
    clock.advance(10_000);
    expect([phaseOf('v'), nodeOf('user')]).toEqual(['Bound', 'par1-worker-3']);
  });

  it('that asks for a volume by name gets that one', () => {
    addVolume('small');
    addVolume('wanted', { sparseLoopDevice: { size: '99Gi' } });
    clock.advance(7000);
    addClaim('data', { volumeName: 'wanted' });
    clock.advance(1000);
    expect([phaseOf('wanted'), phaseOf('small')]).toEqual(['Bound', 'Available']);
    expect(claims().get('shop/data')?.metadata.annotations).toEqual({ 'pv.kubernetes.io/bind-completed': 'yes' });
  });

  it('leaves its volume released, for nobody else, and is lost when its volume is', async () => {
    addVolume('v');
    addClaim('data');
    addPod('user', 'data');
    clock.advance(10_000);
    sandbox.world.pods.remove('shop/user');
    await remove('/api/v1/namespaces/shop/persistentvolumeclaims/data');
    clock.advance(2000);
    expect([claims().get('shop/data'), phaseOf('v')]).toEqual([undefined, 'Released']);
    addClaim('next');
    addPod('heir', 'next');
    clock.advance(5000);
    expect(nodeOf('heir')).toBeUndefined();
    persistent().remove('par1-worker-1-object-store');
    clock.advance(1000);
    const lost = claims()
      .all()
      .filter(({ status }) => status.phase === 'Lost');
    expect(lost.map(({ spec }) => spec.volumeName)).toEqual(['par1-worker-1-object-store']);
  });
});
