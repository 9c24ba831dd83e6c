import { describe, expect, it } from 'vitest';
import { LinkFailure } from '../../source/links/kubernetes/failure.ts';
import { loadOnce, type LoadOnce } from '../../source/state/load-once.ts';
import { createStore } from '../../source/state/store.ts';
import { makeEvent, makeNode, makePod } from './made.ts';

const forbidden = () =>
  Promise.reject(new LinkFailure({ kind: 'forbidden', message: 'Cannot list pods.', status: 403, sent: true }));

const READER: LoadOnce['reader'] = {
  nodes: () => Promise.resolve([makeNode({ name: 'a' }), makeNode({ name: 'b' })]),
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
    expect(state.resources).toEqual({
      nodes: { status: { state: 'live' }, heardAt: 7 },
      pods: { status: { state: 'live' }, heardAt: 7 },
      events: { status: { state: 'absent', why: 'not asked yet' }, heardAt: null },
    });
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

  it('fails without the nodes, and for what nobody foresaw', async () => {
    await expect(load({ reader: { ...READER, nodes: forbidden } })).rejects.toThrow('Cannot list pods.');
    await expect(
      load({ reader: { ...READER, pods: () => Promise.reject(new TypeError('a mistake')) } }),
    ).rejects.toThrow('a mistake');
  });
});
