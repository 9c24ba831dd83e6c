import { describe, expect, it } from 'vitest';
import { LinkFailure } from '../../source/links/kubernetes/failure.ts';
import type { Whole } from '../../source/links/kubernetes/reader.ts';
import { RESOURCES, type Items } from '../../source/model/cluster-event.ts';
import { loadOnce, type LoadOnce } from '../../source/state/load-once.ts';
import { createStore } from '../../source/state/store.ts';
import {
  makeClaim,
  makeEvent,
  makeNode,
  makePersistentVolume,
  makePod,
  makeStorageClass,
  makeVolume,
  makeWorkload,
} from './made.ts';

const forbidden = () =>
  Promise.reject(new LinkFailure({ kind: 'forbidden', message: 'Cannot list pods.', status: 403, sent: true }));

const NODES = [makeNode({ name: 'a' }), makeNode({ name: 'b' })];

/** Every list that is read whole is empty, but for the nodes. */
const all = ((resource) => Promise.resolve(resource === 'nodes' ? NODES : [])) as LoadOnce['reader']['all'];

const READER: LoadOnce['reader'] = {
  all,
  usage: () => Promise.resolve([{ uid: 'a', at: 6, cpu: 100, memory: 1_000 }]),
  pods: ({ node } = {}) =>
    Promise.resolve(
      ['a', 'b']
        .filter((name) => node === undefined || name === node)
        .map((name) => makePod({ uid: name, node: name })),
    ),
  eventsOfNode: (node) => Promise.resolve([makeEvent({ uid: `e-${node}`, node })]),
};

const load = async (given: Partial<LoadOnce>) => {
  const store = createStore();
  await loadOnce({ reader: READER, store, resources: ['nodes', 'pods'], now: () => 7, ...given });
  return store.state;
};

describe('a picture taken once', () => {
  it('holds what was asked for, live as of now, and says of the rest that it was not asked', async () => {
    const state = await load({});
    expect([...state.nodes.keys(), ...state.sumsByNode.keys()]).toEqual(['a', 'b', 'a', 'b']);
    const { nodes, pods, ...others } = state.resources;
    expect([nodes, pods]).toEqual(Array(2).fill({ status: { state: 'live' }, heardAt: 7 }));
    for (const view of Object.values(others))
      expect(view).toEqual({ status: { state: 'absent', why: 'not asked yet' }, heardAt: null });
  });

  it('holds storage and usage where they are asked for', async () => {
    const items: { readonly [R in Whole]: readonly Items[R][] } = {
      nodes: NODES,
      persistentVolumes: [makePersistentVolume({ name: 'v' })],
      claims: [makeClaim({ name: 'data' })],
      storageClasses: [makeStorageClass()],
      volumes: [makeVolume({ name: 'v', node: 'a' })],
      deployments: [makeWorkload({ name: 'coredns' })],
      daemonSets: [makeWorkload({ kind: 'DaemonSet', name: 'calico-node' })],
      statefulSets: [],
    };
    const state = await load({
      resources: RESOURCES,
      reader: { ...READER, all: (resource) => Promise.resolve(items[resource]) },
    });
    expect([
      [...state.persistentVolumes.keys()],
      [...state.claims.keys()],
      [...state.storageClasses.keys()],
      [...state.volumes.keys()],
      [...state.deployments.keys()],
      [...state.daemonSets.keys()],
      [...state.usage.keys()],
    ]).toEqual([
      ['v'],
      ['shop/data'],
      ['metalk8s'],
      ['v'],
      ['kube-system/coredns'],
      ['kube-system/calico-node'],
      ['a'],
    ]);
  });

  it('confines pods and events to the nodes of interest', async () => {
    const state = await load({ resources: ['nodes', 'pods', 'events'], of: ['b'] });
    expect([[...state.nodes.keys()], [...state.pods.keys()], [...state.eventsByNode.keys()]]).toEqual([
      ['a', 'b'],
      ['b'],
      ['b'],
    ]);
  });

  it('says which right is missing, or why there is nothing, without failing', async () => {
    const state = await load({ reader: { ...READER, pods: forbidden } });
    expect(state.resources.pods.status).toEqual({ state: 'denied', right: 'list pods', why: 'Cannot list pods.' });
    const gone = await load({
      reader: { ...READER, pods: () => Promise.reject(new LinkFailure({ kind: 'timeout', message: 'Too late.' })) },
    });
    expect(gone.resources.pods.status).toEqual({ state: 'absent', why: 'Too late.' });
  });

  it('waits a while for what the nodes use, and says so of a source that is slower', async () => {
    const asked: AbortSignal[] = [];
    const usage = (signal?: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        if (signal === undefined) return;
        asked.push(signal);
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    const resources = ['nodes', 'usage'] as const;
    const state = await load({ resources, reader: { ...READER, usage }, patience: 5 });
    expect(state.resources.nodes.status).toEqual({ state: 'live' });
    expect(state.resources.usage.status).toEqual({
      state: 'absent',
      why: 'Cannot list nodes of metrics.k8s.io: no answer came within 0.005 s.',
    });
    expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
    const stopping = new AbortController();
    const stopped = load({ resources, reader: { ...READER, usage }, patience: 60_000, signal: stopping.signal });
    stopping.abort(new Error('stopped by hand'));
    await expect(stopped).rejects.toThrow('stopped by hand');
    expect((await load({ resources })).usage.get('a')).toMatchObject({ cpu: 100 });
  });

  it('fails without the nodes, and for what nobody foresaw', async () => {
    await expect(load({ reader: { ...READER, all: forbidden } })).rejects.toThrow('Cannot list pods.');
    await expect(
      load({ reader: { ...READER, pods: () => Promise.reject(new TypeError('a mistake')) } }),
    ).rejects.toThrow('a mistake');
  });
});
