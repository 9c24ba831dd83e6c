import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodesText } from '../../source/commands/node-columns.ts';
import { nodeItem } from '../../source/commands/node-item.ts';
import { sizeSentences } from '../../source/state/node-words.ts';
import { nodeText } from '../../source/commands/node-text.ts';
import type { ResourceStatus } from '../../source/model/cluster-event.ts';
import { absent, known } from '../../source/model/reading.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import type { NodeUsage } from '../../source/model/kubernetes/node-usage.ts';
import type { NodeSums, ResourceView } from '../../source/state/cluster-state.ts';
import { nodeRow, type NodeRow } from '../../source/state/node-rows.ts';
import { makeEvent, makeNode, makePod } from '../state/made.ts';
import { schemaErrors } from './program.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const GI = 2 ** 30;
const sums = {
  requests: { cpu: 725, memory: GI, ephemeralStorage: 0 },
  limits: { cpu: 1_500, memory: 2 * GI, ephemeralStorage: 0 },
  pods: { active: 32, running: 31, total: 33 },
  unlimited: { cpu: 3, memory: 0 },
};
const bootstrap = makeNode({
  name: 'bootstrap',
  createdAt: NOW - 86_400_000,
  cordoned: true,
  labels: {
    'node-role.kubernetes.io/master': '',
    'node-role.kubernetes.io/bootstrap': '',
    'node-role.kubernetes.io/etcd': '',
    'metalk8s.scality.com/version': '129.0.0',
  },
  annotations: { 'metalk8s.scality.com/ssh-port': '22', 'projectcalico.org/IPv4Address': '10.2.0.11/16' },
  taints: [
    { key: 'node-role.kubernetes.io/bootstrap', value: '', effect: 'NoSchedule', timeAdded: null },
    { key: 'disk', value: 'slow', effect: 'NoExecute', timeAdded: null },
    { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule', timeAdded: null },
  ],
  conditions: [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'down', since: NOW - 300_000 }],
});
const unborn = makeNode({
  name: 'worker-9',
  conditions: [],
  addresses: [],
  createdAt: null,
  capacity: { cpu: null, memory: null, ephemeralStorage: null, pods: null },
  allocatable: { cpu: null, memory: null, ephemeralStorage: null, pods: null },
  system: { kubelet: '', containerRuntime: '', operatingSystem: '', kernel: '', architecture: '' },
});
const seen = (status: ResourceStatus) => ({ status, heardAt: NOW });
const live = seen({ state: 'live' });
const views: readonly (readonly [string, ReturnType<typeof seen>])[] = [
  ['live', live],
  ['stale', seen({ state: 'stale', since: NOW - 1_000, why: 'the connection was cut' })],
  ['denied', seen({ state: 'denied', right: 'list pods', why: 'forbidden' })],
  ['absent', seen({ state: 'absent', why: 'not asked' })],
  ['loading', seen({ state: 'loading', loaded: 1, total: null })],
];
const usage = { uid: 'bootstrap', at: NOW, cpu: 312, memory: GI / 2 };

/** A row with what the pods add up to and a measurement, where they are given. */
const rowOf = (
  node: ClusterNode,
  given: NodeSums | undefined,
  pods: ResourceView,
  measured: NodeUsage | undefined = usage,
  metrics: ResourceView = live,
): NodeRow => nodeRow(node, { sums: given, pods, usage: measured, metrics });
const errorsOf = (rows: readonly NodeRow[]): readonly string[] =>
  schemaErrors('node-list', {
    apiVersion: 'console.metalk8s/v1',
    kind: 'NodeList',
    cluster: 'c',
    at: '2026-01-31T12:00:00Z',
    items: rows.map(nodeItem),
  });

