import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import { seenInPicture, watchFor } from '../../source/operations/observe.ts';
import type { NodeStep } from '../../source/operations/operation.ts';
import { createStore } from '../../source/state/store.ts';
import { FakeClock, settled } from '../links/kubernetes/fake-clock.ts';
import { makeNode } from '../state/made.ts';

const BEFORE = makeNode({ name: 'wrk-1', labels: {} });
const AFTER = { ...BEFORE, labels: { rack: 'a' } };
const STEP: NodeStep = {
  task: 'edit',
  node: 'wrk-1',
  uid: BEFORE.uid,
  changes: [{ field: 'label', key: 'rack', before: null, after: 'a' }],
  patch: [],
  dryRun: { state: 'accepted' },
};

/** A watch whose looks give these nodes, the last one for ever. */
function watching(stopping: AbortController, ...nodes: readonly ClusterNode[]) {
  const clock = new FakeClock();
  let looks = 0;
  const node = (_: string, signal?: AbortSignal): Promise<ClusterNode> => {
    if (signal?.aborted === true) return Promise.reject(new Error('aborted'));
    return Promise.resolve(nodes[Math.min(looks++, nodes.length - 1)] ?? BEFORE);
  };
  const sight = watchFor(STEP, { node }, { bound: 2_000, pause: 500 }, { clock, signal: stopping.signal });
  return { clock, sight, looks: () => looks };
}

describe('watching a node by looking at it', () => {
  it('ends when it shows the change', async () => {
    const { clock, sight, looks } = watching(new AbortController(), BEFORE, BEFORE, AFTER);
    await clock.advance(1_000);
    expect([await sight, looks()]).toEqual(['seen', 3]);
  });

  it('ends when the bound has passed', async () => {
    const { clock, sight, looks } = watching(new AbortController(), BEFORE);
    await clock.advance(2_000);
    expect([await sight, looks(), clock.timers]).toEqual(['same', 4, 0]);
  });

  it('ends in the middle of a pause when it is stopped, with what was seen last', async () => {
    const stopping = new AbortController();
    const { clock, sight, looks } = watching(stopping, BEFORE);
    await settled();
    stopping.abort();
    expect([await sight, looks(), clock.timers]).toEqual(['same', 1, 0]);
  });

  it('looks once also when it was stopped before', async () => {
    const stopping = new AbortController();
    stopping.abort();
    expect(await watching(stopping, AFTER).sight).toBe('seen');
  });
});

describe('watching the live picture', () => {
  const storeOf = () =>
    createStore([
      { type: 'changed', at: 1, resource: 'nodes', items: [BEFORE] },
      { type: 'status', at: 1, resource: 'nodes', status: { state: 'live' } },
    ]);

  it('ends when it shows the change, when the bound has passed, and when it is stopped', async () => {
    const [clock, stopping, store] = [new FakeClock(), new AbortController(), storeOf()];
    const watch = { clock, signal: stopping.signal };
    const late = seenInPicture(store, STEP, 1_000, watch);
    await clock.advance(1_000);
    expect(await late).toBe(false);
    const seen = seenInPicture(store, STEP, 1_000, watch);
    store.dispatch({ type: 'changed', at: 2, resource: 'nodes', items: [AFTER] });
    expect(await seen).toBe(true);
    store.dispatch({ type: 'changed', at: 3, resource: 'nodes', items: [BEFORE] });
    const stopped = seenInPicture(store, STEP, 1_000, watch);
    stopping.abort();
    expect([await stopped, await seenInPicture(store, STEP, 1_000, watch), clock.timers]).toEqual([false, false, 0]);
  });
});
