import { describe, expect, test } from 'vitest';
import { KEYS } from '../emulator.ts';
import { NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

const SPACE = ' ';

const markedNodes = (rows: readonly string[]): string[] => rows.flatMap((row) => /^[> ]\*(\S+)/.exec(row)?.[1] ?? []);

async function opened() {
  const screen = openScreen();
  await screen.untilText('sorted by');
  return screen;
}

describe('marks', () => {
  test('are set by Space, which goes on to the next node, also over the head of a group', async () => {
    const screen = await opened();
    screen.press(`jj${SPACE}`);
    await screen.until((rows) => markedNodes(rows).join() === 'master-2');
    await screen.until((rows) => rows.some((row) => row.startsWith('> worker-1')));
    screen.press(SPACE);
    await screen.until((rows) => markedNodes(rows).join() === 'master-2,worker-1');
    await screen.untilText('6 nodes, 2 marked');
    screen.press(`k${SPACE}`);
    await screen.until((rows) => markedNodes(rows).join() === 'master-2');
  });

  test('are taken away by Esc before the filter is', async () => {
    const screen = await opened();
    screen.press(`/worker${KEYS.enter}`);
    await screen.untilText('3 of 6 nodes');
    screen.press(SPACE);
    await screen.untilText('3 of 6 nodes, 1 marked');
    screen.press(KEYS.escape);
    await screen.untilGone('marked');
    await screen.untilText('3 of 6 nodes');
    screen.press(KEYS.escape);
    await screen.untilGone('of 6 nodes');
  });

  test('are what is acted on, also where the filter hides them, and the preview names each', async () => {
    const screen = await opened();
    screen.press(`${SPACE}${SPACE}`);
    await screen.untilText('2 marked');
    screen.press(`/worker-1${KEYS.enter}`);
    await screen.untilText('1 of 6 nodes, 2 marked');
    screen.press('c');
    await screen.untilText('Cordon bootstrap and master-1');
    screen.press('y');
    await screen.until(() => screen.applied.length === 1);
    expect(screen.applied[0]?.steps.map(({ node }) => node)).toEqual(['bootstrap', 'master-1']);
  });

  test('on a node that is gone count for nothing', async () => {
    const screen = await opened();
    screen.press(`${SPACE}${SPACE}`);
    await screen.untilText('2 marked');
    screen.store.dispatch({ type: 'deleted', at: NOON, resource: 'nodes', uids: ['uid-of-bootstrap'] });
    await screen.untilText('1 marked');
    screen.press('c');
    await screen.untilText('Cordon master-1');
  });
});

describe('groups', () => {
  test('the cursor is never on a head, and the first head can be seen again', async () => {
    const screen = openScreen({ columns: 80, rows: 18 });
    await screen.untilText('sorted by');
    screen.press('G');
    await screen.until((rows) => rows.some((row) => row.startsWith('> worker-3')));
    screen.press('kkkkk');
    await screen.until((rows) => rows.some((row) => row.startsWith('> bootstrap')));
    expect(screen.screen().join('\n')).toContain('control plane  3 nodes');
    screen.press('k');
    screen.press('j');
    await screen.until((rows) => rows.some((row) => row.startsWith('> master-1')));
  });

  test('by role a node stands under each of its roles, and the cursor goes through all of them', async () => {
    const screen = await opened();
    screen.press('b');
    await screen.untilText('Group the nodes by');
    screen.press(`j${KEYS.enter}`);
    await screen.untilText('by role');
    const heads = screen.screen().flatMap((row) => /^ (\w[\w ]*?) {2}\d+ nodes?/.exec(row)?.[1] ?? []);
    expect(heads).toEqual(['bootstrap', 'master', 'etcd', 'infra', 'node']);
    screen.press('jj');
    await screen.until((rows) => rows.filter((row) => row.includes('> master-1')).length === 1);
    await screen.untilText('> master-1');
  });

  test.each([
    { columns: 200, rows: 60, under: true },
    { columns: 80, rows: 24, under: false },
  ])(
    'the sums of a group at $columns columns stand under the columns of requests: $under',
    async ({ under, ...size }) => {
      const screen = openScreen(size);
      await screen.untilText('sorted by');
      const rows = screen.screen();
      const at = (start: string, text: string): number =>
        rows.find((row) => row.startsWith(start))?.indexOf(text) ?? -1;
      const [head, sum] = [at('> bootstrap', under ? '[' : '0.75/'), at(' control plane', 'cpu 3 of')];
      expect(sum).toBeGreaterThan(0);
      expect(sum === head).toBe(under);
    },
  );

  test('by a label, with those that do not have it last', async () => {
    const screen = await opened();
    screen.press('b');
    await screen.untilText('label topology.kubernetes.io/zone');
    screen.press(`G${KEYS.enter}`);
    await screen.untilText('by topology.kubernetes.io/zone');
    await screen.untilText('topology.kubernetes.io/zone=rack-1');
  });
});
