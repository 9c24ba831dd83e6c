import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNodeTable } from '../../../source/state/node-table.ts';
import { createStore } from '../../../source/state/store.ts';
import { COLUMNS } from '../../../source/console/screens/nodes/columns.ts';
import { createColumns, GAP, MARGIN } from '../../../source/console/screens/nodes/layout.ts';
import { makeNode } from '../../state/made.ts';
import { clusterEvents, NODES, NOON } from '../made-cluster.ts';

const rowsOf = (events = clusterEvents()) => createNodeTable()(createStore(events).state).rows;
const placedOn = (width: number, rows = rowsOf()) => createColumns()(rows, width);
const idsOn = (width: number) => placedOn(width).map(({ column }) => column.id);

test.each([
  { width: 80, ids: ['name', 'status', 'roles', 'taints', 'cpu', 'memory', 'pods'] },
  { width: 120, ids: ['name', 'status', 'roles', 'taints', 'cpu', 'memory', 'pods', 'control'] },
  { width: 200, ids: COLUMNS.map(({ id }) => id).filter((id) => !['cpu-used', 'memory-used', 'system'].includes(id)) },
])('on $width columns: $ids', ({ width, ids }) => {
  expect(idsOn(width)).toEqual(ids);
});

test('what is placed fits, in the order of the table, the name first', () => {
  const rows = rowsOf(
    clusterEvents([makeNode({ name: 'a-very-long-name-of-a-node.in.a.domain.example.org' }), makeNode({ name: 'b' })]),
  );
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 300 }), (width) => {
      const placed = placedOn(width, rows);
      const total = placed.reduce((sum, one) => sum + one.width + GAP, MARGIN - GAP);
      expect(total).toBeLessThanOrEqual(width);
      expect(placed[0]?.column.id).toBe('name');
      const order = placed.map(({ column }) => COLUMNS.indexOf(column));
      expect(order).toEqual(order.toSorted((one, other) => one - other));
    }),
  );
});

const lost = (name: string) =>
  makeNode({
    name,
    labels: { 'node-role.kubernetes.io/infra': '', 'node-role.kubernetes.io/node': '' },
    conditions: [{ type: 'Ready', status: 'Unknown', reason: '', message: '', since: NOON - 11 * 60_000 }],
    capacity: { cpu: 15_700, memory: 62 * 2 ** 30, ephemeralStorage: 0, pods: 110 },
    allocatable: { cpu: 15_700, memory: 61.4 * 2 ** 30, ephemeralStorage: 0, pods: 110 },
  });

test.each(['par1-worker-1', 'a-very-long-name-of-a-node'])(
  'on 80 columns the time of what is wrong is whole, whatever else gives way: %s',
  (name) => {
    const rows = rowsOf(clusterEvents([lost(name), ...NODES]));
    const placed = placedOn(80, rows);
    const status = placed.find(({ column }) => column.id === 'status');
    for (const row of rows) {
      const [worst] = status?.form.cell(row, { now: NOON, width: 80 }) ?? [];
      expect(worst?.text.length, row.node.name).toBeLessThanOrEqual(status?.width ?? 0);
    }
    expect(placed.map(({ column }) => column.id)).toEqual(expect.arrayContaining(['name', 'roles', 'cpu', 'memory']));
  },
);

test('from 120 columns on taints are spelled out, below they are counted', () => {
  const textOn = (width: number) =>
    placedOn(width)
      .filter(({ column }) => column.id === 'taints')
      .flatMap(({ form }) =>
        [...rowsOf()].flatMap((row) => form.cell(row, { now: NOON, width }).map(({ text }) => text)),
      );
  expect(textOn(120)).toContain('unschedulable:NoSchedule');
  expect(textOn(119)).toContain('1');
});
