import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { valueOf } from '../../source/model/reading.ts';
import type { ClusterState } from '../../source/state/cluster-state.ts';
import { hostsOf } from '../../source/state/control-plane-nodes.ts';
import { controlPlanePicture } from '../../source/state/control-plane.ts';
import { createStore } from '../../source/state/store.ts';
import {
  BOOT,
  live,
  MASTER,
  MINUTE,
  node,
  nodes,
  NOW,
  picture,
  pods,
  role,
  staticPod,
  WORKER,
} from './control-plane-made.ts';

describe('nodes of the control plane', () => {
  test('carry a role of it, by name, with the static pods of their roles and of every node', () => {
    const standing = valueOf(picture([...nodes(MASTER, WORKER, BOOT), live('pods')]).nodes);
    expect(standing?.map((one) => [one.node, one.pods.map(({ pod }) => pod.component)])).toEqual([
      [
        'boot',
        [
          'kube-apiserver',
          'kube-scheduler',
          'kube-controller-manager',
          'etcd',
          'repositories',
          'salt-master',
          'apiserver-proxy',
        ],
      ],
      ['master-2', ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'etcd', 'apiserver-proxy']],
    ]);
  });

  test('are not known before they are listed', () => {
    expect(picture([]).nodes).toEqual({ state: 'absent', why: 'not asked yet' });
  });

  test.each<[string, ClusterEvent[], string, string]>([
    ['serves while all its containers are ready', pods(staticPod('kube-apiserver', 'master-2')), 'serving', 'known'],
    [
      'serves in part',
      pods(staticPod('kube-apiserver', 'master-2', { ready: { containers: 1, of: 2 } })),
      'partly',
      'known',
    ],
    [
      'is down when none is ready',
      pods(staticPod('kube-apiserver', 'master-2', { ready: { containers: 0, of: 1 } })),
      'down',
      'known',
    ],
    [
      'is down when it does not run',
      pods(staticPod('kube-apiserver', 'master-2', { phase: 'Failed' })),
      'down',
      'known',
    ],
    ['is missing when there is none', pods(), 'missing', 'known'],
    [
      'is missing when it is on another node',
      pods(staticPod('kube-apiserver', 'boot', { name: 'kube-apiserver-master-2' })),
      'missing',
      'known',
    ],
    [
      'is missing when its like is in another namespace',
      pods(staticPod('kube-apiserver', 'master-2', { namespace: 'shop' })),
      'missing',
      'known',
    ],
    [
      'is missing while it is taken away',
      pods(staticPod('kube-apiserver', 'master-2', { deleting: true })),
      'missing',
      'known',
    ],
    ['is not known while pods are not', [], 'unknown', 'absent'],
  ])('a static pod %s', (_, events, standing, state) => {
    const found = valueOf(picture([...nodes(MASTER), ...events]).nodes)?.[0]?.pods[0];
    expect(found).toMatchObject({ standing, row: { state } });
  });

  test('a static pod of a node that nobody hears of is as it was when it was heard of', () => {
    const since = NOW - 5 * MINUTE;
    const lost = node('master-2', '192.0.2.2', ['master'], {
      conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: '', since }],
    });
    const found = valueOf(picture([...nodes(lost), ...pods(staticPod('kube-apiserver', 'master-2'))]).nodes)?.[0]
      ?.pods[0];
    expect(found).toMatchObject({ standing: 'unknown', row: { state: 'stale', since } });
  });

  test('are the same after any changes as when they are looked for anew', () => {
    const item = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      roles: fc.subarray(['master', 'etcd', 'node']),
    });
    const change = fc.oneof(
      fc.record({ put: fc.array(item, { minLength: 1, maxLength: 3 }) }),
      fc.record({ remove: fc.constantFrom('a', 'b', 'c', 'd') }),
    );
    const shown = (state: ClusterState) => {
      const { nodes, byAddress } = hostsOf(state);
      return { nodes: nodes.map((one) => [one.node.name, one.roles]), byAddress: [...byAddress].sort() };
    };
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const store = createStore();
        const events = changes.map((one): ClusterEvent =>
          'put' in one
            ? {
                type: 'changed',
                at: NOW,
                resource: 'nodes',
                items: one.put.map(({ name, roles }) => node(name, `192.0.2.${name.charCodeAt(0)}`, roles)),
              }
            : { type: 'deleted', at: NOW, resource: 'nodes', uids: [`uid-of-${one.remove}`] },
        );
        for (const [index, event] of events.entries()) {
          store.dispatch(event);
          const before = hostsOf(store.state);
          expect(shown(store.state)).toEqual(shown(createStore(events.slice(0, index + 1)).state));
          store.dispatch({ type: 'changed', at: NOW, resource: 'nodes', items: [{ ...WORKER, uid: `w-${index}` }] });
          expect(hostsOf(store.state)).toBe(before);
          store.dispatch({ type: 'deleted', at: NOW, resource: 'nodes', uids: [`w-${index}`] });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a role that comes later counts', () => {
    const store = createStore([...nodes(WORKER), live('pods')]);
    expect(valueOf(controlPlanePicture(store.state, NOW).nodes)).toEqual([]);
    store.dispatch({ type: 'changed', at: NOW, resource: 'nodes', items: [{ ...WORKER, labels: role('master') }] });
    expect(valueOf(controlPlanePicture(store.state, NOW).nodes)?.map((one) => one.node)).toEqual(['worker']);
  });
});
