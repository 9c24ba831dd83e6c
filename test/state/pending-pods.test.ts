import { expect, test } from 'vitest';
import { pendingInTurn } from '../../source/state/pending-pods.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod } from './made.ts';

const waiting = (uid: string, priority: number, createdAt: number | null) =>
  makePod({ uid, name: uid, phase: 'Pending', priority, createdAt });

test('the highest priority first, then the longest wait, one of no known age last, then by name', () => {
  const store = createStore();
  const items = [
    waiting('young', 0, 9),
    waiting('b', 0, 5),
    waiting('a', 0, 5),
    waiting('ageless', 0, null),
    waiting('important', 1_000, 9),
    waiting('unimportant', -1, 1),
    makePod({ uid: 'bound', node: 'a' }),
  ];
  store.dispatch({ type: 'changed', at: 1, resource: 'pods', items });
  const { pods, places } = pendingInTurn(store.state);
  expect(pods.map(({ uid }) => uid)).toEqual(['important', 'a', 'b', 'young', 'ageless', 'unimportant']);
  expect(pods.map(({ uid }) => places.get(uid))).toEqual([0, 1, 2, 3, 4, 5]);
});

test('is sorted once for each change of the pods', () => {
  const store = createStore();
  store.dispatch({ type: 'changed', at: 1, resource: 'pods', items: [waiting('a', 0, 1)] });
  const first = pendingInTurn(store.state);
  store.dispatch({ type: 'changed', at: 2, resource: 'nodes', items: [makeNode({ name: 'n' })] });
  expect(pendingInTurn(store.state)).toBe(first);
  store.dispatch({ type: 'changed', at: 3, resource: 'pods', items: [waiting('b', 1, 1)] });
  expect(pendingInTurn(store.state).pods.map(({ uid }) => uid)).toEqual(['b', 'a']);
});
