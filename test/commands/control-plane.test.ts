import { describe, expect, it } from 'vitest';
import { certificatesDocument, controlPlaneDocument } from '../../source/commands/control-plane-item.ts';
import { certificatesText, controlPlaneText } from '../../source/commands/control-plane-text.ts';
import { sightNow } from '../../source/commands/sight.ts';
import type { CertificatesDocument, ControlPlaneDocument } from '../../source/commands/kinds/control-plane.ts';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { createStore } from '../../source/state/store.ts';
import { controlPlaneEvents } from '../console/etcd-cluster.ts';
import { hostileCluster } from '../console/hostile-cluster.ts';
import { clusterEvents, NOON } from '../console/made-cluster.ts';
import { call, OBEYED } from './pictured.ts';
import { schemaErrors } from './program.ts';
import { sandboxed } from './sandboxed.ts';

const VERDICT = { verdict: 'healthy', sentence: 'control plane ok' } as const;

function answered(events: readonly ClusterEvent[]) {
  const store = createStore(events);
  const sight = sightNow({ store, now: () => NOON });
  return {
    document: controlPlaneDocument(call, store.state, sight, VERDICT),
    certificates: certificatesDocument(call, store.state, sight, VERDICT),
    text: (wide = false) => controlPlaneText(sight, wide),
    certificatesText: (wide = false) => certificatesText(sight, wide),
  };
}

const HOSTILE = '\u001b[2J\u202e\n字';
const CASES: readonly (readonly [string, readonly ClusterEvent[]])[] = [
  ['known', controlPlaneEvents()],
  ['never asked', clusterEvents()],
  ['hostile', hostileCluster(HOSTILE)],
];

describe('the control plane for programs', () => {
  it.each(CASES)('keeps to the schemas: %s', (_, events) => {
    const { document, certificates } = answered(events);
    expect(schemaErrors('control-plane', document)).toEqual([]);
    expect(schemaErrors('certificates', certificates)).toEqual([]);
  });

  it('has each part with its standing', () => {
    const { document } = answered(controlPlaneEvents());
    const pods = document.nodes?.find(({ node }) => node === 'master-2')?.staticPods;
    expect(pods?.find(({ component }) => component === 'kube-scheduler')).toMatchObject({
      standing: 'down',
      pod: { status: 'CrashLoopBackOff', readyContainers: 0, containers: 1, restarts: 7 },
    });
    expect(document.apiServers[1]).toMatchObject({
      address: 'https://10.1.0.12:6443',
      node: 'master-1',
      live: { ok: true, seconds: 0.004 },
      ready: {
        ok: false,
        failing: ['etcd'],
        checks: [
          { name: 'ping', ok: true },
          { name: 'etcd', ok: false },
        ],
      },
    });
    expect(document.apiServers[2]).toMatchObject({ lostSince: '2026-01-31T11:56:00Z', live: null });
    expect(document.leaders[0]).toMatchObject({ name: 'kube-scheduler', standing: 'held', node: 'master-1', age: 1 });
    expect(document.services.find(({ name }) => name === 'coredns')).toMatchObject({ serving: 1, wanted: 2 });
    expect(document.backup?.newest).toMatchObject({ node: 'master-1', outcome: 'done' });
  });

  it('says of what is not known why, and never zero', () => {
    const { document } = answered(clusterEvents());
    expect(document.backup).toBeNull();
    expect(document.backupWhy).toMatch(/./);
    expect(document.services[0]).toMatchObject({ standing: 'unknown', serving: null, wanted: null });
    expect(document.services[0]?.servingWhy).toMatch(/./);
    expect(document.leaders[0]).toMatchObject({ standing: 'unknown', holder: null, age: null });
  });

  it('has certificates with what ends first first', () => {
    const { certificates } = answered(controlPlaneEvents());
    expect(certificates.items.map(({ what, daysLeft, renewal }) => [what, daysLeft, renewal])).toEqual([
      ['client of the kubeconfig', -2, 'expired'],
      ['control-plane ingress', 40, 'overdue'],
      ['API server', 212, 'not-due'],
    ]);
  });

  it('has the client certificates of requests, and by name those that nobody shows', () => {
    const { certificates } = answered(controlPlaneEvents());
    expect(certificates.clients).toEqual({
      where: 'https://10.1.0.11:6443',
      since: '2026-01-31T11:58:00Z',
      requests: 240,
      atLeast: 604_800,
      below: 2_592_000,
      renewal: 'overdue',
    });
    expect(certificates.unread?.map(({ what, role, nodes }) => [what, role, nodes])).toEqual(
      expect.arrayContaining([
        ['etcd peer', 'etcd', 3],
        ['front proxy', 'master', 3],
        ['Salt API', 'bootstrap', 1],
        ['kubeconfig of the kubelet', null, 6],
      ]),
    );
    for (const { daysLeft, daysLeftWhy } of certificates.unread ?? [])
      expect([daysLeft, daysLeftWhy]).toEqual([null, 'Salt alone knows it, which this version does not read']);
  });
});

