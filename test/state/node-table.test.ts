import { describe, expect, it } from 'vitest';
import { createNodeTable } from '../../source/state/node-table.ts';
import { createStore } from '../../source/state/store.ts';
import { makeEvent, makeNode, makePod, makeUsage } from './made.ts';

const names = Array.from({ length: 20 }, (_, index) => `n${String(index).padStart(2, '0')}`);

const filled = () => {
  const store = createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: names.map((name) => makeNode({ name })) },
    { type: 'changed', at: 1, resource: 'pods', items: names.map((name) => makePod({ uid: name, node: name })) },
    { type: 'status', at: 1, resource: 'pods', status: { state: 'live' } },
  ]);
  const tableOf = createNodeTable();
  return { store, table: () => tableOf(store.state) };
};
const changed = (...rows: readonly (readonly unknown[])[]) => rows.map(([before, after]) => before !== after);

describe('the table of nodes', () => {
  it('is the same object while nothing changed, also when the server was heard', () => {
    const { store, table } = filled();
    const before = table();
    store.dispatch({ type: 'heard', at: 9, resource: 'pods' });
    store.dispatch({ type: 'changed', at: 9, resource: 'events', items: [makeEvent({ uid: 'e', node: 'n00' })] });
    store.dispatch({ type: 'changed', at: 9, resource: 'pods', items: [makePod({ uid: 'x', node: 'no-node' })] });
    expect(table()).toBe(before);
  });

  it('makes one row anew when one node or one pod changes, and says which', () => {
    const { store, table } = filled();
    const before = table();
    store.dispatch({ type: 'changed', at: 2, resource: 'pods', items: [makePod({ uid: 'p', node: 'n03' })] });
    const after = table();
    expect(after.number).toBe(before.number + 1);
    expect(after.changes).toEqual([{ before: before.byName('n03'), after: after.byName('n03') }]);
    const [rows, later] = [[...before.rows], [...after.rows]];
    expect(changed(...rows.map((row, place) => [row, later[place]]))).toEqual(names.map((name) => name === 'n03'));
    expect(after.labels).toBe(before.labels);
  });

  it('does not look at pods while they are being read', () => {
    const { store, table } = filled();
    store.dispatch({
      type: 'status',
      at: 2,
      resource: 'pods',
      status: { state: 'loading', loaded: 1, total: null },
    });
    const before = table();
    store.dispatch({ type: 'changed', at: 2, resource: 'pods', items: [makePod({ uid: 'p', node: 'n03' })] });
    store.dispatch({ type: 'status', at: 2, resource: 'pods', status: { state: 'loading', loaded: 2, total: 9 } });
    expect(table()).toBe(before);
    store.dispatch({ type: 'status', at: 2, resource: 'pods', status: { state: 'live' } });
    expect(table().byName('n03')?.pods).toMatchObject({ state: 'known', value: { total: 2 } });
  });

  it('makes every row anew when the pods go stale', () => {
    const { store, table } = filled();
    const before = [...table().rows];
    store.dispatch({ type: 'status', at: 2, resource: 'pods', status: { state: 'stale', since: 1, why: 'x' } });
    expect(table().changes).toBeNull();
    expect([...table().rows].every((row) => row.requested.state === 'stale' && !before.includes(row))).toBe(true);
  });

  it('finds rows by name, and by uid as long as that is the node of the name', () => {
    const { store, table } = filled();
    const before = table();
    expect(before.byUid('uid-of-n07')).toBe(before.byName('n07'));
    expect([before.byUid('n07'), before.byName('uid-of-n07')]).toEqual([null, null]);
    store.dispatch({ type: 'changed', at: 2, resource: 'nodes', items: [makeNode({ name: 'n07', uid: 'other' })] });
    const after = table();
    expect([after.byUid('uid-of-n07'), after.byUid('other')]).toEqual([null, after.byName('n07')]);
    expect(before.byName('n07')?.node.uid).toBe('uid-of-n07');
    store.dispatch({ type: 'deleted', at: 3, resource: 'nodes', uids: ['other'] });
    expect([table().byName('n07'), table().rows.size]).toEqual([null, names.length - 1]);
    expect(table().changes).toEqual([{ before: after.byName('n07'), after: null }]);
  });

  it('tells when labels changed', () => {
    const { store, table } = filled();
    const { labels } = table();
    store.dispatch({ type: 'changed', at: 2, resource: 'nodes', items: [makeNode({ name: 'n01', cordoned: true })] });
    expect(table().labels).toBe(labels);
    store.dispatch({
      type: 'changed',
      at: 2,
      resource: 'nodes',
      items: [makeNode({ name: 'n01', labels: { a: 'b' } })],
    });
    expect(table().labels).not.toBe(labels);
  });

  it('is right where more changed than the log of changes keeps', () => {
    const { store, table } = filled();
    table();
    for (let turn = 0; turn < 1_000; turn += 1)
      store.dispatch({
        type: 'changed',
        at: 2,
        resource: 'usage',
        items: names.map((uid) => makeUsage({ uid, cpu: turn })),
      });
    store.dispatch({ type: 'status', at: 2, resource: 'usage', status: { state: 'live' } });
    expect([...table().rows].map(({ used }) => used)).toEqual(
      names.map(() => expect.objectContaining({ value: expect.objectContaining({ cpu: 999 }) as unknown }) as unknown),
    );
  });
});
