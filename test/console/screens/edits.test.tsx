import { describe, expect, test, vi } from 'vitest';
import type { Plan } from '../../../source/operations/operation.ts';
import { makeNode } from '../../state/made.ts';
import { KEYS } from '../emulator.ts';
import { clusterEvents, NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

/** What each step of a plan of edits changes. */
const changesOf = (plan: Plan | undefined) =>
  (plan?.steps ?? []).map((step) => (step.task === 'edit' ? step.changes : []));

async function opened(options: Parameters<typeof openScreen>[0] = {}) {
  const screen = openScreen(options);
  await screen.untilText('sorted by');
  return screen;
}

const BOOTSTRAP_TAINT = 'node-role.kubernetes.io/bootstrap';

describe('untaint, the example of the guide', () => {
  test('four keys: t, a, Enter, y', async () => {
    const screen = await opened();
    screen.press('t');
    await screen.untilText('[ ] node-role.kubernetes.io/bootstrap:NoSchedule');
    screen.press('a');
    await screen.untilText('[x] node-role.kubernetes.io/bootstrap:NoSchedule');
    screen.press(KEYS.enter);
    await screen.untilText('kubectl taint nodes bootstrap');
    expect(screen.applied).toEqual([]);
    screen.press('y');
    await screen.untilText('Untaint bootstrap: done. u takes it back.');
    expect(screen.applied).toHaveLength(1);
    expect(changesOf(screen.applied[0])[0]).toEqual([
      expect.objectContaining({ field: 'taint', key: BOOTSTRAP_TAINT, after: null }),
    ]);
  });

  test('the role that keeps the taints away is offered with it', async () => {
    const screen = await opened();
    screen.press('ta');
    await screen.untilText('also give it the role "node"');
    screen.press(`j ${KEYS.enter}`);
    await screen.untilText('+ label node-role.kubernetes.io/node=');
  });
});

describe('the form for taints', () => {
  test.each([
    { typed: 'gpu', says: 'a taint is set with KEY=VALUE:EFFECT' },
    { typed: 'gpu=yes', says: 'a taint is set with KEY=VALUE:EFFECT' },
    { typed: 'gpu=yes:Never', says: 'Never' },
    { typed: '-bad-:NoSchedule', says: '-bad-' },
  ])('$typed is told with its rule and stays to be mended', async ({ typed, says }) => {
    const screen = await opened();
    screen.press('t');
    await screen.untilText('Taints of');
    screen.press('+');
    await screen.untilText('KEY:EFFECT- removes one');
    screen.press(typed);
    await screen.untilText(`taint ${typed}`);
    screen.press(KEYS.enter);
    await screen.until((rows) => rows.some((row) => row.includes('X ') && row.includes(says)), says);
    screen.press(KEYS.escape);
    await screen.untilGone('X "');
  });

  test('an added taint is previewed with what it will do', async () => {
    const screen = await opened();
    screen.press('t');
    await screen.untilText('Taints of');
    screen.press('+gpu=yes:NoExecute');
    await screen.untilText('taint gpu=yes:NoExecute');
    screen.press(KEYS.enter);
    await screen.untilText('+  gpu=yes:NoExecute');
    screen.press(KEYS.enter);
    await screen.untilText('+ taint gpu=yes:NoExecute');
    await screen.untilText('What it will do');
  });

  test('nothing changed: said, and nothing is planned', async () => {
    const screen = await opened();
    screen.press(`t${KEYS.enter}`);
    await screen.untilText('Nothing is changed yet');
    expect(screen.requests).toEqual([]);
  });
});

describe('the form for labels', () => {
  test('add, change and remove in one operation', async () => {
    const screen = await opened();
    screen.press('l');
    await screen.untilText('Labels of bootstrap');
    screen.press('+tier=gold');
    await screen.untilText('label tier=gold');
    screen.press(KEYS.enter);
    await screen.untilText('+ tier=gold');
    screen.press(KEYS.end);
    await screen.until((rows) =>
      rows.some((row) => row.startsWith('>') && row.includes('topology.kubernetes.io/zone')),
    );
    screen.press(`e${KEYS.backspace}2`);
    await screen.untilText('zone=rack-2');
    screen.press(KEYS.enter);
    await screen.untilText('was rack-1');
    screen.press(`gg ${KEYS.enter}`);
    await screen.untilText('The same with kubectl');
    const text = screen.screen().join('\n');
    expect(text).toContain('- label kubernetes.io/hostname=bootstrap');
    expect(text).toContain('+ label topology.kubernetes.io/zone=rack-2');
    expect(text).toContain('+ label tier=gold');
  });

  test('a wrong value is told with its rule', async () => {
    const screen = await opened();
    screen.press('l');
    await screen.untilText('Labels of');
    screen.press('+tier=not/valid');
    await screen.untilText('tier=not/valid');
    screen.press(KEYS.enter);
    await screen.until((rows) => rows.some((row) => row.startsWith(' X') && row.includes('label value')), 'the rule');
  });
});

describe('forms on marked nodes', () => {
  const marked = async (...names: readonly string[]) => {
    const screen = await opened();
    for (const name of names) {
      screen.press(`/\u0015${name}`);
      await screen.untilText(`filter: ${name}`);
      screen.press(`${KEYS.enter} `);
    }
    return screen;
  };

  test('labels: what all have, what some have, what differs; one change for all', async () => {
    const screen = await marked('bootstrap', 'master-1', 'worker-1');
    screen.press('l');
    await screen.untilText('Labels of bootstrap, master-1 and worker-1');
    const text = screen.screen().join('\n');
    expect(text).toMatch(/kubernetes\.io\/hostname {3}bootstrap on 1, master-1 on 1 and worker-1 on 1 of 3/);
    expect(text).toMatch(/node-role\.kubernetes\.io\/infra= {3}on 1 of 3/);
    expect(text).toMatch(/zone=rack-1\s*$/m);
    screen.press('+tier=gold');
    await screen.untilText('label tier=gold');
    screen.press(KEYS.enter);
    await screen.untilText('+ tier=gold');
    screen.press('+topology.kubernetes.io/zone=rack-2');
    await screen.untilText('label topology.kubernetes.io/zone=rack-2');
    screen.press(KEYS.enter);
    await screen.untilText('was rack-1');
    screen.press(KEYS.enter);
    await screen.untilText('The same with kubectl');
    screen.press('y');
    await screen.untilText('done. u takes it back.');
    expect(
      screen.applied[0]?.steps.map((step) => [step.node, step.task === 'edit' ? step.changes.length : null]),
    ).toEqual([
      ['bootstrap', 2],
      ['master-1', 2],
      ['worker-1', 2],
    ]);
  });

  test('a label that only some have is removed from these', async () => {
    const screen = await marked('master-1', 'worker-1');
    screen.press('l');
    await screen.untilText('Labels of master-1 and worker-1');
    screen.press('jjj');
    await screen.until((rows) => rows.some((row) => row.startsWith('>') && row.includes('role.kubernetes.io/infra')));
    screen.press(' ');
    await screen.untilText('will be removed   on 1 of 2');
    screen.press(KEYS.enter);
    await screen.untilText('- label node-role.kubernetes.io/infra=');
    expect(screen.screen().join('\n')).toContain('nothing to change on worker-1');
  });

  test('taints: each once, with how many have it; the role "node" is offered where all need it', async () => {
    const screen = await marked('bootstrap', 'master-1', 'master-2');
    screen.press('t');
    await screen.untilText('Taints of bootstrap, master-1 and master-2');
    const rows = screen.screen().filter((row) => row.includes('node-role.kubernetes.io/'));
    expect(rows[0]).toMatch(/bootstrap:NoSchedule {3}on 1 of 3/);
    expect(rows[1]).toMatch(/infra:NoSchedule {3}on 2 of 3/);
    screen.press('a');
    await screen.untilText('will be removed   on 2 of 3');
    expect(screen.screen().join('\n')).not.toContain('also give it the role');
    screen.press(KEYS.enter);
    await screen.untilText('The same with kubectl');
    expect(
      screen
        .screen()
        .join('\n')
        .match(/- taint/g),
    ).toHaveLength(3);
  });

  test('a marked node that goes away is left out, and that is said', async () => {
    const screen = await marked('worker-1', 'worker-2');
    screen.press('o');
    await screen.untilText('Roles of worker-1 and worker-2');
    screen.store.dispatch({ type: 'deleted', at: 0, resource: 'nodes', uids: ['uid-of-worker-2'] });
    await screen.untilText('Roles of worker-1 (one is no longer in the cluster)');
  });
});

describe('cordon', () => {
  test('a schedulable node is cordoned, a cordoned one uncordoned', async () => {
    const screen = await opened();
    screen.press('jjj');
    screen.press('c');
    await screen.untilText('kubectl cordon worker-1');
    screen.press(KEYS.escape);
    await screen.untilText('sorted by');
    screen.press('jc');
    await screen.untilText('kubectl uncordon worker-2');
  });
});

describe('a preview', () => {
  test('Esc sends nothing', async () => {
    const screen = await opened();
    screen.press('c');
    await screen.untilText('kubectl cordon');
    screen.press(KEYS.escape);
    await screen.untilText('sorted by');
    expect(screen.applied).toEqual([]);
  });

  test('what went wrong is said on the plan and stays', async () => {
    const why = 'The taints of bootstrap were changed by someone else: look again.';
    const screen = await opened({
      results: (plan) => plan.steps.map(({ node }) => ({ task: 'edit' as const, node, state: 'conflict', why })),
    });
    screen.press('c');
    await screen.untilText('kubectl cordon');
    screen.press('y');
    await screen.untilText('! conflict');
    await screen.untilText('changed by someone else');
    screen.press(KEYS.escape);
    await screen.untilText('sorted by');
  });

  test('an undo without anything to undo is a sentence', async () => {
    const screen = await opened();
    screen.press('u');
    await screen.untilText('There is nothing to undo');
  });
});

describe('read-only', () => {
  test('no key that writes does anything, and none is offered', async () => {
    const screen = await opened({ readOnly: 'It was started with --read-only.' });
    await screen.untilText('= READ-ONLY');
    expect(screen.screen().at(-1)).not.toMatch(/labels|taints|cordon|undo/);
    screen.press('ltcu');
    screen.press('j');
    await screen.until((rows) => rows.some((row) => row.startsWith('> master-1')));
    expect(screen.requests).toEqual([]);
  });
});

describe('a terminal that is too small', () => {
  test('nothing is done that is not seen', async () => {
    const screen = openScreen({ columns: 20, rows: 5 });
    await screen.untilText('30x8 at least');
    screen.press('t');
    screen.press('a');
    screen.press(KEYS.enter);
    screen.press('y');
    screen.press('\u001b[200~text\u001b[201~');
    screen.resize(100, 30);
    await screen.untilText('sorted by');
    expect(screen.applied).toEqual([]);
    expect(screen.requests).toEqual([]);
    screen.resize(20, 5);
    await screen.untilText('30x8 at least');
    screen.press(KEYS.ctrlC);
    await vi.waitFor(() => expect(screen.requests).toEqual(['quit']));
  });
});

describe('what goes beyond the screen', () => {
  test('a long line is broken, not cut, and the title says what part is shown', async () => {
    const screen = await opened({ columns: 60, rows: 16 });
    screen.press(`ta${KEYS.enter}`);
    await screen.untilText(' rows');
    expect(screen.screen().join('\n')).toMatch(/1-\d+ of \d+ rows/);
    screen.press(KEYS.end);
    await screen.untilText('The same with kubectl');
    const text = screen
      .screen()
      .map((row) => row.trim())
      .join('');
    expect(text).toContain('node-role.kubernetes.io/bootstrap:NoSchedule-');
  });
});

describe('the cursor of a form', () => {
  const node = (...labels: readonly string[]) =>
    makeNode({ name: 'node-1', labels: Object.fromEntries(labels.map((key) => [key, ''])) });

  test.each([
    { keys: '', entry: 'b' },
    { keys: 'j', entry: 'c' },
  ])('stays on its entry when others come and go: after "$keys" on $entry', async ({ keys, entry }) => {
    const screen = await opened({ events: clusterEvents([node('b', 'c')]) });
    screen.press(`l${keys}`);
    await screen.untilText(`>   ${entry}=`);
    screen.store.dispatch({ type: 'changed', at: NOON, resource: 'nodes', items: [node('a', 'b', 'c', 'd')] });
    await screen.untilText('    d=');
    await screen.untilText(`>   ${entry}=`);
    screen.press(' ');
    await screen.untilText(`> - ${entry}=`);
  });

  test('stays where it is when its entry is gone', async () => {
    const screen = await opened({ events: clusterEvents([node('b', 'c', 'd')]) });
    screen.press('lj');
    await screen.untilText('>   c=');
    screen.store.dispatch({ type: 'changed', at: NOON, resource: 'nodes', items: [node('b', 'd')] });
    await screen.untilText('>   d=');
  });

  test('stays on a label to group by', async () => {
    const screen = await opened({ events: clusterEvents([node('b', 'c')]) });
    screen.press('b');
    await screen.untilText('label c');
    screen.press('G');
    await screen.until((rows) => rows.some((row) => / > .*label c/.test(row)), 'the cursor on c');
    screen.store.dispatch({ type: 'changed', at: NOON, resource: 'nodes', items: [node('a', 'b', 'c')] });
    await screen.untilText('label a');
    await screen.until((rows) => rows.some((row) => / > .*label c/.test(row)), 'the cursor on c');
  });
});
