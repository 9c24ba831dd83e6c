import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../commands/program.ts';
import { KEYS } from '../emulator.ts';
import { openLive, startSite, writesTo, type LiveScreen, type Site } from './live-screen.tsx';

const NODE = 'par1-bootstrap';
const NAME_RULE = `letters, digits, '-', '_' and '.', with a letter or digit first and last`;
const EFFECT_RULE = 'must be one of NoSchedule, PreferNoSchedule, NoExecute';
const TAINT_FORMS = 'a taint is set with KEY=VALUE:EFFECT or KEY:EFFECT and removed with KEY:EFFECT- or KEY-';

/** What is typed, and what is said of it, rule and all. */
const BAD: Readonly<Record<'label' | 'taint', readonly (readonly [typed: string, says: string])[]>> = {
  label: [
    ['ra%ck=b2', `"ra%ck=b2": label key "ra%ck" must have a name of ${NAME_RULE}`],
    ['.rack=b2', `".rack=b2": label key ".rack" must have a name of ${NAME_RULE}`],
    ['a/b/c=d', '"a/b/c=d": label key "a/b/c" must have at most one "/", between prefix and name'],
    [`${'k'.repeat(64)}=x`, 'has a name of 64 characters, where at most 63 are allowed'],
    ['rack=-b2', `"rack=-b2": label value "-b2" must be empty or consist of ${NAME_RULE}`],
    [`rack=${'v'.repeat(64)}`, 'has 64 characters, where at most 63 are allowed'],
    ['rack=a=b', '"rack=a=b": a label has one "=", between key and value'],
  ],
  taint: [
    ['disk=slow', `"disk=slow": ${TAINT_FORMS}`],
    ['disk=slow:', `"disk=slow:": taint effect is missing: it ${EFFECT_RULE}`],
    ['disk=slow:Never', `"disk=slow:Never": taint effect "Never" ${EFFECT_RULE}`],
    ['di%sk:NoSchedule', `"di%sk:NoSchedule": taint key "di%sk" must have a name of ${NAME_RULE}`],
    ['disk=-x:NoExecute', `"disk=-x:NoExecute": taint value "-x" must be empty or consist of ${NAME_RULE}`],
    [':NoSchedule', '":NoSchedule": taint key must not be empty'],
  ],
};
const KEY_OF = { label: 'l', taint: 't' } as const;
const GRAMMAR_OF = {
  label: 'KEY=VALUE adds or changes a label',
  taint: 'KEY=VALUE:EFFECT or KEY:EFFECT adds one',
} as const;

let site: Site;
let sent: () => readonly string[];
const ends: (() => void | Promise<void>)[] = [];
beforeAll(async () => {
  site = await startSite((end) => ends.push(end));
});
beforeEach(() => {
  sent = writesTo(site.box);
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const cli = (...words: readonly string[]) =>
  runProgram(words, { environment: { KUBECONFIG: site.file, XDG_STATE_HOME: site.folder } });

describe.each(['label', 'taint'] as const)('a %s that cannot be', (kind) => {
  test.each(BAD[kind])('%s: the command tells the rule, sends nothing and ends with 2', async (typed, says) => {
    const { code, stdout, stderr } = await cli(kind, NODE, typed, '--yes');
    expect({ code, stdout, sent: sent() }).toEqual({ code: 2, stdout: '', sent: [] });
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
    expect(stderr).toContain(`${says}.`);
  });

  test('the form tells the whole rule on 80 columns, keeps what was typed and sends nothing', async ({
    onTestFinished,
  }) => {
    const { screen } = await openLive(onTestFinished, site);
    await screen.untilTrue(site.box);
    screen.press(KEY_OF[kind]);
    await screen.untilText(`s of ${NODE}`);
    for (const [typed, says] of BAD[kind]) {
      screen.press('+');
      await screen.untilText(GRAMMAR_OF[kind]);
      screen.press(typed);
      await screen.untilText(` ${kind} ${typed}`);
      screen.press(KEYS.enter);
      await screen.until(() => screen.text().includes(says), says);
      expect(screen.text()).toContain(` ${kind} ${typed} `);
      screen.press(KEYS.escape);
      await screen.untilGone(` ${kind} ${typed}`);
    }
    expect(sent()).toEqual([]);
  });
});

describe('a node that does not exist', () => {
  test.each([['label', 'rack=b2'], ['taint', 'disk=slow:NoSchedule'], ['cordon'], ['uncordon']])(
    '%s is told so, sends nothing and ends with 2',
    async (command, ...edit) => {
      const { code, stdout, stderr } = await cli(command, 'par1-worker-11', ...edit, '--yes');
      expect({ code, stdout, sent: sent() }).toEqual({ code: 2, stdout: '', sent: [] });
      expect(stderr).toBe('There is no node "par1-worker-11"; did you mean "par1-worker-1"?\n');
    },
  );

  test('a form whose node goes away says so, and nothing can be sent from it', async ({ onTestFinished }) => {
    const own = await startSite(onTestFinished);
    const { screen } = await openLive(onTestFinished, own);
    await screen.untilTrue(own.box);
    const writes = writesTo(own.box);
    screen.press('/worker-3\r');
    await screen.until((rows) => rows.some((row) => row.startsWith('> par1-worker-3')));
    screen.press('t+gone=yes:NoSchedule');
    await screen.untilText(' taint gone=yes:NoSchedule');
    own.box.world.nodes.remove('par1-worker-3');
    await screen.untilText('The node is no longer in the cluster: Esc goes back.');
    screen.press('\r\ry');
    await backToList(screen);
    expect(writes()).toEqual([]);
  });
});

async function backToList(screen: LiveScreen) {
  screen.press(KEYS.escape);
  await screen.untilText('sorted by');
}

describe('two operators on the same taints', () => {
  test('one is told, in one sentence, and what the other did stands', async ({ onTestFinished }) => {
    const own = await startSite(onTestFinished);
    const opened = async (operator: string) => {
      const { screen } = await openLive(onTestFinished, own, { stateFolder: `${own.folder}/${operator}` });
      await screen.untilTrue(own.box);
      screen.press('t');
      await screen.untilText(`Taints of ${NODE}`);
      screen.press('+');
      await screen.untilText(GRAMMAR_OF.taint);
      screen.press(`team=${operator}:NoSchedule`);
      await screen.untilText(`taint team=${operator}:NoSchedule`);
      screen.press(KEYS.enter);
      await screen.untilText(`+  team=${operator}:NoSchedule`);
      screen.press(KEYS.enter);
      await screen.untilText('the server accepts it (dry run)');
      return screen;
    };
    const [first, second] = [await opened('red'), await opened('blue')];
    first.press('y');
    await first.untilText(`Taint ${NODE}: done. u takes it back.`);
    second.press('y');
    await second.untilText('! conflict');
    const told = `${NODE} was changed by somebody else meanwhile: its taints; look at it and repeat the edit.`;
    expect(second.text().split(told)).toHaveLength(2);
    expect(own.box.world.nodes.get(NODE)?.spec.taints?.map(({ key, value }) => `${key}=${value ?? ''}`)).toEqual([
      'node-role.kubernetes.io/bootstrap=',
      'team=red',
    ]);
    second.press('qq');
    await second.untilText('sorted by');
    second.press('t');
    await second.untilText('[ ] team=red:NoSchedule');
  });
});