describe('the control plane for people', () => {
  it('tells the services that fall short, and all of them with -o wide', () => {
    const { text } = answered(controlPlaneEvents());
    expect(text()).toMatch(/CoreDNS +Deployment +kube-system +coredns +1\/2 +partly/);
    expect(text()).not.toMatch(/Calico +DaemonSet/);
    expect(text(true)).toMatch(/Calico +DaemonSet +kube-system +calico-node +6\/6 +serving/);
    expect(text(true)).toContain('backup-replication-master-1 to master-1: done');
  });

  it('tells what is lost where something does not serve', () => {
    const { text } = answered(controlPlaneEvents());
    expect(text()).toMatch(/CoreDNS .* partly: else pods find no service by its name/);
    expect(text()).toMatch(/master-2 +scheduler +CrashLoopBackOff: this master does not take over/);
    expect(text(true)).not.toMatch(/Calico .* serving:/);
  });

  it('tells once why nothing is known of services', () => {
    const { text } = answered(clusterEvents());
    expect(text()).toMatch(
      /\nServices that are not known \(CoreDNS, Calico, kube-proxy and 20 more\): not asked yet\n/,
    );
    expect(text()).not.toContain('Services: all');
    expect(text()).not.toContain('calico-node');
  });

  it('tells each check of each API server with -o wide', () => {
    const { text } = answered(controlPlaneEvents());
    expect(text()).not.toContain('Checks of API servers');
    expect(text(true)).toMatch(/CHECK +bootstrap +master-1\n/);
    expect(text(true)).toMatch(/etcd +\S+ +fails readyz\n/);
  });

  it('tells client certificates of requests, and those that nobody shows', () => {
    const { certificatesText: shown, text } = answered(controlPlaneEvents());
    expect(shown()).toContain(
      'Client certificates of requests: one ends in less than 30d: should have been renewed by Salt (of 240 requests since 2026-01-31T11:58:00Z), by the metrics of https://10.1.0.11:6443\n',
    );
    expect(shown()).toMatch(/\? +etcd peer +etcd nodes +3 +\/etc\/kubernetes\/pki\/etcd\/peer\.crt\n/);
    expect(text()).not.toContain('etcd peer');
    expect(text(true)).toContain('etcd peer');
  });

  it('tells certificates with their ends', () => {
    const { certificatesText: shown } = answered(controlPlaneEvents());
    expect(shown()).toMatch(
      / 40d +2026-03-12 +control-plane ingress +bootstrap +https:\/\/10\.1\.0\.11:8443 +should have/,
    );
    expect(shown(true)).toContain('CN=made');
  });

  it('draws nothing that a terminal would obey', () => {
    expect(answered(hostileCluster(HOSTILE)).text(true)).not.toMatch(OBEYED);
  });
});

describe('the control plane of a cluster', () => {
  const here = sandboxed({ scene: 'certificates-near-expiry' });

  it('is asked at each of its own addresses, and ends by what it found', async () => {
    const { code, document } = await here.json('control-plane');
    expect({ code, errors: schemaErrors('control-plane', document) }).toEqual({ code: 1, errors: [] });
    const { apiServers, verdict } = document as ControlPlaneDocument;
    expect(verdict).toBe('degraded');
    expect(apiServers.filter(({ node, live }) => node !== null && live?.ok === true)).toHaveLength(3);
  });

  it('shows certificates that end soon', async () => {
    const { code, document } = await here.json('certificates');
    expect({ code, errors: schemaErrors('certificates', document) }).toEqual({ code: 1, errors: [] });
    const { items } = document as CertificatesDocument;
    expect(items.filter(({ what, renewal }) => what === 'API server' && renewal === 'overdue')).toHaveLength(4);
    expect(items.map(({ what }) => what)).toContain('control-plane ingress');
    expect((await here.cli('certificates')).stdout).toMatch(
      / 11d +20\d\d-\d\d-\d\d +API server .*should have been renewed/,
    );
  });
});
