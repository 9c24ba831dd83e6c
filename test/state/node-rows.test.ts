import { describe, expect, it } from 'vitest';
import type { ResourceStatus } from '../../source/model/cluster-event.ts';
import type { ResourceView } from '../../source/state/cluster-state.ts';
import { nodeRow, type RowSources } from '../../source/state/node-rows.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod } from './made.ts';

const MEBI = 2 ** 20;
const live: ResourceView = { status: { state: 'live' }, heardAt: 1 };
/** Sources of a row whose pods and metrics are seen, and empty. */
const sources = (given: Partial<RowSources> = {}): RowSources => ({
  sums: undefined,
  pods: live,
  usage: undefined,
  metrics: live,
  ...given,
});

const filled = () => {
  const store = createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: [makeNode({ name: 'a' }), makeNode({ name: 'b' })] },
    {
      type: 'changed',
      at: 1,
      resource: 'pods',
      items: [makePod({ uid: '1', node: 'a' }), makePod({ uid: '2', node: 'b' })],
    },
    { type: 'status', at: 1, resource: 'pods', status: { state: 'live' } },
  ]);
  return { store };
};

describe('the figures of a row', () => {
  it('are what the pods add up to, and what is left of what the node offers', () => {
    const { store } = filled();
    const row = nodeRow(makeNode({ name: 'a' }), sources({ sums: store.state.sumsByNode.get('a') }));
    expect(row.requested).toEqual({ state: 'known', value: { cpu: 100, memory: 64 * MEBI, ephemeralStorage: 0 } });
    expect(row.free).toEqual({
      state: 'known',
      value: { cpu: 3_700, memory: 7 * 2 ** 30 - 64 * MEBI, ephemeralStorage: 45 * 2 ** 30 },
    });
    expect(row.pods).toEqual({ state: 'known', value: { active: 1, running: 1, total: 1 } });
  });

  it('are null where the node does not say what it offers', () => {
    const allocatable = { cpu: null, memory: null, ephemeralStorage: null, pods: null };
    expect(nodeRow(makeNode({ name: 'a', allocatable }), sources()).free).toEqual({
      state: 'known',
      value: { cpu: null, memory: null, ephemeralStorage: null },
    });
  });

  it.each<[string, ResourceStatus, object]>([
    [
      'zero when all pods are known and none is there',
      { state: 'live' },
      { state: 'known', value: { cpu: 0, memory: 0, ephemeralStorage: 0 } },
    ],
    ['stale with the pods', { state: 'stale', since: 9, why: 'x' }, { state: 'stale', since: 9 }],
    ['not zero while pods are read', { state: 'loading', loaded: 0, total: null }, { state: 'absent' }],
    [
      'not zero without the right',
      { state: 'denied', right: 'list pods', why: 'x' },
      { state: 'denied', right: 'list pods' },
    ],
    [
      'not zero where pods could not be read',
      { state: 'absent', why: 'no answer' },
      { state: 'absent', why: 'no answer' },
    ],
  ])('%s', (_, status, requested) => {
    expect(nodeRow(makeNode({ name: 'a' }), sources({ pods: { status, heardAt: null } })).requested).toMatchObject(
      requested,
    );
  });
});
