import { afterAll, describe, test } from 'vitest';
import { AREAS } from '../../../source/checks/verdict/verdict.ts';
import type { SceneName } from '../../../source/sandbox/sandbox.ts';
import { TOLD_SCENES, WELL, type ToldScene } from '../../scenes.ts';
import { untilAtRest } from '../../faults/place.tsx';
import { openLive, startSite, type LiveScreen } from '../faults/live-screen.tsx';

/** What the screen shows that `!` leads to, or that is opened where nothing is wrong. */
const SHOWN: Readonly<Partial<Record<SceneName, readonly RegExp[]>>> = {
  standard: [/etcd 3 of 3 members · quorum 2 · CAN LOSE 1/, /ALARMS none/],
  'etcd-member-down': [/quorum 2 · CAN LOSE 0/, /> par1-control-2 .*X no answer/, /look at its machine/],
  'etcd-slow-disk': [/CAN LOSE 1/, /> par1-control-2 .*[X!] \d\S+ [X!] \d\S+/, /The disk of par1-control-2 is slow/],
  'etcd-quota-low': [/X 97% of 2Gi taken in par1-control-1/, /when it is full, nothing can be changed/],
  'etcd-nospace': [/> par1-bootstrap .*X ALARM NOSPACE/, /etcd is full: nothing can be changed/, /A plans it\./],
  'etcd-no-quorum': [/quorum 2 · NO QUORUM/, /X no answer/, /Bring back par1-control-1 and par1-control-2/, /directly/],
  'certificates-near-expiry': [/> ! 11d 20\S+ API server .* should have been renewed by Salt/],
  'two-problems': [/quorum 2 · CAN LOSE 0/, /> par1-control-2 .*X no answer/],
};

/** Those that fall silent while the operator looks. */
const LOST = ['par1-control-1', 'par1-control-2'];

const COLUMNS = 280;
const SIGNED = { 'at-risk': 'X ', degraded: '! ', unknown: '? ', healthy: '' } as const;

const ends: (() => void | Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** The sentences of the second line, by their area. */
function saysOf(screen: LiveScreen, { areas, isDark }: ToldScene): boolean {
  const clauses = (screen.screen()[1] ?? '').trim().split(/ {3,}/);
  const says = (sign: string, words: RegExp): boolean =>
    clauses.some((clause) => clause.startsWith(sign) && words.test(clause.slice(sign.length)));
  return AREAS.every((area) => {
    const expected = areas[area];
    if (expected !== undefined) return says(SIGNED[expected.verdict], expected.words);
    const well = WELL[area];
    return well === undefined || isDark === true || says('', well);
  });
}

describe.each(Object.entries(TOLD_SCENES) as [SceneName, ToldScene][])('the scene %s', (scene, told) => {
  test('is told by the second line, and ! leads to what is wrong', { timeout: 60_000 }, async () => {
    const atEnd = (end: () => void | Promise<void>) => ends.push(end);
    const site = await startSite(atEnd, { scene, heartbeats: true, churn: true });
    const { screen, clock } = await openLive(atEnd, site, { columns: COLUMNS, rows: 60 });
    await screen.untilText('usage live');
    // Whoever looks at etcd is told of it at once.
    screen.press('e');
    await screen.until(([, line = '']) => /etcd \d of 3/.test(line), 'etcd as it is at first');
    if (told.isDark === true) {
      for (const node of LOST) site.box.world.etcd.stop(node);
    }
    // Whatever is asked for in the first seconds, in less than the time for which a lease holds.
    for (let jumps = 0; jumps < 5 && !(await untilAtRest({ clock }, () => saysOf(screen, told))); jumps += 1)
      clock.jump(2_000);
    await screen.until(() => saysOf(screen, told), `the verdict of ${scene}`);
    if (told.worst !== null) {
      screen.press('!');
      await screen.untilText(`${told.worst.area.replace('-', ' ')}: `);
    }
    for (const shown of SHOWN[scene] ?? [])
      await screen.until(() => shown.test(screen.text()), `${String(shown)} on the screen of ${scene}`);
  });
});
