import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWaiting, pendingInTurn } from '../../source/state/pending-pods.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod } from './made.ts';

const waiting = (uid: string, priority: number, createdAt: number | null) =>
  makePod({ uid, name: uid, phase: 'Pending', priority, createdAt });

const uids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');

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
  const pods = pendingInTurn(store.state);
  expect(pods.map(({ uid }) => uid)).toEqual(['important', 'a', 'b', 'young', 'ageless', 'unimportant']);
  const waits = createWaiting()(store.state);
  expect([...waits.pods]).toEqual(pods);
  expect(pods.map(({ uid }) => waits.byUid(uid))).toEqual(pods);
  expect(waits.byUid('bound')).toBeNull();
});

test('is the same while none of them changes, and after any changes what a sort of all of them gives', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(uids, fc.nat(3), fc.nat(3), fc.constantFrom('put', 'bind', 'remove'))), (steps) => {
      const store = createStore();
      const waitingIn = createWaiting();
      for (const [uid, priority, createdAt, act] of steps) {
        const before = waitingIn(store.state);
        expect(waitingIn(store.state)).toBe(before);
        const pod = waiting(uid, priority, createdAt);
        if (act === 'remove') store.dispatch({ type: 'deleted', at: 1, resource: 'pods', uids: [uid] });
        else
          store.dispatch({
            type: 'changed',
            at: 1,
            resource: 'pods',
            items: [act === 'put' ? pod : { ...pod, node: 'a' }],
          });
        expect([...waitingIn(store.state).pods]).toEqual(pendingInTurn(store.state));
      }
    }),
  ));

test('a change of a node changes nothing of them', () => {
  const store = createStore();
  store.dispatch({ type: 'changed', at: 1, resource: 'pods', items: [waiting('a', 0, 1)] });
  const waitingIn = createWaiting();
  const first = waitingIn(store.state);
  store.dispatch({ type: 'changed', at: 2, resource: 'nodes', items: [makeNode({ name: 'n' })] });
  expect(waitingIn(store.state)).toBe(first);
});
