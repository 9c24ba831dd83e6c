import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeClaim,
  decodePersistentVolume,
  decodeStorageClass,
  decodeVolume,
} from '../../../source/links/kubernetes/decode-storage.ts';
import { decodeUsage } from '../../../source/links/kubernetes/decode-usage.ts';

const GI = 2 ** 30;
const metadata = { name: 'a', uid: 'u', resourceVersion: '1' };
const identity = { name: 'a', uid: 'u' };
const going = { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('a PersistentVolume', () => {
  test('is projected to what decides who gets it', () => {
    const required = {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['wrk-1'] }] }],
    };
    expect(
      decodePersistentVolume({
        metadata: { ...going, labels: { app: 'loki' } },
        spec: {
          storageClassName: 'metalk8s',
          capacity: { storage: '10Gi' },
          accessModes: ['ReadWriteOnce'],
          volumeMode: 'Block',
          claimRef: { namespace: 'n', name: 'c', uid: 'claim-uid' },
          nodeAffinity: { required },
        },
        status: { phase: 'Bound' },
      }),
    ).toEqual({
      ...identity,
      labels: { app: 'loki' },
      storageClass: 'metalk8s',
      capacity: 10 * GI,
      accessModes: ['ReadWriteOnce'],
      mode: 'Block',
      phase: 'Bound',
      claim: { namespace: 'n', name: 'c', uid: 'claim-uid' },
      terms: [{ labels: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['wrk-1'] }], fields: [] }],
      deleting: true,
    });
  });

  test('that says nothing is reached from everywhere, and of no size that is known', () =>
    expect(decodePersistentVolume({ metadata })).toEqual({
      ...identity,
      labels: {},
      storageClass: '',
      capacity: null,
      accessModes: [],
      mode: 'Filesystem',
      phase: '',
      claim: null,
      terms: null,
      deleting: false,
    }));
});

describe('a PersistentVolumeClaim', () => {
  test('is projected to what it asks for and what it got', () =>
    expect(
      decodeClaim({
        metadata: { ...metadata, namespace: 'n' },
        spec: {
          storageClassName: 'metalk8s',
          resources: { requests: { storage: '1e9' } },
          accessModes: ['ReadWriteOnce'],
          volumeName: 'v',
          selector: { matchLabels: { app: 'loki' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
        },
        status: { phase: 'Bound' },
      }),
    ).toEqual({
      ...identity,
      namespace: 'n',
      storageClass: 'metalk8s',
      request: 1e9,
      accessModes: ['ReadWriteOnce'],
      mode: 'Filesystem',
      selector: { labels: { app: 'loki' }, requirements: [{ key: 'tier', operator: 'Exists', values: [] }] },
      phase: 'Bound',
      volume: 'v',
      deleting: false,
    }));

  test.each([
    ['names none on purpose', { storageClassName: '' }, ''],
    ['has none', {}, null],
    ['has one that is no name', { storageClassName: 7 }, null],
  ])('whose class %s', (_, spec, storageClass) =>
    expect(decodeClaim({ metadata, spec })).toMatchObject({
      storageClass,
      selector: null,
      volume: null,
      request: null,
    }),
  );
});

test.each([
  ['WaitForFirstConsumer', true],
  ['Immediate', false],
  [undefined, false],
])('a StorageClass that binds %s', (volumeBindingMode, waitsForPod) =>
  expect(decodeStorageClass({ metadata, provisioner: 'p', volumeBindingMode })).toEqual({
    ...identity,
    provisioner: 'p',
    waitsForPod,
    topologies: null,
  }),
);

test('a StorageClass makes volumes for the nodes of its topologies, and for every one without', () => {
  const topologies = (allowedTopologies: unknown) =>
    decodeStorageClass({ metadata, provisioner: 'p', allowedTopologies })?.topologies;
  expect(topologies([{ matchLabelExpressions: [{ key: 'zone', values: ['a', 'b'] }] }, {}])).toEqual([
    { labels: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }], fields: [] },
    { labels: [], fields: [] },
  ]);
  expect([topologies([]), topologies('x')]).toEqual([null, null]);
});

