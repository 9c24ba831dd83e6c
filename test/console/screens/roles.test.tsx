import { describe, expect, test } from 'vitest';
import { KEYS } from '../emulator.ts';
import { makeNode } from '../../state/made.ts';
import { clusterEvents } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

async function onNode(name: string, options: Parameters<typeof openScreen>[0] = {}) {
  const screen = openScreen(options);
  await screen.untilText('sorted by');
  screen.press(`/${name}`);
  await screen.until((rows) => rows.some((row) => row.startsWith(`> ${name}`)), name);
  screen.press(`${KEYS.enter}o`);
  await screen.untilText(`Roles of ${name}`);
  return screen;
}

/** The row of the form that begins with a box and a name. */
const rowOf = (screen: { readonly screen: () => readonly string[] }, name: string): string =>
  screen.screen().find((row) => row.slice(6).startsWith(name)) ?? '';

describe('roles of one node', () => {
  test('a role is given with the taint that the product sets for the set, previewed and done', async () => {
    const screen = await onNode('worker-1');
    expect(rowOf(screen, 'node')).toContain('[x] node');
    expect(rowOf(screen, 'infra')).toContain('[ ] infra');
    screen.press('jj ');
    await screen.untilText('will be given');
    screen.press('j ');
    await screen.untilText('[x] taint infra');
    expect(rowOf(screen, 'node')).toContain('will be taken');
    expect(rowOf(screen, 'taint infra')).toContain('will be set, as the product does for this set');
    screen.press(KEYS.enter);
    await screen.untilText('kubectl');
    const text = screen.screen().join('\n');
    expect(text).toContain('+ label node-role.kubernetes.io/infra=');
    expect(text).toContain('- label node-role.kubernetes.io/node=');
    expect(text).toContain('+ taint node-role.kubernetes.io/infra:NoSchedule');
    screen.press('y');
    await screen.untilText('done. u takes it back.');
    expect(screen.applied).toHaveLength(1);
  });

  test('a set that the product does not know leaves taints alone, and says so', async () => {
    const screen = await onNode('master-1');
    screen.press(' ');
    await screen.untilText('will be taken');
    await screen.untilText('with the roles etcd and infra: those of master-1 are left as they are');
    expect(rowOf(screen, 'taint infra')).toContain('[x] taint infra');
    expect(rowOf(screen, 'taint infra')).not.toContain('will be');
  });

  test('the proposal is edited before the preview: a taint by hand is exactly what is sent', async () => {
    const screen = await onNode('worker-1');
    screen.press('jj ');
    await screen.untilText('will be given');
    screen.press(`${KEYS.end} `);
    await screen.untilText('set by hand');
    expect(rowOf(screen, 'taint infra')).toContain('[x] taint infra');
    expect(rowOf(screen, 'taint infra')).not.toContain('as the product does');
    screen.press(' ');
    await screen.until(() => rowOf(screen, 'taint infra').includes('[ ]'), 'no taint');
    screen.press(KEYS.enter);
    await screen.untilText('+ label node-role.kubernetes.io/infra=');
    expect(screen.screen().join('\n')).not.toContain('+ taint');
  });

  test('the cursor begins on the first role that can be given or taken', async () => {
    const screen = await onNode('worker-1');
    expect(rowOf(screen, 'master')).toMatch(/^> \[ \] master/);
  });

  test('bootstrap is never toggled, and that is said', async () => {
    const screen = await onNode('bootstrap');
    expect(rowOf(screen, 'bootstrap')).toContain('[x] bootstrap');
    screen.press('k ');
    await screen.untilText('The role bootstrap is never given or taken');
    expect(rowOf(screen, 'bootstrap')).toContain('[x] bootstrap');
    screen.press(KEYS.enter);
    await screen.untilText('Nothing is changed yet');
    expect(screen.requests).toEqual([]);
  });

  test('twice Space is as it was', async () => {
    const screen = await onNode('worker-1');
    screen.press('j ');
    await screen.untilText('will be given');
    screen.press(' ');
    await screen.untilGone('will be given');
    screen.press(KEYS.enter);
    await screen.untilText('Nothing is changed yet');
  });

  test.each([
    { where: 'the list', path: '', shows: 'sorted by' },
    { where: 'the page of a node', path: KEYS.enter, shows: 'Conditions' },
  ])('read-only: on $where the key opens nothing and says why', async ({ path, shows }) => {
    const screen = openScreen({ readOnly: 'It was started with --read-only.' });
    await screen.untilText('sorted by');
    screen.press(path);
    await screen.untilText(shows);
    screen.press('o');
    await screen.untilText('It was started with --read-only.');
    expect(screen.screen().join('\n')).not.toContain('Roles of');
  });
});

describe('roles of nodes of many kinds on a small terminal', () => {
  const kind = (name: string, roles: readonly string[]) =>
    makeNode({ name, labels: Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])) });
  const NAMES = [
    'par1-storage-and-control-1',
    'par1-storage-and-control-2',
    'par1-storage-and-control-3',
    'par1-storage-and-control-4',
  ];
  const SETS = [['master'], ['etcd'], ['master', 'node'], ['etcd', 'node']];

  async function onAll(rows: number) {
    const events = clusterEvents(NAMES.map((name, index) => kind(name, SETS[index] ?? [])));
    const screen = openScreen({ columns: 80, rows, events });
    await screen.untilText('sorted by');
    screen.press('    o');
    await screen.untilText('Roles of');
    return screen;
  }

  test('sentences never push a row away; of those that find no room it is said how much there is', async () => {
    const screen = await onAll(22);
    screen.press('jj ');
    await screen.untilText('The product has no taints of its own');
    expect(rowOf(screen, 'taint infra')).toContain('taint infra');
    expect(screen.screen().join('\n')).toMatch(/… \d+ rows more on a taller screen/);
  });

  test('where the rows themselves find no room it is said which are shown', async () => {
    const screen = await onAll(14);
    await screen.untilText('1-6 of 9 rows');
    screen.press(KEYS.end);
    await screen.untilText('4-9 of 9 rows');
  });

  test('the titles of form and preview keep the count behind the names', async () => {
    const screen = await onAll(24);
    expect(screen.screen().join(' ')).toMatch(/control-2,\s+par1-storage-and-control-3 and 1 more/);
    screen.press(`jj ${KEYS.enter}`);
    await screen.untilText('nothing is sent before');
    expect(screen.screen().join(' ')).toMatch(/and 1 more.*nothing is sent before y is pressed/);
  });
});

describe('marked nodes', () => {
  const marked = async (...names: readonly string[]) => {
    const screen = openScreen();
    await screen.untilText('sorted by');
    for (const name of names) {
      screen.press(`/\u0015${name}`);
      await screen.untilText(`filter: ${name}`);
      screen.press(`${KEYS.enter} `);
    }
    return screen;
  };

  test('a role that some have is drawn so, given to the others, and sent for all', async () => {
    const screen = await marked('master-1', 'master-2', 'worker-1');
    screen.press('o');
    await screen.untilText('Roles of master-1, master-2 and worker-1');
    expect(rowOf(screen, 'infra')).toContain('[-] infra');
    expect(rowOf(screen, 'infra')).toContain('on 2 of 3');
    screen.press('jj ');
    await screen.untilText('will be given on 1 of 3');
    screen.press(' ');
    await screen.untilText('will be taken on 2 of 3');
    screen.press(KEYS.enter);
    await screen.untilText('- label node-role.kubernetes.io/infra=');
    expect(screen.screen().join('\n')).toContain('nothing to change on worker-1');
  });
});
