import { describe, expect, test } from 'vitest';
import { makeNode, makePod } from '../../state/made.ts';
import { KEYS } from '../emulator.ts';
import { fullCluster, PENDING } from '../full-cluster.ts';
import { clusterEvents, NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

type Screen = ReturnType<typeof openScreen>;

async function opened(options: Parameters<typeof openScreen>[0] = {}): Promise<Screen> {
  const screen = openScreen({ events: fullCluster(), ...options });
  await screen.untilText('sorted by');
  return screen;
}

const text = (screen: Screen): string => screen.screen().join('\n');
/** The text without what wraps it into rows. */
const flat = (screen: Screen): string => text(screen).replace(/\s+/g, ' ');

describe('pending pods', () => {
  test('as the scheduler takes them, each with its reason, the chosen one with the nearest node and what lets it in', async () => {
    const screen = await opened();
    screen.press('p');
    await screen.untilText('3 pending pods');
    const rows = screen.screen().filter((row) => /^[> ] shop\//.test(row));
    expect(rows.map((row) => row.slice(2).split(/\s+/)[0])).toEqual(['shop/store-0', 'shop/report', 'shop/spread']);
    expect(rows[1]).toContain('1 short of cpu, 1 cordoned, 4 tainted');
    expect(rows[1]).not.toContain('preemption');
    expect(flat(screen)).toContain('a Volume of class metalk8s with 10Gi');
    expect(flat(screen)).toContain('(6 nodes)');
    screen.press('j');
    await screen.untilText('No preemption victims found');
    expect(flat(screen)).toContain(
      'nearest worker-2: uncordon worker-2; 0.95 cores more bootstrap: untaint node-role.kubernetes.io/bootstrap',
    );
    screen.press('j');
    await screen.untilText('! this pod asks for spread over topologies, which is not looked at');
    expect(flat(screen)).toContain('the scheduler has not said why yet');
  });

  test('a node that is not Ready is named as such, though the scheduler passes that over', async () => {
    const silent = makeNode({ name: 'silent', conditions: [] });
    const fresh = makePod({ uid: 'new', name: 'new', phase: 'Pending' });
    const screen = await opened({
      events: [...clusterEvents([silent]), { type: 'changed', at: NOON, resource: 'pods', items: [fresh] }],
    });
    screen.press('p');
    await screen.untilText('silent (not Ready): fits there now');
    screen.press('f');
    await screen.untilText('What one pod asks for');
    screen.press('cpu=1');
    await screen.untilText('3  silent (not Ready)');
  });

  test('on a small screen Enter gives all that is said a page of its own, scrolled as any other, and Esc goes back', async () => {
    const screen = await opened({ columns: 80, rows: 24 });
    screen.press('p');
    await screen.untilText('more: Enter shows them');
    screen.press(`j${KEYS.enter}`);
    await screen.until((rows) => rows.some((row) => /^ Pending pod( |$)/.test(row)), 'the page of the pod');
    expect(text(screen)).toContain(' shop/report   waits for 12m   cpu 3  mem 2Gi');
    screen.resize(80, 14);
    await screen.until((rows) => rows.some((row) => /^ Pending pod .* of \d+ rows/.test(row)), 'a part of the page');
    const first = screen.screen();
    screen.press(KEYS.end);
    await screen.untilText('it is cordoned');
    expect(screen.screen()).not.toEqual(first);
    screen.press(KEYS.escape);
    await screen.until((rows) => rows.some((row) => row.startsWith('> shop/report')), 'the list');
  });

  test('a pod whose page is open and that is placed meanwhile', async () => {
    const screen = await opened();
    screen.press(`p${KEYS.enter}`);
    await screen.until((rows) => rows.some((row) => /^ Pending pod( |$)/.test(row)), 'the page of the pod');
    screen.store.dispatch({ type: 'deleted', at: NOON, resource: 'pods', uids: ['pending-store-0'] });
    await screen.untilText('The pod shop/store-0 waits for a node no more: Esc goes back.');
    screen.press(KEYS.escape);
    await screen.untilText('2 pending pods');
  });

  test('none is said', async () => {
    const screen = await opened({ events: clusterEvents() });
    screen.press('p');
    await screen.untilText('No pod waits for a node.');
  });

  test('the cursor stays on its pod when another is placed', async () => {
    const screen = await opened();
    screen.press('pj');
    await screen.until((rows) => rows.some((row) => row.startsWith('> shop/report')), 'the cursor');
    const [, store] = PENDING;
    if (store === undefined) throw new Error('there is no such pod');
    screen.store.dispatch({
      type: 'changed',
      at: NOON,
      resource: 'pods',
      items: [{ ...store, node: 'worker-1', phase: 'Running' }],
    });
    await screen.untilText('2 pending pods');
    expect(screen.screen().some((row) => row.startsWith('> shop/report'))).toBe(true);
  });

  test('a list longer than the screen says which part is shown, and the pane gives way on a low one', async () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      makePod({ uid: `many-${index}`, name: `many-${index}`, phase: 'Pending', createdAt: NOON - index * 1_000 }),
    );
    const screen = await opened({
      columns: 80,
      rows: 14,
      events: [...clusterEvents(), { type: 'changed', at: NOON, resource: 'pods', items: many }],
    });
    screen.press('p');
    await screen.untilText('of 60 rows');
    screen.press(KEYS.end);
    await screen.until((rows) => rows.some((row) => row.startsWith('> shop/many-0 ')), 'the youngest');
    expect(text(screen)).not.toContain('nearest');
  });
});