describe('a node for programs', () => {
  it('has the fields and units that scripts rely on', () => {
    expect(nodeItem(rowOf(bootstrap, sums, live))).toMatchObject({
      name: 'bootstrap',
      status: ['NotReady', 'Cordoned'],
      notReadySince: '2026-01-31T11:55:00Z',
      roles: ['bootstrap', 'etcd', 'master'],
      taints: [
        { key: 'node-role.kubernetes.io/bootstrap', value: '', effect: 'NoSchedule', source: 'product' },
        { key: 'disk', value: 'slow', effect: 'NoExecute', source: 'operator' },
        { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule', source: 'condition' },
      ],
      planes: { control: '10.1.0.11', workload: '10.2.0.11' },
      version: { kubelet: 'v1.29.8', metalk8s: '129.0.0' },
      capacity: { cpu: 4, memory: 8 * GI, ephemeralStorage: 50 * GI, pods: 110 },
      allocatable: { cpu: 3.8, memory: 7 * GI, ephemeralStorage: 45 * GI, pods: 110 },
      requested: { cpu: 0.725, memory: GI, ephemeralStorage: 0, pods: 32 },
      limits: { cpu: 1.5, memory: 2 * GI, ephemeralStorage: 0 },
      free: { cpu: 3.075, memory: 6 * GI, ephemeralStorage: 45 * GI, pods: 78 },
      pods: { running: 31, total: 33 },
      unlimited: { cpu: 3, memory: 0 },
      used: {
        cpu: 0.312,
        memory: GI / 2,
        ephemeralStorage: null,
        ephemeralStorageWhy: 'the metrics API says nothing of ephemeral storage',
      },
      demand: { cpu: 2.2, memory: 4.5e9, cpuWithMargin: 3.3, memoryWithMargin: 6.75e9, met: 'yes' },
      group: 'control-plane',
      serves: ['control'],
      open: false,
      closedBy: [
        'not Ready',
        'cordoned',
        'taint node-role.kubernetes.io/bootstrap:NoSchedule',
        'taint disk=slow:NoExecute',
      ],
      alerts: null,
    });
  });

  it('says why for every figure that is not known, and never zero', () => {
    const item = nodeItem(
      nodeRow(unborn, {
        sums: undefined,
        pods: seen({ state: 'denied', right: 'list pods', why: '' }),
        usage: undefined,
        metrics: live,
      }),
    ) as unknown as Record<string, unknown>;
    for (const field of ['requested', 'limits', 'free', 'pods'])
      expect({ [field]: item[field], why: item[`${field}Why`] }).toEqual({
        [field]: null,
        why: 'the right "list pods" is missing',
      });
    expect(item).toMatchObject({ used: null, usedWhy: 'the metrics API does not name the node' });
    expect(item['demand']).toMatchObject({ cpu: 0.2, met: null, metWhy: 'the node does not say what it has' });
    expect(item['alertsWhy']).toMatch(/this version/);
    expect(item['planes']).toMatchObject({ control: null, controlWhy: 'the kubelet has not registered yet' });
    expect(item['version']).toMatchObject({ kubelet: null, kubeletWhy: 'the kubelet has not registered' });
    expect(item['notReadySince']).toBeNull();
    expect(item['allocatable']).toEqual({ cpu: null, memory: null, ephemeralStorage: null, pods: null });
  });

  it('tells since when a figure is out of date', () => {
    const [, [, stale] = ['', live]] = views;
    expect(nodeItem(rowOf(bootstrap, sums, stale))).toMatchObject({ requestedStaleSince: '2026-01-31T11:59:59Z' });
  });

  it.each(views)('keeps to the schema with pods and metrics %s', (_, view) => {
    const rows = [rowOf(bootstrap, sums, view, usage, view), rowOf(unborn, undefined, view, usage, view)];
    expect(errorsOf(rows)).toEqual([]);
  });
});

describe('nodes for people', () => {
  const rows = [rowOf(bootstrap, sums, live), rowOf(unborn, undefined, live)];
  const at = (wide: boolean, pods = true) => nodesText(rows, { wide, pods, now: NOW });

  it('shows what is requested, the planes, and the taints spelled out', () => {
    const cells = at(false)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {3,}/));
    const taints =
      'node-role.kubernetes.io/bootstrap:NoSchedule,disk=slow:NoExecute,node.kubernetes.io/unschedulable:NoSchedule';
    expect(cells).toEqual([
      'NAME STATUS ROLES VERSION CPU MEMORY PODS CONTROL-PLANE WORKLOAD-PLANE TAINTS'.split(' '),
      [
        'bootstrap',
        'NotReady,Cordoned',
        'bootstrap,etcd,master',
        'v1.29.8',
        '0.73/3.8 19%',
        '1Gi/7Gi 14%',
        '32/110',
        '10.1.0.11',
        '10.2.0.11',
        taints,
      ],
      ['worker-9', 'NeverRegistered', '-', '?', '0/? -', '0/? -', '0/?', '?', '?', '-'],
    ]);
  });

  it('marks with -o wide who is open, in which group, and large enough', () => {
    const small = makeNode({
      name: 'small',
      labels: { 'node-role.kubernetes.io/etcd': '' },
      capacity: { cpu: 500, memory: 8 * GI, ephemeralStorage: null, pods: 110 },
    });
    const tight = { ...small, name: 'tight', capacity: { ...small.capacity, cpu: 700 } };
    const wide = nodesText([rowOf(small, sums, live), rowOf(tight, sums, live), ...rows], {
      wide: true,
      pods: true,
      now: NOW,
    });
    expect(wide.split('\n').slice(1, 5)).toEqual([
      expect.stringMatching(/ control-plane +control,workload +yes +undersized /),
      expect.stringMatching(/ control-plane +control,workload +yes +tight /),
      expect.stringMatching(/ control-plane +control +no +ok /),
      expect.stringMatching(/ workload +workload +no +\? /),
    ]);
    expect(sizeSentences([rowOf(small, sums, live), rowOf(tight, sums, live)], true)).toEqual([
      'Undersized for their roles: small.',
      'Tight, without the margin that the guide advises: tight.',
    ]);
    expect(sizeSentences([rowOf(tight, sums, live)], false)).toEqual([]);
  });

  it('leaves out what needs pods when it is told to', () => {
    const titles = at(true, false).split('\n')[0]?.split(/ +/) ?? [];
    expect(titles.filter((title) => /CPU|MEMORY|PODS/.test(title))).toEqual(['CPU-USED', 'MEMORY-USED']);
  });

  it('draws nothing that a terminal would obey, and one line a node, whatever the cluster says', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('\u001b', '[2J', '\n', '\r', '\u202e', '\u009b', 'a', '字', '\t'),
    });
    fc.assert(
      fc.property(hostile, hostile, (name, text) => {
        const node = makeNode({
          name,
          taints: [{ key: text, value: text, effect: text, timeAdded: null }],
          labels: { [text]: text },
          annotations: { [text]: text, 'projectcalico.org/IPv4Address': text },
          system: { kubelet: text, containerRuntime: text, operatingSystem: text, kernel: text, architecture: text },
        });
        const row = rowOf(node, sums, live);
        const list = nodesText([row], { wide: true, pods: true, now: NOW });
        expect(list.split('\n')).toHaveLength(3);
        const pod = makePod({ uid: 'p', name: text, namespace: text, status: text });
        const event = makeEvent({ uid: 'e', node: name, message: text, reason: text });
        const page = nodeText({ row, pods: known([pod]), events: known([event]) }, NOW);
        expect(list + page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });
});

