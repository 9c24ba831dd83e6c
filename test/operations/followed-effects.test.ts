import { describe, expect, it } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { ANYWHERE, type Placement } from '../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import { changesOf } from '../../source/operations/edit.ts';
import { effectsOf } from '../../source/operations/effects.ts';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod } from '../state/made.ts';

const NODES = [
  makeNode({ name: 'a', labels: { 'kubernetes.io/hostname': 'a', tier: 'gold' } }),
  makeNode({ name: 'b', labels: { 'kubernetes.io/hostname': 'b' } }),
];
const LABEL: NodeEdit = { kind: 'label', set: { tier: 'gold' }, remove: [] };
const UNLABEL: NodeEdit = { kind: 'label', set: {}, remove: ['tier'] };

const live = (resource: 'pods' | 'claims' | 'persistentVolumes' | 'storageClasses'): ClusterEvent => ({
  type: 'status',
  at: 1,
  resource,
  status: { state: 'live' },
});

function told(pods: readonly PodRow[], node: string, edit: NodeEdit, volumes: readonly ClusterEvent[] = []) {
  const { state } = createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: NODES },
    { type: 'changed', at: 1, resource: 'pods', items: pods },
    ...volumes,
    ...(['pods', 'claims', 'persistentVolumes', 'storageClasses'] as const).map(live),
  ]);
  const steps = NODES.filter(({ name }) => name === node).map((one) => ({ node, changes: changesOf(one, edit) }));
  return effectsOf(state, steps).map(({ severity, sentence }) => `${severity}: ${sentence}`);
}

const onGold: Placement = { ...ANYWHERE, selector: { tier: 'gold' } };
const pinned = (name: string): Placement => ({
  ...onGold,
  terms: [{ labels: [], fields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }],
});
const daemon = (node: string, given: Partial<PodRow> = {}): PodRow =>
  makePod({
    uid: `agent-${node}`,
    namespace: 'monitoring',
    node,
    owner: { kind: 'DaemonSet', name: 'agent' },
    placement: pinned(node),
    ...given,
  });

describe('pods of DaemonSets', () => {
  it('are removed with the label that they select', () =>
    expect(told([daemon('a')], 'a', UNLABEL)).toEqual([
      'warning: a: the pod of 1 DaemonSet (monitoring/agent) is removed from it at once.',
    ]));

  it('are started with it, where they bear the taints', () => {
    expect(told([daemon('a')], 'b', LABEL)).toEqual([
      'note: b: a pod of 1 DaemonSet (monitoring/agent) is started on it.',
    ]);
    const taint = { key: 'own', value: '', effect: 'NoSchedule' };
    expect(told([daemon('a')], 'b', { kind: 'taint', add: [taint], remove: [], addNodeRole: false })).not.toContain(
      expect.stringContaining('DaemonSet'),
    );
  });

  it('that select nothing of it are not told', () =>
    expect(told([daemon('a', { placement: ANYWHERE }), makePod({ uid: '1', node: 'a' })], 'a', UNLABEL)).toEqual([]));
});

describe('a pod whose volume lies on the node', () => {
  const data = makePod({ uid: 'd', name: 'db-0', namespace: 'shop', node: 'a', claims: ['data'], placement: onGold });
  const bound = (hosts: readonly string[]): readonly ClusterEvent[] => [
    {
      type: 'changed',
      at: 1,
      resource: 'claims',
      items: [
        {
          uid: 'c',
          namespace: 'shop',
          name: 'data',
          storageClass: 'metalk8s',
          request: 1,
          accessModes: [],
          mode: 'Filesystem',
          selector: null,
          phase: 'Bound',
          volume: 'disk',
          deleting: false,
        },
      ],
    },
    {
      type: 'changed',
      at: 1,
      resource: 'persistentVolumes',
      items: [
        {
          uid: 'v',
          name: 'disk',
          labels: {},
          storageClass: 'metalk8s',
          capacity: 1,
          accessModes: [],
          mode: 'Filesystem',
          phase: 'Bound',
          claim: { namespace: 'shop', name: 'data', uid: 'c' },
          terms: [{ labels: [{ key: 'kubernetes.io/hostname', operator: 'In', values: hosts }], fields: [] }],
          deleting: false,
        },
      ],
    },
  ];

  it('could be started nowhere once the label is gone that it selects', () =>
    expect(told([data], 'a', UNLABEL, bound(['a']))).toEqual([
      'warning: a: 1 pod with a volume on it could be started nowhere once stopped: shop/db-0.',
    ]));

  it('is not told where another node reaches the volume, or nothing keeps the pod off', () => {
    expect(told([data], 'a', UNLABEL, bound(['a', 'b']))).toEqual([]);
    expect(told([{ ...data, placement: ANYWHERE }], 'a', UNLABEL, bound(['a']))).toEqual([]);
  });
});
