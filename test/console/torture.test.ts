import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openConsole } from '../../source/console/open-console.tsx';
import { sceneNames } from '../../source/sandbox/sandbox.ts';
import { openSession } from '../../source/session/open-session.ts';
import { optionsFor, startBox, temporaryFolder } from '../session/boxed.ts';
import { createEmulator, drawnOutside, KEYS, type Emulator } from './emulator.ts';
import { HOME, torment } from './torment.ts';

// A stop would reach the whole job, these tests with it; what comes before and after it is done all the same.
vi.mock(import('../../source/terminal/terminal-watch.ts'), async (original) => ({
  ...(await original()),
  stopJob: () => undefined,
}));

/** Many in one scene, and in the others as many as lead to what is special there. */
const SCENES = sceneNames().map((scene) => ({ scene, actions: scene === 'standard' ? 500 : 150 }));
const MARGIN = 40;
const QUIT_TO = { columns: 100, rows: 30 };

async function openScene(scene: string) {
  const box = await startBox({ scene });
  const session = await openSession(optionsFor(box, temporaryFolder()));
  onTestFinished(() => session.close());
  return session;
}

/**
 * Notes the first thing that is drawn outside the screen. A frame may have been on its way when the size changed, so
 * nothing counts before the first one of the new size: from the left to the right edge and down to the last row.
 */
function watchMargin(screen: Emulator) {
  const told = { settled: false, outside: '' };
  screen.onDrawn(() => {
    const { columns, rows } = screen.stdout;
    const outside = drawnOutside(screen);
    if (told.settled) told.outside ||= outside;
    else told.settled = outside === '' && screen.row(0).length >= columns - 1 && screen.row(rows - 1) !== '';
  });
  return told;
}

/** The rules above and below the body span the screen. */
const frameStands = ([first, ...rest]: readonly string[]): boolean =>
  first?.startsWith(' metalk8s sandbox-') === true &&
  rest.some((row) => /^[-─]+$/.test(row) && row.length === QUIT_TO.columns);

test.each(SCENES)(
  'after $actions keys, pastes, broken bytes and sizes the screen stands: $scene',
  async ({ scene, actions: count }) => {
    const session = await openScene(scene);
    await fc.assert(
      fc.asyncProperty(fc.array(torment, { minLength: count, maxLength: count }), async (actions) => {
        const screen = createEmulator(120, 36, MARGIN);
        const told = watchMargin(screen);
        const ended = openConsole({
          session,
          stdin: screen.stdin,
          stdout: screen.stdout,
          stderr: screen.stdout,
          environment: {},
          colour: true,
        });
        await screen.untilText('source');
        for (const one of actions) {
          if ('sent' in one) screen.press(one.sent);
          else if ('columns' in one) {
            told.settled = false;
            screen.resize(one.columns, one.rows);
          } else await new Promise((resolve) => setImmediate(resolve));
        }
        told.settled = false;
        screen.resize(QUIT_TO.columns, QUIT_TO.rows);
        screen.press(HOME);
        await screen.until(frameStands, 'the frame');
        told.settled = false;
        screen.press(KEYS.ctrlC);
        expect(await ended).toBe(130);
        expect(told.outside).toBe('');
        await screen.until(() => !screen.isAlternate(), 'the screen of the shell');
        expect(screen.modes()).toEqual({ bracketedPaste: false, mouse: 'none' });
        expect(screen.stdin.isRaw).toBe(false);
      }),
      { numRuns: 1, endOnFailure: true },
    );
  },
);
