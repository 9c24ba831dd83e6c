import { describe, expect, test, vi } from 'vitest';
import type { ClusterEvent } from '../../../source/model/cluster-event.ts';
import { makeNode } from '../../state/made.ts';
import { KEYS } from '../emulator.ts';
import { clusterEvents, NODES, NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

/** Names of the nodes on the screen, from top to bottom. */
const shownNodes = (rows: readonly string[]): string[] =>
  rows.flatMap((row) => /^(?:>| ) ((?:bootstrap|master|worker|node)\S*) /.exec(row)?.[1] ?? []);

const cursorOn = (rows: readonly string[]): string | undefined =>
  rows.flatMap((row) => /^> (\S+)/.exec(row)?.[1] ?? [])[0];

async function opened(options: Parameters<typeof openScreen>[0] = {}) {
  const screen = openScreen(options);
  await screen.untilText('sorted by');
  return screen;
}

/** The list without groups, so that its order is that of the whole. */
async function ungrouped(options: Parameters<typeof openScreen>[0] = {}) {
  const screen = await opened(options);
  screen.press('b');
  await screen.untilText('Group the nodes by');
  screen.press(`jjj${KEYS.enter}`);
  await screen.until((rows) => rows.some((row) => row.includes('sorted by') && !row.includes('by group')), 'one list');
  return screen;
}

const many = (count: number) =>
  clusterEvents(
    Array.from({ length: count }, (_, index) => makeNode({ name: `node-${String(index).padStart(4, '0')}` })),
  );

describe('moving', () => {
  test.each([
    { keys: 'jj', on: 'node-0002' },
    { keys: 'jjk', on: 'node-0001' },
    { keys: `${KEYS.down}${KEYS.down}`, on: 'node-0002' },
    { keys: 'G', on: 'node-0099' },
    { keys: 'Ggg', on: 'node-0000' },
    { keys: 'jjjjjgg', on: 'node-0000' },
    { keys: KEYS.end, on: 'node-0099' },
  ])('$keys in one chunk leads to $on', async ({ keys, on }) => {
    const screen = await opened({ events: many(100) });
    screen.press(keys);
    await screen.until((rows) => cursorOn(rows) === on, `the cursor on ${on}`);
  });

  test('the cursor stays on its object when the order turns', async () => {
    const screen = await ungrouped();
    screen.press('jj');
    await screen.until((rows) => cursorOn(rows) === 'master-2');
    screen.press('s');
    await screen.untilText('Sort the nodes by');
    screen.press(KEYS.enter);
    await screen.until((rows) => shownNodes(rows)[0] === 'worker-3', 'the order turned');
    expect(cursorOn(screen.screen())).toBe('master-2');
  });

  test('when its object goes, the cursor stays where it was', async () => {
    const screen = await opened();
    screen.press('jj');
    await screen.until((rows) => cursorOn(rows) === 'master-2');
    screen.store.dispatch({ type: 'deleted', at: NOON, resource: 'nodes', uids: ['uid-of-master-2'] });
    await screen.until((rows) => cursorOn(rows) === 'worker-1');
  });

  test('a node that is re-created under its name is another one', async () => {
    const screen = await opened();
    screen.press(`jj${KEYS.enter}`);
    await screen.untilText('Conditions');
    screen.store.dispatch({ type: 'deleted', at: NOON, resource: 'nodes', uids: ['uid-of-master-2'] });
    screen.store.dispatch({
      type: 'changed',
      at: NOON,
      resource: 'nodes',
      items: [makeNode({ name: 'master-2', uid: 'another' })],
    });
    await screen.untilText('no longer in the cluster');
  });
});

describe('sorting', () => {
  test.each([
    { column: 1, first: 'worker-3', by: 'status, worst first' },
    { column: 4, first: 'worker-3', by: 'share of CPU, the largest first' },
    { column: 6, first: 'worker-3', by: 'pods, the most first' },
    { column: 7, first: 'bootstrap', by: 'address' },
  ])('by $by', async ({ column, first }) => {
    const screen = await ungrouped();
    screen.press('s');
    await screen.untilText('Sort the nodes by');
    screen.press(`${'j'.repeat(column)}${KEYS.enter}`);
    await screen.until((rows) => shownNodes(rows)[0] === first, `${first} first`);
  });

  test('unknown values stand last in either order', async () => {
    const unknown = makeNode({ name: 'node-new', createdAt: null });
    const screen = await ungrouped({ events: clusterEvents([unknown, ...NODES]) });
    for (let turn = 0; turn < 2; turn += 1) {
      screen.press('s');
      await screen.untilText('Sort the nodes by');
      screen.press(`G${KEYS.enter}`);
      await screen.untilText('sorted by age');
      expect(shownNodes(screen.screen()).at(-1)).toBe('node-new');
    }
  });
});

describe('filtering', () => {
  test.each([
    { filter: 'worker', shown: ['worker-1', 'worker-2', 'worker-3'] },
    { filter: 'infra MASTER', shown: ['master-1', 'master-2'] },
    { filter: 'cordoned', shown: ['worker-2'] },
    { filter: '10.1.0.12', shown: ['master-1'] },
    { filter: 'zone=rack-1 noexecute', shown: ['worker-3'] },
  ])('$filter', async ({ filter, shown }) => {
    const screen = await opened();
    screen.press(`/${filter}`);
    await screen.until((rows) => shownNodes(rows).join() === shown.join(), shown.join());
    expect(screen.screen().join('\n')).toContain(`${shown.length} of 6 nodes`);
    screen.press(KEYS.enter);
    await screen.untilText('f filter'.slice(2));
    screen.press(KEYS.escape);
    await screen.until((rows) => shownNodes(rows).length === 6);
  });

  test('keys that are commands elsewhere are text', async () => {
    const screen = await opened();
    screen.press('/qjk?');
    await screen.untilText('filter: qjk?');
    expect(screen.requests).toEqual([]);
    await screen.untilText('No node contains "qjk?"');
  });

  test('a paste is text in a filter and nothing on a list', async () => {
    const screen = await opened();
    screen.press('\u001b[200~q\u001b[201~');
    screen.press('/');
    await screen.untilText('filter:');
    screen.press('\u001b[200~work\u0007er-1\u001b[201~');
    await screen.until((rows) => shownNodes(rows).join() === 'worker-1');
    expect(screen.requests).toEqual([]);
  });
});

describe('what is not known', () => {
  const status = (resource: 'nodes' | 'pods' | 'events', value: object): ClusterEvent =>
    ({ type: 'status', at: NOON, resource, status: value }) as ClusterEvent;

  test.each([
    {
      name: 'pods denied',
      event: status('pods', { state: 'denied', right: 'list pods', why: 'x' }),
      says: 'no right to list pods',
    },
    {
      name: 'pods being read',
      event: status('pods', { state: 'loading', loaded: 500, total: 3000 }),
      says: 'reading the pods, 500 of 3000',
    },
    {
      name: 'pods absent',
      event: status('pods', { state: 'absent', why: 'the server has no pods' }),
      says: 'the server has no pods',
    },
  ])('$name: no figure is drawn as zero, and the reason is said', async ({ event, says }) => {
    const screen = await opened({ events: [...clusterEvents(), event] });
    await screen.untilText(says);
    const row = screen.screen().find((one) => one.startsWith('> bootstrap')) ?? '';
    expect(row).not.toMatch(/\b0[/ ]/);
    expect(row.match(/\?/g)).toHaveLength(3);
  });

  test('stale: the picture stays, its age and the reason are said', async () => {
    const why = 'https://10.1.0.11:6443 does not answer: connection refused.';
    const screen = await opened({
      events: [...clusterEvents(), status('nodes', { state: 'stale', since: NOON - 41_000, why })],
    });
    await screen.untilText('! stale 40s');
    await screen.untilText('connection refused');
    expect(shownNodes(screen.screen())).toHaveLength(6);
  });

  test.each([
    {
      state: { state: 'denied', right: 'list nodes', why: 'You may not list nodes.' },
      says: 'You may not list nodes.',
    },
    { state: { state: 'absent', why: 'nobody answers at 127.0.0.1:1' }, says: 'nobody answers at 127.0.0.1:1' },
  ])('an empty list says why it is empty: $says', async ({ state, says }) => {
    const screen = openScreen({ events: [status('nodes', state)] });
    await screen.untilText(says);
  });

  test('the first reading of the nodes is shown as such', async () => {
    const screen = openScreen({ events: [status('nodes', { state: 'loading', loaded: 0, total: null })] });
    await screen.untilText('reading the nodes');
    screen.store.dispatch(status('nodes', { state: 'live' }));
    await screen.untilText('The cluster has no nodes.');
  });
});

test('taints of one key stand once, with all their effects', async () => {
  const taint = (effect: string) => ({ key: 'node.kubernetes.io/unreachable', value: '', effect, timeAdded: null });
  const lost = makeNode({ name: 'node-lost', taints: [taint('NoSchedule'), taint('NoExecute')] });
  const screen = await opened({ columns: 160, events: clusterEvents([lost]) });
  await screen.untilText(' unreachable:NoSchedule,NoExecute ');
});

describe('meaning', () => {
  test('colour goes with a sign and touches no healthy row', async () => {
    const screen = await opened();
    const y = screen.screen().findIndex((row) => row.includes('X Unknown'));
    expect(screen.styleAt(screen.row(y).indexOf('X Unknown'), y).colour).toBe(1);
    const healthy = screen.screen().findIndex((row) => row.startsWith('  master-1'));
    for (let x = 0; x < 120; x += 1) expect(screen.styleAt(x, healthy).colour).toBeNull();
  });

  test('without colour nothing is coloured and every state still has its sign', async () => {
    const screen = await opened({ colour: false });
    const rows = screen.screen();
    expect(rows.join('\n')).toMatch(/X Unknown/);
    expect(rows.join('\n')).toMatch(/= Cordoned/);
    for (let y = 0; y < rows.length; y += 1)
      for (let x = 0; x < 120; x += 7) expect(screen.styleAt(x, y).colour).toBeNull();
  });

  test('the row of the cursor is reversed as far as the table goes', async () => {
    const screen = await opened();
    const y = screen.screen().findIndex((row) => row.startsWith('> '));
    const end = (screen.screen()[y] ?? '').trimEnd().length;
    expect([0, 40, end - 1, 119].map((x) => screen.styleAt(x, y).inverse)).toEqual([true, true, true, false]);
    expect(screen.styleAt(0, y + 1).inverse).toBe(false);
  });
});

test('nothing is written when nothing changed', async () => {
  const screen = await opened();
  const before = screen.bytes();
  screen.press('Z');
  screen.store.dispatch({ type: 'heard', at: NOON, resource: 'nodes' });
  screen.press('j');
  await screen.until((rows) => cursorOn(rows) === 'master-1');
  const moved = screen.bytes() - before;
  screen.press('k');
  await screen.until((rows) => cursorOn(rows) === 'bootstrap');
  // The unknown key and the sign of life cost nothing: the first move is not dearer than the second.
  expect(Math.abs(moved - (screen.bytes() - before - moved))).toBeLessThan(200);
});

test('a notice of the start is shown until the next key', async () => {
  const screen = await opened({ notices: ['Operation 1 has an unknown end: check it.'] });
  await screen.untilText('! Operation 1 has an unknown end: check it.');
  screen.press('j');
  await screen.untilGone('unknown end');
});

test.each([{ keys: 'q' }, { keys: KEYS.ctrlC }])('$keys leaves', async ({ keys }) => {
  const screen = await opened();
  screen.press(keys);
  await vi.waitFor(() => expect(screen.requests).toEqual(['quit']));
});
