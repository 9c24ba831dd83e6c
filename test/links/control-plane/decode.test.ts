import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeBackups,
  decodeChecks,
  decodeIngress,
  decodeLeases,
} from '../../../source/links/control-plane/decode.ts';

const lease = (name: string, spec: object) => ({ metadata: { name, namespace: 'kube-system' }, spec });

describe('leases', () => {
  test('are those of the leaders alone, with their microseconds', () => {
    const spec = {
      holderIdentity: 'master-1_5f0c',
      leaseDurationSeconds: 15,
      renewTime: '2026-01-31T12:00:00.250000Z',
      leaseTransitions: 3,
    };
    const items = [lease('apiserver-abc', spec), lease('kube-scheduler', spec), lease('kube-controller-manager', {})];
    expect(decodeLeases({ items })).toEqual([
      {
        name: 'kube-scheduler',
        holder: 'master-1_5f0c',
        renewedAt: Date.UTC(2026, 0, 31, 12, 0, 0, 250),
        seconds: 15,
        transitions: 3,
      },
      { name: 'kube-controller-manager', holder: '', renewedAt: null, seconds: null, transitions: null },
    ]);
  });

  test.each([null, '<html>', {}, { items: 'none' }])('%j is no list', (answer) => {
    expect(decodeLeases(answer)).toBeNull();
    expect(decodeBackups(answer)).toBeNull();
  });
});

describe('a backup is a Job that copies it', () => {
  const job = (status: object, template: object = {}, name = 'backup-replication-master-1') => ({
    metadata: { name },
    spec: { template: { spec: template } },
    status,
  });
  const started = { startTime: '2026-01-31T12:00:00Z' };
  const done = {
    ...started,
    completionTime: '2026-01-31T12:01:00Z',
    conditions: [{ type: 'Complete', status: 'True', lastTransitionTime: '2026-01-31T12:01:01Z' }],
  };
  const failed = {
    ...started,
    conditions: [
      { type: 'FailureTarget', status: 'True', lastTransitionTime: '2026-01-31T12:02:00Z' },
      { type: 'Failed', status: 'True', lastTransitionTime: '2026-01-31T12:03:00Z' },
    ],
  };
  const at = (minute: number) => Date.UTC(2026, 0, 31, 12, minute);

  test.each([
    ['done', done, 'done', at(1)],
    ['failed, which has no completion time', failed, 'failed', at(3)],
    ['under way', { ...started, active: 1 }, 'running', null],
    [
      'under way although a condition is told that is not true',
      { ...started, conditions: [{ type: 'Failed', status: 'False' }] },
      'running',
      null,
    ],
  ])('%s', (_, status, outcome, endedAt) => {
    expect(decodeBackups({ items: [job(status)] })).toEqual([
      { job: 'backup-replication-master-1', node: null, startedAt: at(0), endedAt, outcome },
    ]);
  });

  test.each([
    ['its name', { nodeName: 'master-2' }],
    ['a selector', { nodeSelector: { 'kubernetes.io/hostname': 'master-2' } }],
  ])('is bound to its node by %s', (_, template) => {
    expect(decodeBackups({ items: [job(done, template)] })).toMatchObject([{ node: 'master-2' }]);
  });

  test('and no other Job, nor one that no controller has seen', () => {
    const items = [job(done, {}, 'nightly-report'), { metadata: { name: 'backup-replication-x' } }];
    expect(decodeBackups({ items })).toEqual([
      { job: 'backup-replication-x', node: null, startedAt: null, endedAt: null, outcome: 'running' },
    ]);
  });
});

describe('checks of the health of an API server', () => {
  test('are its lines, whatever is around them', () => {
    const text = '[+]ping ok\n[-]etcd failed: reason withheld\n[+]log excluded: ok\r\nreadyz check failed\n[?]odd ok\n';
    expect(decodeChecks(text)).toEqual([
      { name: 'ping', ok: true },
      { name: 'etcd', ok: false },
      { name: 'log', ok: true },
    ]);
  });

  test('of any text are none, or some', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(decodeChecks(text))));
  });
});

describe('the address of the control-plane ingress', () => {
  const config = (status: object, spec: object = {}) => ({
    spec: { controlPlane: { ingress: spec } },
    status: { controlPlane: { ingress: status } },
  });
  test.each([
    ['the one in use', config({ ip: '192.0.2.7' }, { externalIP: { address: '192.0.2.8' } }), '192.0.2.7'],
    ['that of the managed virtual IP', config({}, { managedVirtualIP: { address: '192.0.2.9' } }), '192.0.2.9'],
    ['that from outside', config({}, { externalIP: { address: '2001:db8::1' } }), '2001:db8::1'],
    ['nobody’s but the bootstrap node’s', config({}), null],
    ['never a name, which would lead elsewhere', config({ ip: 'evil.example' }), null],
    ['not in what is none', '<html>', null],
  ])('is %s', (_, object, address) => {
    expect(decodeIngress(object)).toBe(address);
  });
});

const recordings = process.env['RECORDINGS'];
describe.runIf(recordings !== undefined)('what real servers said', () => {
  const read = (name: string) =>
    (JSON.parse(readFileSync(join(recordings ?? '', name), 'utf8')) as { response: { text: string; body: unknown } })
      .response;

  test.each(['k8s-v1.29.14', 'k8s-v1.36.2'])('%s: leases of leaders', (version) => {
    const leases = decodeLeases(read(`${version}/083-leases-kube-system.json`).body);
    expect(leases).not.toBeNull();
    for (const one of leases ?? []) {
      expect(one).toMatchObject({ holder: expect.stringMatching(/./) as string, seconds: 15 });
      expect(one.renewedAt).toBeGreaterThan(Date.UTC(2026, 10, 1));
    }
  });

  test('all checks pass, and without a quorum two of readiness fail', () => {
    const well = decodeChecks(read('k8s-v1.36.2/003-probe-livez-verbose.json').text);
    expect(well.length).toBeGreaterThan(20);
    expect(well.every(({ ok }) => ok)).toBe(true);
    const failing = (name: string) =>
      decodeChecks(read(`etcd-3.5.30-failures/${name}`).text)
        .filter(({ ok }) => !ok)
        .map((check) => check.name);
    expect(failing('033-no-quorum-apiserver-readyz.json')).toEqual(['etcd', 'etcd-readiness']);
    expect(failing('032-no-quorum-apiserver-livez.json')).toEqual([]);
  });
});
