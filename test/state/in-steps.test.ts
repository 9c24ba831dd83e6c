import { expect, test } from 'vitest';
import type { Steps } from '../../source/model/headroom/steps.ts';
import { createNodeTable } from '../../source/state/node-table.ts';
import { createMeasure, Ordered } from '../../source/state/ordered.ts';
import type { NodeRow } from '../../source/state/node-rows.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makeUsage } from './made.ts';

const MANY = 5_000;
/** Nodes that one step may look at. */
const FEW = 200;
const names = Array.from({ length: MANY }, (_, index) => `node-${index}`);

/** Does work to its end; the most that `looked` came to in one of its steps, and what the work came to. */
function most<T>(steps: Steps<T>, looked: { count: number }) {
  for (let highest = 0; ;) {
    looked.count = 0;
    const step = steps.next();
    highest = Math.max(highest, looked.count);
    if (step.done === true) return { highest, value: step.value };
  }
}

test('where all rows change, a step looks at few of them, and what was asked of them before stands ready', () => {
  const store = createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: names.map((name) => makeNode({ name })) },
  ]);
  store.dispatch({ type: 'status', at: 1, resource: 'usage', status: { state: 'live' } });
  const tableOf = createNodeTable();
  const looked = { count: 0 };
  const usedIn = createMeasure<NodeRow, { readonly cpu: number }>({
    empty: { cpu: 0 },
    one: ({ used }) => {
      looked.count += 1;
      return { cpu: used.state === 'known' ? (used.value.cpu ?? NaN) : 0 };
    },
    combine: (one, other) => ({ cpu: one.cpu + other.cpu }),
  });
  const before = tableOf(store.state);
  expect(usedIn(before.rows).cpu).toBe(0);
  store.dispatch({ type: 'changed', at: 2, resource: 'usage', items: names.map((uid) => makeUsage({ uid, cpu: 2 })) });
  const { nodes } = store.state;
  const nodeOf = nodes.get.bind(nodes);
  const counted = (name: string) => {
    looked.count += 1;
    return nodeOf(name);
  };
  Object.assign(nodes, { get: counted });
  const rows = most(tableOf.steps(store.state), looked);
  expect(rows.highest).toBeGreaterThan(0);
  expect(rows.highest).toBeLessThanOrEqual(FEW);
  expect(most(rows.value.rows.measuredLike(before.rows), looked).highest).toBeLessThanOrEqual(FEW);
  looked.count = 0;
  expect([usedIn(rows.value.rows).cpu, looked.count]).toEqual([2 * MANY, 0]);
});

test('what was asked of values stands ready also after others of which nobody asked it', () => {
  const order = { compare: (one: number, other: number) => one - other };
  const looked = { count: 0 };
  const sumOf = createMeasure<number, { readonly sum: number }>({
    empty: { sum: 0 },
    one: (value) => {
      looked.count += 1;
      return { sum: value };
    },
    combine: (one, other) => ({ sum: one.sum + other.sum }),
  });
  const numbered = (from: number) =>
    Ordered.of(
      order,
      Array.from({ length: 1_000 }, (_, index) => from + index),
    );
  let values = numbered(0);
  expect(sumOf(values).sum).toBe(499_500);
  for (const from of [1_000, 2_000, 3_000]) {
    const next = numbered(from);
    most(next.measuredLike(values), looked);
    values = next;
  }
  looked.count = 0;
  expect([sumOf(values).sum, looked.count]).toEqual([3_499_500, 0]);
});
