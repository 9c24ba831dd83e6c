import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { finished } from '../../../source/model/headroom/steps.ts';
import { createNodeList } from '../../../source/console/screens/nodes/node-list.ts';
import { countsTwice, groupRows, labelGroups } from '../../../source/console/screens/nodes/grouping.ts';
import { firstView, type Grouping } from '../../../source/console/view.ts';
import { nodeRow, rowSources, type NodeRow } from '../../../source/state/node-rows.ts';
import { createNodeTable, inTable } from '../../../source/state/node-table.ts';
import { createStore } from '../../../source/state/store.ts';
import { makeNode } from '../../state/made.ts';

const { state } = createStore();
const role = (name: string) => `node-role.kubernetes.io/${name}`;

const rowOf = (name: string, roles: readonly string[], taints: readonly string[] = [], rack?: string): NodeRow =>
  nodeRow(
    makeNode({
      name,
      labels: { ...Object.fromEntries(roles.map((each) => [role(each), ''])), ...(rack === undefined ? {} : { rack }) },
      taints: taints.map((each) => ({ key: role(each), value: '', effect: 'NoSchedule', timeAdded: null })),
    }),
    rowSources(state, name),
  );

const ROWS = [
  rowOf('boot', ['bootstrap', 'master', 'etcd'], ['bootstrap'], 'b'),
  rowOf('infra', ['infra'], ['infra'], 'a'),
  rowOf('mixed', ['master', 'etcd', 'infra'], [], 'a'),
  rowOf('etcd', ['etcd'], ['etcd']),
  rowOf('work', ['node'], [], 'rack10'),
  rowOf('bare', [], [], 'rack9'),
];

/** In the order in which the rows are given. */
const groupsOf = (rows: readonly NodeRow[], grouping: Grouping) => [
  ...finished(
    groupRows(inTable(rows), grouping, {
      compare: (one, other) => rows.indexOf(one) - rows.indexOf(other),
      *sorted(some) {
        yield;
        const members = new Set(some);
        return rows.filter((row) => members.has(row));
      },
    }),
  ),
];

const grouped = (grouping: Grouping) =>
  groupsOf(ROWS, grouping).map(({ title, rows }) => [title, [...rows].map(({ node }) => node.name)]);

describe('groups of nodes', () => {
  test.each<[Grouping, unknown]>([
    [{ by: 'nothing' }, [[null, ROWS.map(({ node }) => node.name)]]],
    [
      { by: 'group' },
      [
        ['control plane', ['boot', 'mixed', 'etcd']],
        ['infra', ['infra']],
        ['workload', ['work', 'bare']],
      ],
    ],
    [
      { by: 'role' },
      [
        ['bootstrap', ['boot']],
        ['master', ['boot', 'mixed']],
        ['etcd', ['boot', 'mixed', 'etcd']],
        ['infra', ['infra', 'mixed']],
        ['node', ['work']],
        ['without a role', ['bare']],
      ],
    ],
    [
      { by: 'plane' },
      [
        ['control plane', ['boot', 'infra', 'mixed', 'etcd']],
        ['workload plane', ['mixed', 'work', 'bare']],
      ],
    ],
    [
      { by: 'label', key: 'rack' },
      [
        ['rack=a', ['infra', 'mixed']],
        ['rack=b', ['boot']],
        ['rack=rack9', ['bare']],
        ['rack=rack10', ['work']],
        ['without rack', ['etcd']],
      ],
    ],
  ])('by %j', (grouping, groups) => expect(grouped(grouping)).toEqual(groups));

  it('hold each node once, unless it is said that a node counts more than once', () =>
    fc.assert(
      fc.property(
        fc.subarray(ROWS),
        fc.constantFrom<Grouping>({ by: 'group' }, { by: 'role' }, { by: 'plane' }, { by: 'label', key: 'rack' }),
        (rows, grouping) => {
          const members = groupsOf(rows, grouping).flatMap((group) => [...group.rows]);
          expect(new Set(members)).toEqual(new Set(rows));
          if (!countsTwice(grouping)) expect(members).toHaveLength(rows.length);
        },
      ),
    ));
});

describe('labels to group by', () => {
  it('are all that a node has, each with the number of groups that it makes', () =>
    fc.assert(
      fc.property(fc.subarray(ROWS), (rows) => {
        const keys = [...new Set(rows.flatMap(({ node }) => Object.keys(node.labels)))];
        const counted = keys.map((key) => [key, groupsOf(rows, { by: 'label', key }).length]);
        expect([...finished(labelGroups(rows))]).toEqual(counted);
      }),
    ));

  it('are found in one pass over the nodes, however many there are', () => {
    let read = 0;
    const rows = ROWS.map((row) => ({
      ...row,
      get node() {
        read += 1;
        return row.node;
      },
    }));
    finished(labelGroups(rows));
    expect(read).toBe(ROWS.length);
  });
});

describe('the list', () => {
  const store = createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: ROWS.map(({ node }) => node) },
    { type: 'status', at: 1, resource: 'nodes', status: { state: 'live' } },
  ]);
  const listOf = (grouping: Grouping) => createNodeList()(createNodeTable()(store.state), { ...firstView, grouping });

  it('has a head before the nodes of each group, and none where nothing is grouped by', () => {
    const heads = (grouping: Grouping) =>
      listOf(grouping)
        .lines(0, 99)
        .map(({ kind }) => kind === 'group');
    expect(heads({ by: 'group' })).toEqual([true, false, false, false, true, false, true, false, false]);
    expect(heads({ by: 'nothing' })).toEqual(ROWS.map(() => false));
  });

  it('finds a node that stands in several groups where the cursor was, or where it stands first', () => {
    const list = listOf({ by: 'role' });
    const uid = 'uid-of-boot';
    const places = list
      .lines(0, 99)
      .flatMap((line, index) => (line.kind === 'node' && line.row.node.uid === uid ? [index] : []));
    expect(places).toHaveLength(3);
    for (const place of places) expect(list.lineOf(uid, place)).toBe(place);
    expect(list.lineOf(uid, 0)).toBe(places[0]);
    expect(list.lineOf('nobody', 1)).toBe(-1);
    expect(list.lineOf(null, 1)).toBe(-1);
  });
});
