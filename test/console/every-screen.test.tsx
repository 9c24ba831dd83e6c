import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { keysOf } from '../../source/console/keys/key-table.ts';
import { SCREENS, screenOf } from '../../source/console/screens/screens.ts';
import type { View } from '../../source/console/view.ts';
import { brokenGutters, hostileText, OBEYED } from '../hostile-text.ts';
import { drawnOutside } from './emulator.ts';
import { hostileCluster } from './hostile-cluster.ts';
import { openScreen } from './open-screen.tsx';
import { sentBy } from './sent-by.ts';

const MARGIN = 60;
/** Keys that leave the console, or give the terminal away. */
const LEAVING: readonly string[] = ['quit', 'leave', 'suspend', 'redraw'];
/** Keys that move along rows, which is all they do. */
const MOVING: readonly string[] = ['down', 'up', 'page-down', 'page-up', 'first', 'last'];
/** Back to the list of nodes from wherever one is (Escape in the keyboard protocol of kitty, which waits for nothing). */
const HOME = '\u001b[27u'.repeat(6);
/** Titles of a table begin below the cursor; so do its rows, until the body ends or a blank row does. */
const TITLES = /^ {2}[A-Z][A-Z|%/, ]* {2,}[A-Z][A-Z|%/, ]*$/;
const ROW = /^(?:> | {2})\S/;

// The view that is on top, told by whoever draws it.
const top = vi.hoisted((): { view: View | null } => ({ view: null }));
vi.mock(import('../../source/console/screens/screens.ts'), async (original) => {
  const screens = await original();
  return {
    ...screens,
    screenOf: (view: View) => {
      top.view = view;
      return screens.screenOf(view);
    },
  };
});

type Shown = ReturnType<typeof openScreen>;

const shownView = (): View => {
  if (top.view === null) throw new Error('nothing was drawn');
  return top.view;
};
/** A place where keys mean something of their own: a screen, a part of it, a state of it. */
function placeOf(view: View): string {
  const part = 'tab' in view ? view.tab : 'phase' in view ? view.phase : '';
  return [view.name, screenOf(view).scope(view), part].join(' ');
}

/** The tables on the screen whose columns do not stand below their titles. */
function brokenTables({ screen, cells }: Shown, judged: Set<string>): readonly string[] {
  const rows = screen();
  return rows.flatMap((titles, y) => {
    if (!TITLES.test(titles)) return [];
    judged.add(titles);
    const end = rows.findIndex((row, index) => index > y && /^(?:[-─]+|\s*)$/.test(row));
    const below = rows.flatMap((row, index) => (index > y && index < end && ROW.test(row) ? [cells(index)] : []));
    return brokenGutters([cells(y), ...below]);
  });
}

/** Presses keys from the list of nodes and lets all that follows happen. */
async function go(screen: Shown, keys: string): Promise<string> {
  screen.press(HOME + keys);
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return placeOf(shownView());
}

/** Every place that keys lead to, in the order in which it is found, looked at by `look`. */
async function walk(screen: Shown, look: (place: string) => void): Promise<ReadonlySet<View['name']>> {
  const names = new Set<View['name']>();
  const paths = new Map([[await go(screen, ''), '']]);
  for (const [place, path] of paths) {
    expect(await go(screen, path)).toBe(place);
    const view = shownView();
    names.add(view.name);
    look(place);
    const keys = keysOf(screenOf(view).scope(view), true).filter(
      ({ command }) => ![...LEAVING, ...MOVING].includes(command),
    );
    for (const {
      keys: [key = ''],
    } of keys) {
      const next = await go(screen, path + sentBy(key));
      look(`${place}, ${key}`);
      if (!paths.has(next)) paths.set(next, path + sentBy(key));
    }
  }
  return names;
}

test('text from a cluster moves nothing, is obeyed nowhere and goes beyond no edge, on every screen', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async (text) => {
      const screen = openScreen({
        events: hostileCluster(text),
        columns: 120,
        rows: 36,
        margin: MARGIN,
        notices: [text],
      });
      const wrong: string[] = [];
      const judged = new Set<string>();
      const names = await walk(screen, (place) => {
        const outside = drawnOutside(screen);
        if (outside !== '') wrong.push(`${place}: outside stands ${JSON.stringify(outside)}`);
        wrong.push(...brokenTables(screen, judged).map((gutter) => `${place}: ${gutter}`));
      });
      expect(wrong).toEqual([]);
      expect(judged.size).toBeGreaterThan(1);
      expect(OBEYED.filter((sequence) => screen.raw().includes(sequence))).toEqual([]);
      expect([...names].sort()).toEqual(Object.keys(SCREENS).sort());
    }),
    { numRuns: 1, endOnFailure: true },
  );
}, 60_000);
