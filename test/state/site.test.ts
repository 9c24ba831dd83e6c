import { describe, expect, it } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import { siteOf } from '../../source/state/site.ts';
import { createStore } from '../../source/state/store.ts';
import { makeClaim, makeNode, makePersistentVolume, makePod, makeStorageClass } from './made.ts';

const port = (number: number) => ({ ...ANYWHERE, hostPorts: [{ address: '', protocol: 'TCP', port: number }] });
const MEBI = 2 ** 20;

const pods = (...items: readonly ReturnType<typeof makePod>[]): ClusterEvent => ({
  type: 'changed',
  at: 1,
  resource: 'pods',
  items,
});
const live = (resource: 'claims' | 'persistentVolumes' | 'storageClasses'): ClusterEvent => ({
  type: 'status',
  at: 1,
  resource,
  status: { state: 'live' },
});

const filled = () =>
  createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: [makeNode({ name: 'a' }), makeNode({ name: 'b' })] },
    pods(
      makePod({ uid: '1', node: 'a', placement: port(80) }),
      makePod({ uid: '2', node: 'a', requests: { cpu: 0, memory: 0, ephemeralStorage: 7 } }),
      makePod({ uid: '3', node: 'a', phase: 'Succeeded', placement: port(443) }),
      makePod({ uid: '4', node: 'ghost' }),
      makePod({ uid: '5', node: null }),
    ),
  ]);

describe('the places of a site', () => {
  it('are the nodes, with what the pods that have not ended hold', () => {
    const { places } = siteOf(filled().state);
    expect(places.map(({ node, ...held }) => [node.name, held])).toEqual([
      [
        'a',
        {
          taken: { cpu: 100, memory: 64 * MEBI, ephemeralStorage: 7, pods: 2 },
          weighed: { cpu: 200, memory: 264 * MEBI },
          hostPorts: [{ address: '', protocol: 'TCP', port: 80 }],
        },
      ],
      [
        'b',
        {
          taken: { cpu: 0, memory: 0, ephemeralStorage: 0, pods: 0 },
          weighed: { cpu: 0, memory: 0 },
          hostPorts: [],
        },
      ],
    ]);
  });

  it('follow the pods', () => {
    const store = filled();
    const ports = () => siteOf(store.state).places.map(({ hostPorts }) => hostPorts.map((each) => each.port));
    expect(ports()).toEqual([[80], []]);
    store.dispatch(pods(makePod({ uid: '1', node: 'b', placement: port(80) })));
    expect(ports()).toEqual([[], [80]]);
    store.dispatch(pods(makePod({ uid: '1', node: 'b', placement: port(81) })));
    expect(ports()).toEqual([[], [81]]);
    store.dispatch({ type: 'deleted', at: 1, resource: 'pods', uids: ['1'] });
    expect(ports()).toEqual([[], []]);
  });
});

describe('the storage of a site', () => {
  it('is known when claims, volumes and classes are, each by its name', () => {
    const store = createStore([
      { type: 'changed', at: 1, resource: 'claims', items: [makeClaim({ name: 'data' })] },
      { type: 'changed', at: 1, resource: 'persistentVolumes', items: [makePersistentVolume({ name: 'v' })] },
      { type: 'changed', at: 1, resource: 'storageClasses', items: [makeStorageClass()] },
      live('claims'),
      live('persistentVolumes'),
      live('storageClasses'),
    ]);
    expect(siteOf(store.state).storage).toMatchObject({
      state: 'known',
      value: {
        claims: new Map([['shop/data', makeClaim({ name: 'data' })]]),
        persistentVolumes: new Map([['v', makePersistentVolume({ name: 'v' })]]),
        storageClasses: new Map([['metalk8s', makeStorageClass()]]),
      },
    });
  });

  it('is no better than the worst of the three', () => {
    const store = createStore([live('claims'), live('persistentVolumes')]);
    expect(siteOf(store.state).storage).toEqual({ state: 'absent', why: 'not asked yet' });
    store.dispatch({
      type: 'status',
      at: 1,
      resource: 'storageClasses',
      status: { state: 'denied', right: 'list storageclasses', why: 'x' },
    });
    expect(siteOf(store.state).storage).toEqual({ state: 'denied', right: 'list storageclasses' });
    store.dispatch(live('storageClasses'));
    store.dispatch({ type: 'status', at: 9, resource: 'claims', status: { state: 'stale', since: 4, why: 'x' } });
    expect(siteOf(store.state).storage).toMatchObject({ state: 'stale', since: 4 });
  });
});
