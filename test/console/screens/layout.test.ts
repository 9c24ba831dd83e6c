import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNodeRows } from '../../../source/state/node-rows.ts';
import { createStore } from '../../../source/state/store.ts';
import { COLUMNS } from '../../../source/console/screens/nodes/columns.ts';
import { GAP, MARGIN, placeColumns } from '../../../source/console/screens/nodes/layout.ts';
import { makeNode } from '../../state/made.ts';
import { clusterEvents, NOON } from '../made-cluster.ts';

const rowsOf = (events = clusterEvents()) => createNodeRows()(createStore(events).state);
const placedOn = (width: number, rows = rowsOf()) => placeColumns(rows, width, NOON);
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

test('from 120 columns on taints are spelled out, below they are counted', () => {
  const textOn = (width: number) =>
    placedOn(width)
      .filter(({ column }) => column.id === 'taints')
      .flatMap(({ form }) => rowsOf().flatMap((row) => form.cell(row, { now: NOON, width }).map(({ text }) => text)));
  expect(textOn(120)).toContain('unschedulable:NoSchedule');
  expect(textOn(119)).toContain('1');
});
