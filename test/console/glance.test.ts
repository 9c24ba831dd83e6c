import { describe, expect, it } from 'vitest';
import { createGlances } from '../../source/console/glance.ts';
import type { Steps } from '../../source/model/headroom/steps.ts';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod, makeUsage } from '../state/made.ts';
import { stillPulse } from './glance-of.ts';

function* nothingElse(): Steps<void> {
  // Only what every head tells.
}

describe('what is taken in at a beat', () => {
  const live = (resource: 'pods' | 'nodes'): ClusterEvent => ({
    type: 'status',
    at: 1,
    resource,
    status: { state: 'live' },
  });
  const made = (...events: readonly ClusterEvent[]) => {
    const store = createStore([
      { type: 'changed', at: 1, resource: 'nodes', items: [makeNode({ name: 'a' }), makeNode({ name: 'b' })] },
      { type: 'changed', at: 1, resource: 'pods', items: [makePod({ uid: '1', node: 'a' }), makePod({ uid: '2' })] },
      live('nodes'),
      ...events,
    ]);
    const glanceAt = createGlances(store.state, stillPulse(store, 0).work);
    return {
      store,
      glanceAt,
      picture: (step = 0) => {
        const glance = glanceAt({ count: 0, now: step });
        return { ...glance, loss: glance.loss(null).value, hole: glance.hole() };
      },
    };
  };

  it('holds the headroom, the largest hole, the loss of the largest node and the pods that wait', () => {
    const { headroom, hole, loss, waiting } = made(live('pods')).picture();
    expect(headroom.cluster.nodes).toBe(2);
    expect(hole?.node).toBe('b');
    expect(loss).toMatchObject({ node: 'a', fits: true, moved: [{ to: 'b' }] });
    expect(waiting.pods.size).toBe(1);
  });

  it('has no loss while pods are not known, nor without a node', () => {
    expect(made().picture().loss).toBeNull();
    expect(
      made(live('pods'), { type: 'deleted', at: 1, resource: 'nodes', uids: ['uid-of-a', 'uid-of-b'] }).picture().loss,
    ).toBeNull();
  });

  it('is the same while nothing of it changed, and keeps the loss when only usage did', () => {
    const { store, picture } = made(live('pods'));
    const first = picture();
    store.dispatch({ type: 'heard', at: 9, resource: 'pods' });
    expect(picture().nodes).toBe(first.nodes);
    store.dispatch({ type: 'changed', at: 9, resource: 'usage', items: [makeUsage({ uid: 'a' })] });
    store.dispatch({ type: 'status', at: 9, resource: 'usage', status: { state: 'live' } });
    const measured = picture();
    expect(measured.loss).toBe(first.loss);
    expect(measured.headroom.cluster.measured).toBe(1);
  });

  it.each<[string, ClusterEvent]>([
    ['a node', { type: 'changed', at: 2, resource: 'nodes', items: [makeNode({ name: 'b', cordoned: true })] }],
    ['how storage is seen', { type: 'status', at: 2, resource: 'claims', status: { state: 'live' } }],
    ['a volume', { type: 'changed', at: 2, resource: 'persistentVolumes', items: [] }],
    [
      'how pods are seen',
      { type: 'status', at: 2, resource: 'pods', status: { state: 'denied', right: 'list pods', why: 'x' } },
    ],
  ])('has another loss after %s changed', (_, event) => {
    const { store, picture } = made(live('pods'));
    const { loss } = picture();
    store.dispatch(event);
    expect(picture().loss).not.toBe(loss);
  });

  it('has another loss after pods alone changed once a step is over, and the sums at once', () => {
    const { store, picture } = made(live('pods'));
    const { loss } = picture(1);
    store.dispatch({ type: 'changed', at: 2, resource: 'pods', items: [makePod({ uid: '3', node: 'a' })] });
    const soon = picture(1);
    expect(soon.loss).toBe(loss);
    expect(soon.headroom.cluster.requested).toMatchObject({ state: 'known', value: { pods: 2 } });
    expect(picture(2).loss?.moved).toHaveLength(2);
  });

  it('keeps the loss when a step is over and nothing changed', () => {
    const { picture } = made(live('pods'));
    expect(picture(2).loss).toBe(picture(1).loss);
  });

  it('counts a pod that is being deleted as one that waits no more', () => {
    const { store, picture } = made(live('pods'));
    store.dispatch({ type: 'changed', at: 2, resource: 'pods', items: [makePod({ uid: '2', deleting: true })] });
    expect(picture().waiting.pods.size).toBe(0);
  });

  it('is the same for one beat, whatever comes in meanwhile', () => {
    const { store, glanceAt } = made(live('pods'));
    const beat = { count: 1, now: 0 };
    const { nodes, waiting } = glanceAt(beat);
    store.dispatch({ type: 'changed', at: 2, resource: 'nodes', items: [makeNode({ name: 'c' })] });
    store.dispatch({ type: 'deleted', at: 2, resource: 'pods', uids: ['2'] });
    expect([glanceAt(beat).nodes, glanceAt(beat).waiting]).toEqual([nodes, waiting]);
    expect(nodes.rows.size).toBe(2);
    const after = glanceAt({ count: 2, now: 0 });
    expect([after.nodes.rows.size, after.waiting.pods.size]).toEqual([3, 0]);
  });

  it('has sums and the largest hole ready in the first frame, once it was prepared bit by bit', () => {
    const names = Array.from({ length: 500 }, (_, index) => `node-${index}`);
    let looked = 0;
    const items = names.map((name) => {
      const node = makeNode({ name });
      const { allocatable } = node;
      return Object.defineProperty(node, 'allocatable', { enumerable: true, get: () => ((looked += 1), allocatable) });
    });
    const { glanceAt } = made(live('pods'), { type: 'changed', at: 2, resource: 'nodes', items });
    const steps = glanceAt.prepare(nothingElse);
    while (steps.next().done !== true);
    looked = 0;
    const glance = glanceAt({ count: 1, now: 0 });
    expect([glance.headroom.cluster.nodes, glance.hole()?.node]).toEqual([502, 'b']);
    expect(looked).toBeLessThan(names.length / 10);
  });
});
