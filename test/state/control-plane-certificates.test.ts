import { describe, expect, test } from 'vitest';
import type { CertificateEnd } from '../../source/model/control-plane/control-plane.ts';
import { answer, BOOT, DAY, MASTER, MINUTE, noAnswer, nodes, NOW, picture } from './control-plane-made.ts';

describe('certificates', () => {
  const end = (where: string, days: number, more: Partial<CertificateEnd> = {}): CertificateEnd => ({
    what: 'API server',
    where,
    subject: 'CN=a',
    from: NOW + days * DAY - 365 * DAY,
    until: NOW + days * DAY,
    distrust: null,
    unverified: null,
    ...more,
  });

  test('stand by their end, those that could not be read last', () => {
    const events = [
      ...nodes(BOOT, MASTER),
      answer('certificate', end('the kubeconfig', 200, { what: 'client of the kubeconfig' })),
      noAnswer('certificate', 'https://192.0.2.1:8443', 'lost'),
      answer('certificate', end('https://192.0.2.2:6443', 30.5)),
      answer('certificate', end('https://192.0.2.1:6443', -0.5)),
    ];
    const told = picture(events).certificates.map(({ what, where, node: on, daysLeft, renewal }) => [
      what,
      where,
      on,
      daysLeft,
      renewal,
    ]);
    expect(told).toEqual([
      ['API server', 'https://192.0.2.1:6443', 'boot', -1, 'expired'],
      ['API server', 'https://192.0.2.2:6443', 'master-2', 30, 'overdue'],
      ['client of the kubeconfig', 'the kubeconfig', null, 200, 'not-due'],
      ['control-plane ingress', 'https://192.0.2.1:8443', 'boot', null, null],
    ]);
  });

  test('one that cannot be read any more is as it was', () => {
    const events = [
      answer('certificate', end('https://192.0.2.1:6443', 100), NOW - 10 * MINUTE),
      noAnswer('certificate', 'https://192.0.2.1:6443', 'lost'),
    ];
    expect(picture(events).certificates).toMatchObject([
      { daysLeft: 100, certificate: { state: 'stale', since: NOW - 10 * MINUTE } },
    ]);
  });

  test('one that nobody reads any more is gone', () => {
    const events = [
      answer('certificate', end('https://192.0.2.7:8443', 1), NOW - 30 * MINUTE),
      answer('certificate', end('https://192.0.2.1:8443', 100)),
    ];
    expect(picture(events).certificates.map(({ where }) => where)).toEqual(['https://192.0.2.1:8443']);
  });
});