describe('one node for people', () => {
  const row = rowOf(bootstrap, sums, live);

  it('tells taints with their source, ssh annotations with their meaning, pods and events', () => {
    const pods = known([
      makePod({ uid: 'p', name: 'web-1', requests: { cpu: 250, memory: 2 * GI, ephemeralStorage: 0 } }),
    ]);
    const text = nodeText(
      { row, pods, events: known([makeEvent({ uid: 'e', node: 'bootstrap', at: NOW - 60_000 })]) },
      NOW,
    );
    expect(text).toMatch(/Status +NotReady for 5m \(KubeletNotReady\), Cordoned/);
    expect(text).toMatch(/disk=slow:NoExecute +operator/);
    expect(text).toMatch(/ssh-port +22 +SSH port; 22 when not set/);
    expect(text).toMatch(/web-1 +1\/1 +Running +0 +0.25 +2Gi/);
    expect(text).toMatch(/60s +Normal +NodeReady +1 +kubelet +Node bootstrap/);
    expect(text).toMatch(/CPU +4 +3.8 +0.73 19% +1.5, none on 3 of 32 +0.31 8% +3.07\n/);
    expect(text).toMatch(/Memory +8Gi +7Gi +1Gi 14% +2Gi +512Mi 7% +6Gi\n/);
    expect(text).toMatch(
      /Workloads +are kept off: not Ready, cordoned, taint node-role[^ ]+ and taint disk=slow:NoExecute\n/,
    );
    expect(text).toMatch(
      /Size +ok: needs 2.2 cores and 4.5 GB for bootstrap, master, etcd and what every node runs; with the margin 3.3 and 6.75; has 4 and 8.59\n/,
    );
  });

  it('says why nothing is known of what is used, and how old a measurement is', () => {
    const page = (used: NodeRow) =>
      nodeText({ row: used, pods: known([]), events: known([]) }, NOW)
        .split('\n')
        .filter((line) => /^ +(CPU|What)/.test(line));
    const denied = seen({ state: 'denied', right: 'list nodes of metrics.k8s.io', why: '' });
    expect(page(rowOf(bootstrap, sums, live, undefined, denied))).toEqual([
      expect.stringMatching(/ \? \? +3\.07$/),
      '  What is used is not known: the right "list nodes of metrics.k8s.io" is missing',
    ]);
    const lagging = { ...usage, at: NOW - 600_000 };
    expect(page(rowOf(bootstrap, sums, live, lagging))).toEqual([expect.stringMatching(/0\.31 8% \(10m ago\)/)]);
  });

  it('shows more used than there is as it was measured', () => {
    const text = nodesText([rowOf(bootstrap, sums, live, { ...usage, cpu: 9_400 })], {
      wide: true,
      pods: true,
      now: NOW,
    });
    expect(text).toMatch(/ 1\.5 \(none on 3\) +9\.4 /);
  });

  it('says why pods or events are not known', () => {
    const text = nodeText({ row, pods: absent('not asked'), events: absent('nobody \u001b[2J told') }, NOW);
    expect(text).toContain('Pods: not known: not asked\n');
    expect(text).toContain('Events: not known: nobody \\x1b[2J told\n');
  });
});
