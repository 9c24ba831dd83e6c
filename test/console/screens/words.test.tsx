import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../../source/model/cluster-event.ts';
import type { ClusterNode } from '../../../source/model/kubernetes/node.ts';
import type { PodRow } from '../../../source/model/kubernetes/pod.ts';
import { makeNode, makePod } from '../../state/made.ts';
import { clusterEvents, NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

const GIB = 2 ** 30;

const listed = (resource: 'pods' | 'claims' | 'persistentVolumes', items: readonly object[]): readonly ClusterEvent[] =>
  [
    { type: 'list-started', at: NOON, resource },
    { type: 'listed', at: NOON, resource, items },
    { type: 'list-ended', at: NOON, resource },
    { type: 'status', at: NOON, resource, status: { state: 'live' } },
  ] as unknown as readonly ClusterEvent[];

const clusterOf = (nodes: readonly ClusterNode[], pods: readonly PodRow[]): readonly ClusterEvent[] => [
  ...clusterEvents(nodes),
  ...listed('pods', pods),
];

const pod = (uid: string, node: string | null, cpu: number, given: Partial<PodRow> = {}): PodRow =>
  makePod({ uid, node, requests: { cpu, memory: GIB, ephemeralStorage: 0 }, ...given });

const TAINT = { key: 'dedicated', value: '', effect: 'NoSchedule', timeAdded: null };
const a = makeNode({ name: 'a' });
const b = makeNode({ name: 'b' });

describe('what stands above the nodes', () => {
  test.each<{ name: string; events: readonly ClusterEvent[]; says: readonly string[] }>([
    {
      name: 'room on both nodes',
      events: clusterOf([a, b], [pod('1', 'a', 1_000), pod('2', 'b', 2_000)]),
      says: [
        'FREE FOR WORKLOADS  cpu 4.6 of 7.6   mem 12Gi of 14Gi   disk 90Gi of 90Gi   pods 218 of 220   on 2 open nodes',
        'LARGEST HOLE  2.8 cores and 6Gi on a    IF b IS LOST  1 fit; 0.8 cores, 5Gi left',
      ],
    },
    {
      name: 'a taint that only prefers counts as open, one that bars does not',
      events: clusterOf(
        [
          { ...a, taints: [{ ...TAINT, effect: 'PreferNoSchedule' }] },
          { ...b, taints: [TAINT] },
        ],
        [pod('1', 'a', 1_000)],
      ),
      says: ['FREE FOR WORKLOADS  cpu 2.8 of 3.8', 'on 1 open node', 'LARGEST HOLE  2.8 cores and 6Gi on a'],
    },
    {
      name: 'nothing open',
      events: clusterOf([{ ...a, taints: [TAINT] }], []),
      says: [
        'FREE FOR WORKLOADS  ! none of 1 node is open',
        'LARGEST HOLE  none: no open node has room for a pod',
        'no open node left',
      ],
    },
    {
      name: 'more promised than there is',
      events: clusterOf([a], [pod('1', 'a', 5_000)]),
      says: ['FREE FOR WORKLOADS  ! cpu -1.2 of 3.8', 'LARGEST HOLE  none: no open node has room for a pod'],
    },
    {
      name: 'a loss that the rest cannot take',
      events: clusterOf([a, b], [pod('1', 'a', 3_000), pod('2', 'b', 3_500), pod('3', 'b', 100)]),
      says: ['IF b IS LOST  ! 1 pod would stay Pending; 0.7 cores, 5Gi left'],
    },
    {
      name: 'what stays behind and what nothing brings back',
      events: [
        ...clusterOf(
          [a, b],
          [pod('1', 'b', 500, { claims: ['data'] }), pod('2', 'b', 600, { owner: null }), pod('3', 'b', 700)],
        ),
        ...listed('claims', [
          {
            uid: 'c',
            namespace: 'shop',
            name: 'data',
            storageClass: 'metalk8s',
            request: GIB,
            accessModes: ['ReadWriteOnce'],
            mode: 'Filesystem',
            selector: null,
            phase: 'Bound',
            volume: 'disk-b',
            deleting: false,
          },
        ]),
        ...listed('persistentVolumes', [
          {
            uid: 'v',
            name: 'disk-b',
            labels: {},
            storageClass: 'metalk8s',
            capacity: GIB,
            accessModes: ['ReadWriteOnce'],
            mode: 'Filesystem',
            phase: 'Bound',
            claim: { namespace: 'shop', name: 'data', uid: 'c' },
            terms: [{ labels: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['b'] }], fields: [] }],
            deleting: false,
          },
        ]),
        { type: 'status', at: NOON, resource: 'storageClasses', status: { state: 'live' } },
      ],
      says: ['IF b IS LOST  ! 1 pod cannot move; 1 pod would be gone; 1 fit; '],
    },
    {
      name: 'pods that wait',
      events: clusterOf([a], [pod('1', null, 9_000, { phase: 'Pending' }), pod('2', null, 1, { phase: 'Pending' })]),
      says: ['! 2 pods pending (p)'],
    },
    {
      name: 'pods that cannot be read: no figure, the reason',
      events: [
        ...clusterEvents([a]),
        { type: 'status', at: NOON, resource: 'pods', status: { state: 'denied', right: 'list pods', why: 'no' } },
      ],
      says: ['FREE FOR WORKLOADS  ? no right to list pods', 'LARGEST HOLE  ?    IF THE LARGEST NODE IS LOST  ?'],
    },
    {
      name: 'open nodes that do not say what they offer: nothing is known of what is free',
      events: clusterOf(
        [
          makeNode({ name: 'b', allocatable: { cpu: null, memory: null, ephemeralStorage: null, pods: null } }),
          { ...a, taints: [TAINT] },
        ],
        [],
      ),
      says: ['FREE FOR WORKLOADS  ? no node here says what it offers'],
    },
    {
      name: 'a node that does not say what it offers is in no sum',
      events: clusterOf(
        [a, makeNode({ name: 'b', allocatable: { cpu: null, memory: null, ephemeralStorage: null, pods: null } })],
        [],
      ),
      says: ['FREE FOR WORKLOADS  cpu 3.8 of 3.8   mem 7Gi of 7Gi'],
    },
  ])('$name', async ({ events, says }) => {
    const screen = openScreen({ columns: 160, rows: 30, events });
    await screen.untilText('sorted by');
    for (const text of says) await screen.untilText(text);
    expect(screen.screen().slice(3, 7).join('\n')).not.toMatch(/NaN|undefined|null/);
  });

  test('on a narrow screen a row for each answer, and none where there is room for the list alone', async () => {
    const narrow = openScreen({ columns: 80, rows: 24, events: clusterOf([a, b], []) });
    await narrow.untilText('sorted by');
    expect(narrow.screen().slice(2, 5)).toEqual([
      ' FREE FOR WORKLOADS  cpu 7.6   mem 14Gi   pods 220   on 2 open nodes',
      ' LARGEST HOLE  3.8 cores and 7Gi on a',
      expect.stringMatching(/^ IF a IS LOST {2}no pod must move; 3\.8 cores, 7Gi left/),
    ]);
    const low = openScreen({ columns: 80, rows: 12, events: clusterOf([a, b], []) });
    await low.untilText('sorted by');
    expect(low.screen().join('\n')).not.toContain('FREE FOR WORKLOADS');
  });
});
