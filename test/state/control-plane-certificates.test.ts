import { describe, expect, test } from 'vitest';
import type { CertificateEnd, ClientCertificates } from '../../source/model/control-plane/control-plane.ts';
import { valueOf } from '../../source/model/reading.ts';
import { certificateWords, clientWords } from '../../source/state/control-plane-words.ts';
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

  test('at port 443 are those of the workload ingress where a node has that address, else of an API server', () => {
    const annotations = { 'projectcalico.org/IPv4Address': '198.51.100.1/24' };
    const events = [
      ...nodes({ ...BOOT, annotations }, MASTER),
      noAnswer('certificate', 'https://198.51.100.1:443', 'lost'),
      noAnswer('certificate', 'https://vip.example:443', 'lost'),
    ];
    const { certificates, unread } = picture(events);
    expect(certificates.map(({ what, node: on }) => [what, on])).toEqual([
      ['workload ingress', 'boot'],
      ['API server', null],
    ]);
    expect(valueOf(unread)?.map(({ what }) => what)).not.toContain('workload ingress');
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

  test('say how each was read, also those that could not be', () => {
    const events = [
      answer('certificate', end('the CA in the kubeconfig', 3_000, { what: 'CA of the cluster' })),
      noAnswer('certificate', 'the kubeconfig', 'lost'),
      noAnswer('certificate', 'https://192.0.2.1:6443', 'lost'),
      noAnswer('certificate', 'https://192.0.2.1:8443', 'lost'),
    ];
    expect(picture(events).certificates.map(({ what, where, source }) => [what, where, source])).toEqual([
      ['CA of the cluster', 'the CA in the kubeconfig', 'kubeconfig'],
      ['API server', 'https://192.0.2.1:6443', 'handshake'],
      ['control-plane ingress', 'https://192.0.2.1:8443', 'handshake'],
      ['client of the kubeconfig', 'the kubeconfig', 'kubeconfig'],
    ]);
  });

  test.each<[string, Partial<CertificateEnd>, string, string]>([
    ['verified', {}, 'fine', 'holds'],
    ['not trusted', { distrust: 'another CA signed it' }, 'warning', 'holds; not trusted: another CA signed it'],
    ['not verified, which is no fault', { unverified: 'nobody knows' }, 'fine', 'holds; not verified: nobody knows'],
  ])('one that is %s says so', (_, more, gravity, words) => {
    const [standing] = picture([answer('certificate', end('https://192.0.2.1:6443', 300, more))]).certificates;
    expect(standing && certificateWords(standing)).toMatchObject({ gravity, words });
  });
});

describe('client certificates of requests', () => {
  const counted = (more: Partial<ClientCertificates>): ClientCertificates => ({
    where: 'https://192.0.2.1:6443',
    since: NOW - 2 * MINUTE,
    requests: 9,
    atLeast: (90 * DAY) / 1_000,
    below: null,
    ...more,
  });
  const days = (count: number): number => (count * DAY) / 1_000;
  const told = (more: Partial<ClientCertificates>) =>
    clientWords(picture([answer('clientCertificates', counted(more))]).clients);
  const SINCE = '(of 9 requests since 2026-01-31T11:58:00Z)';

  test.each<[string, Partial<ClientCertificates>, string, string]>([
    ['all hold long', {}, 'fine', `all held for 90d at least ${SINCE}`],
    ['all hold longer than is counted', { atLeast: days(360) }, 'fine', `all held for 360d at least ${SINCE}`],
    [
      'one ends before Salt asks for it to be renewed',
      { atLeast: days(7), below: days(30) },
      'warning',
      `one ends in less than 30d: should have been renewed by Salt ${SINCE}`,
    ],
    [
      'one ends before a state run renews it',
      { atLeast: days(30), below: days(90) },
      'told',
      `one ends in less than 90d: renewed by the next state run of Salt ${SINCE}`,
    ],
    ['none came', { requests: 0, atLeast: null }, 'told', 'no request came by one'],
    [
      'since the start of the server all held long',
      { since: null },
      'fine',
      'all held for 90d at least (of 9 requests since the API server was started)',
    ],
    [
      'since the start of the server one held short, maybe before it was renewed',
      { since: null, atLeast: days(7), below: days(30) },
      'told',
      'one held for less than 30d, in use still or no more: the next look tells (of 9 requests since the API server was started)',
    ],
  ])('%s', (_, more, gravity, words) => {
    expect(told(more)).toEqual({ gravity, words });
  });

  test('are not known before they are asked, nor to who may not', () => {
    expect(clientWords(picture([]).clients)).toEqual({ gravity: 'unknown', words: 'not known: not asked yet' });
    expect(picture([noAnswer('clientCertificates', '', 'denied')]).clients.state).toBe('denied');
  });
});

describe('certificates that nobody shows', () => {
  test('are those of the roles that are there, by name, with how many nodes have them', () => {
    const unread = valueOf(picture(nodes(BOOT, MASTER)).unread) ?? [];
    expect(new Map(unread.map(({ what, nodes: on }) => [what, on]))).toEqual(
      new Map([
        ['etcd server', 2],
        ['etcd peer', 2],
        ['etcd health check client', 2],
        ['API server as a client of etcd', 2],
        ['API server as a client of kubelets', 2],
        ['front proxy', 2],
        ['kubeconfig of the administrator', 2],
        ['kubeconfig of the scheduler', 2],
        ['kubeconfig of the controller manager', 2],
        ['Salt API', 1],
        ['workload ingress', 1],
        ['Dex', 1],
        ['backup server', 1],
        ['Salt master as a client of etcd', 1],
        ['kubeconfig of the kubelet', 2],
      ]),
    );
  });

  test('are none on another Kubernetes, and not known before the nodes are', () => {
    expect(valueOf(picture(nodes(MASTER)).unread)).toEqual([]);
    expect(picture([]).unread.state).toBe('absent');
  });
});
