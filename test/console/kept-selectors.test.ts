import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupRow } from '../../source/console/screens/nodes/group-row.ts';
import { createNodeList } from '../../source/console/screens/nodes/node-list.ts';
import { createColumns } from '../../source/console/screens/nodes/layout.ts';
import { createTheme } from '../../source/console/theme.ts';
import { firstView, type Grouping, type NodesView } from '../../source/console/view.ts';
import { lineOf } from '../../source/console/widgets/line-editor.ts';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { clusterHeadroom, keptHeadroom, type ClusterHeadroom } from '../../source/state/headroom.ts';
import { createSites } from '../../source/state/kept-site.ts';
import { createLargestHole, largestHole } from '../../source/state/largest-hole.ts';
import { createNodeTable } from '../../source/state/node-table.ts';
import { siteOf } from '../../source/state/site.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod, makeUsage } from '../state/made.ts';

// Everything that is kept from frame to frame is what it would be if it were worked out anew.

const names = fc.integer({ min: 1, max: 24 }).map((number) => `node-${number}`);
const amount = fc.nat(5_000);
const changed = (event: object): ClusterEvent => ({ type: 'changed', at: 1, ...event }) as ClusterEvent;

const nodes = fc
  .record({
    name: names,
    again: fc.nat(1),
    cordoned: fc.boolean(),
    labels: fc.subarray(['node-role.kubernetes.io/master', 'node-role.kubernetes.io/infra', 'rack'] as const),
    cpu: fc.option(amount),
  })
  .map(({ name, again, cordoned, labels, cpu }) =>
    makeNode({
      name,
      uid: `${name}/${again}`,
      cordoned,
      labels: Object.fromEntries(labels.map((label) => [label, cordoned ? 'a' : ''])),
      allocatable: { cpu, memory: 2 ** 33, ephemeralStorage: null, pods: 9 },
    }),
  );

const pods = fc
  .record({ uid: fc.nat(60), node: fc.option(names), cpu: amount, phase: fc.constantFrom('Running', 'Failed') })
  .map(({ uid, node, cpu, phase }) =>
    makePod({ uid: `${uid}`, node, phase, requests: { cpu, memory: cpu * 2 ** 20, ephemeralStorage: 1 } }),
  );

const few = <T>(items: fc.Arbitrary<T>) => fc.array(items, { minLength: 1, maxLength: 3 });

const events: fc.Arbitrary<ClusterEvent> = fc.oneof(
  { weight: 5, arbitrary: few(pods).map((items) => changed({ resource: 'pods', items })) },
  { weight: 3, arbitrary: few(nodes).map((items) => changed({ resource: 'nodes', items })) },
  {
    weight: 1,
    arbitrary: few(names).map((uids) => ({
      type: 'deleted' as const,
      at: 1,
      resource: 'nodes' as const,
      uids: uids.map((name) => `${name}/0`),
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(names, fc.option(amount))
      .map(([uid, cpu]) => changed({ resource: 'usage', items: [makeUsage({ uid, cpu })] })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Extract<ClusterEvent, { type: 'status' }>['status']>(
        { state: 'live' },
        { state: 'stale', since: 7, why: 'x' },
        { state: 'denied', right: 'list pods', why: 'x' },
        { state: 'loading', loaded: 1, total: null },
      )
      .map((status) => ({ type: 'status' as const, at: 1, resource: 'pods' as const, status })),
  },
);

const views: fc.Arbitrary<NodesView> = fc
  .record({
    column: fc.constantFrom('name', 'cpu', 'status', 'roles', 'age'),
    descending: fc.boolean(),
    grouping: fc.constantFrom<Grouping>(
      { by: 'group' },
      { by: 'role' },
      { by: 'nothing' },
      { by: 'label', key: 'rack' },
      { by: 'label', key: 'kubernetes.io/hostname' },
    ),
    filter: fc.constantFrom('', '', '1', 'node-2', 'cordoned'),
  })
  .map(({ column, descending, grouping, filter }) => ({
    ...firstView,
    sort: { column, descending },
    grouping,
    filter: lineOf(filter),
  }));

const theme = createTheme({ colour: false, unicode: true });

const allOf = ({ cluster, byGroup, byPlane, byRole }: ClusterHeadroom) => ({ cluster, byGroup, byPlane, byRole });

test('sums, the largest hole, the list, the columns and the site are what they are anew, after any events', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(few(events), fc.option(views, { freq: 4 })), { maxLength: 30 }), (steps) => {
      const store = createStore(
        Array.from({ length: 20 }, (_, index) =>
          changed({ resource: 'nodes', items: [makeNode({ name: `node-${index + 1}`, uid: `node-${index + 1}/0` })] }),
        ),
      );
      const [tableOf, holeIn, listOf, columnsOf, siteIn] = [
        createNodeTable(),
        createLargestHole(),
        createNodeList(),
        createColumns(),
        createSites(),
      ];
      let view = firstView;
      for (const [batch, turned] of steps) {
        for (const event of batch) store.dispatch(event);
        if (turned !== null) view = turned;
        const table = tableOf(store.state);
        const anew = createNodeTable()(store.state);
        const rows = [...anew.rows];
        expect([...table.rows]).toEqual(rows);
        expect(allOf(keptHeadroom(table.rows))).toEqual(allOf(clusterHeadroom(rows)));
        expect(holeIn(table.rows)).toEqual(largestHole(rows));
        expect(columnsOf(table.rows, 200)).toEqual(createColumns()(anew.rows, 200));
        const [list, other] = [listOf(table, view), createNodeList()(anew, view)];
        const lines = ({ lines }: typeof list) =>
          lines(0, 500).map((line) =>
            line.kind === 'node' ? line.row.node.name : groupRow(line.group, 60, 200, theme),
          );
        expect(lines(list)).toEqual(lines(other));
        expect([list.length, list.whole, list.nodes]).toEqual([other.length, other.whole, other.nodes]);
        for (const [index, line] of list.lines(0, 500).entries())
          if (line.kind === 'node') expect(list.lineOf(line.row.node.uid, index)).toBe(index);
        const site = siteOf(store.state);
        expect(siteIn(store.state).places).toEqual(
          site.places.toSorted((one, next) => (one.node.name < next.node.name ? -1 : 1)),
        );
      }
    }),
    { numRuns: 60 },
  ));