describe('a Volume', () => {
  const ready = (status: string, reason = '') => ({
    status: {
      conditions: [
        { type: 'Other', status: 'True' },
        { type: 'Ready', status, reason, message: 'm' },
      ],
    },
  });
  test.each([
    ['without a condition', {}, null],
    ['that is ready', ready('True'), 'Available'],
    ['that failed', ready('False', 'CreationError'), 'Failed'],
    ['that is being made', ready('Unknown', 'Pending'), 'Pending'],
    ['that is going', ready('Unknown', 'Terminating'), 'Terminating'],
    ['with a status that nobody knows', ready('Perhaps'), null],
  ])('%s', (_, more, phase) => expect(decodeVolume({ metadata, ...more })).toMatchObject({ phase }));

  test('is projected to where it is, for whom, and how large', () =>
    expect(
      decodeVolume({
        metadata: going,
        spec: {
          nodeName: 'wrk-1',
          storageClassName: 'metalk8s',
          lvmLogicalVolume: { vgName: 'vg', size: '10Gi' },
          template: { metadata: { labels: { app: 'loki' } } },
        },
        ...ready('False'),
      }),
    ).toEqual({
      ...identity,
      node: 'wrk-1',
      storageClass: 'metalk8s',
      labels: { app: 'loki' },
      size: 10 * GI,
      phase: 'Failed',
      message: 'm',
      deleting: true,
    }));

  test.each([
    [{ sparseLoopDevice: { size: '1Gi' } }, GI],
    [{ rawBlockDevice: { devicePath: '/dev/vdb' } }, null],
  ])('of %j', (spec, size) => expect(decodeVolume({ metadata, spec })).toMatchObject({ size }));
});

describe('what a node uses', () => {
  test('is projected to millicores and bytes, with the time', () =>
    expect(
      decodeUsage({
        metadata: { name: 'wrk-1' },
        timestamp: '2026-01-01T00:00:00Z',
        window: '20s',
        usage: { cpu: '156340123n', memory: '1024Ki' },
      }),
    ).toEqual({
      uid: 'wrk-1',
      at: Date.parse('2026-01-01T00:00:00Z'),
      cpu: 157,
      memory: 2 ** 20,
    }));

  test('is null where nobody says, and not zero', () =>
    expect(decodeUsage({ metadata: { name: 'a' }, timestamp: 'then', usage: { cpu: 'little' } })).toEqual({
      uid: 'a',
      at: null,
      cpu: null,
      memory: null,
    }));

  test('of nobody is none', () => expect(decodeUsage({ usage: { cpu: '1' } })).toBeNull());
});

test('any JSON is an item or none, and nothing throws', () =>
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.boolean(), (spec, status, named) => {
      const object = { metadata: named ? metadata : spec, spec, status, usage: status };
      for (const decode of [decodePersistentVolume, decodeClaim, decodeStorageClass, decodeVolume, decodeUsage]) {
        if (named) expect(decode(object)).not.toBeNull();
        expect(() => decode(spec)).not.toThrow();
      }
    }),
  ));

const root = process.env['RECORDINGS'];

describe.runIf(root !== undefined)('as real servers send them', () => {
  const bodyOf = (file: string): unknown =>
    (JSON.parse(readFileSync(join(root ?? '', file), 'utf8')) as { response: { body: unknown } }).response.body;

  test('a PersistentVolume', () =>
    expect(decodePersistentVolume(bodyOf('k8s-v1.36.2-extra/200-pv-create.json'))).toMatchObject({
      name: 'lab-prometheus',
      storageClass: 'metalk8s',
      capacity: 10 * GI,
      mode: 'Filesystem',
      accessModes: ['ReadWriteOnce'],
      labels: { 'app.kubernetes.io/name': 'prometheus-operator-prometheus' },
    }));
  test('a PersistentVolumeClaim', () =>
    expect(decodeClaim(bodyOf('k8s-v1.36.2-extra/199-pvc-create.json'))).toMatchObject({
      namespace: 'lab',
      name: 'lab-claim',
      storageClass: 'metalk8s',
      request: 10 * GI,
      phase: 'Pending',
      volume: 'lab-prometheus',
    }));
  test('a Volume', () =>
    expect(decodeVolume(bodyOf('k8s-v1.29.14/183-crd-volume-create.json'))).toMatchObject({
      name: 'lab-vol',
      node: 'bootstrap',
      storageClass: 'metalk8s',
      size: 10 * GI,
      phase: null,
    }));
});
