import { describe, expect, it } from 'vitest';
import { nodes } from '../../../source/checks/verdict/nodes.ts';
import { createNodeTable } from '../../../source/state/node-table.ts';
import { createStore } from '../../../source/state/store.ts';
import type { ResourceStatus } from '../../../source/model/cluster-event.ts';
import type { ClusterNode } from '../../../source/model/kubernetes/node.ts';
import { makeNode } from '../../state/made.ts';
import { LOST, masterNode, MINUTE, NOW, NODES, sightOf } from './made-sight.ts';

const workers = (count: number, given: (index: number) => Partial<ClusterNode>): readonly ClusterNode[] =>
  Array.from({ length: count }, (_, index) => makeNode({ name: `wrk-${index}`, ...given(index) }));
const lost = (few: number) => (index: number) => (index < few ? { conditions: LOST } : {});
const condition = (type: string): Partial<ClusterNode> => ({
  conditions: [
    { type: 'Ready', status: 'True', reason: '', message: '', since: NOW },
    { type, status: 'True', reason: '', message: '', since: NOW - 20 * MINUTE },
  ],
});

describe('nodes', () => {
  it.each([
    ['all are ready', NODES, 'healthy', 'nodes 4 of 4 ready'],
    ['a worker is lost', [...workers(9, lost(1))], 'degraded', 'nodes 8 of 9 ready: wrk-0 silent since 4m'],
    [
      'a master is lost',
      [masterNode('m-1', { conditions: LOST }), ...workers(9, () => ({}))],
      'at-risk',
      'nodes 9 of 10 ready: m-1 silent since 4m',
    ],
    [
      'more than a third are lost',
      workers(6, lost(3)),
      'at-risk',
      'nodes 3 of 6 ready: more than a third are lost and 3 more',
    ],
    ['a third are lost', workers(6, lost(2)), 'degraded', 'nodes 4 of 6 ready: wrk-0 silent since 4m and 1 more'],
    ['the only worker is lost', workers(1, lost(1)), 'degraded', 'nodes 0 of 1 ready: wrk-0 silent since 4m'],
    [
      'one is under pressure',
      [...NODES, makeNode({ name: 'full', ...condition('DiskPressure') })],
      'degraded',
      'nodes 5 of 5 ready: full DiskPressure since 20m',
    ],
    [
      'one is cordoned',
      [...NODES, makeNode({ name: 'out', cordoned: true })],
      'healthy',
      'nodes 5 of 5 ready, 1 cordoned',
    ],
    ['one never came', [...NODES, makeNode({ name: 'new', conditions: [] })], 'healthy', 'nodes 4 of 5 ready'],
  ])('%s', (_, items, verdict, sentence) => {
    expect(nodes(sightOf({ nodes: items }))).toMatchObject({ verdict, sentence });
  });

  it('lead to each that is named, and to the list for the others', () => {
    const { reasons } = nodes(sightOf({ nodes: workers(100, lost(20)) }));
    expect(reasons.map(({ next, sentence }) => [next?.object, sentence])).toEqual([
      ['wrk-0', 'wrk-0 silent since 4m'],
      ['wrk-1', 'wrk-1 silent since 4m'],
      ['wrk-10', 'wrk-10 silent since 4m'],
      [null, '17 more not ready'],
    ]);
    expect(reasons[0]?.since).toBe(NOW - 4 * MINUTE);
  });

  it.each<[string, ResourceStatus, string]>([
    ['being read', { state: 'loading', loaded: 0, total: null }, 'nodes: being read'],
    ['denied', { state: 'denied', right: 'list nodes', why: 'forbidden' }, 'nodes: no right to list nodes'],
    ['gone', { state: 'absent', why: 'refused.' }, 'nodes: no picture of the nodes'],
    ['none', { state: 'live' }, 'nodes: the API server names none'],
  ])('that cannot be seen are unknown: %s', (_, status, sentence) => {
    const { state } = createStore([{ type: 'status', at: NOW, resource: 'nodes', status }]);
    const rows = createNodeTable()(state).rows;
    expect(nodes({ ...sightOf(), state, rows })).toMatchObject({ verdict: 'unknown', sentence });
  });

  it('of an old picture are not healthy, and what was bad in it stays so', () => {
    const stale: ResourceStatus = { state: 'stale', since: NOW - 4 * MINUTE, why: 'no answer' };
    const old = (items: readonly ClusterNode[]) => {
      const sight = sightOf({ nodes: items });
      const resources = { ...sight.state.resources, nodes: { status: stale, heardAt: NOW } };
      return nodes({ ...sight, state: { ...sight.state, resources } });
    };
    expect(old(NODES)).toMatchObject({ verdict: 'unknown', sentence: 'nodes 4 of 4 ready: not seen since 4m' });
    expect(old([masterNode('m-1', { conditions: LOST })]).verdict).toBe('at-risk');
  });
});
