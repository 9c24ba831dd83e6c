import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOME, torment } from '../console/torment.ts';
import { startProgram } from './program.ts';
import { startBox } from './sandboxed.ts';

const ACTIONS = 300;
/** Bytes that the tty itself obeys while the console has lent it: they are meant for whoever has it then. */
const OF_THE_TTY: readonly number[] = [0x03, 0x04, 0x11, 0x13, 0x16, 0x1a, 0x1c];
const QUIT_TO = { columns: 100, rows: 30 };

const box = await startBox();

test(`after ${ACTIONS} keys, pastes, broken bytes and sizes the built console lives, quits and gives the terminal back`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(torment, { minLength: ACTIONS, maxLength: ACTIONS }), async (torments) => {
      const screen = startProgram(['--kubeconfig', box.kubeconfig], { environment: box.environment });
      await screen.untilText('par1-bootstrap');
      for (const one of torments) {
        if ('sent' in one) screen.press(one.sent.filter((byte) => !OF_THE_TTY.includes(byte)) as Buffer);
        else if ('columns' in one) screen.resize(one.columns, one.rows);
        else await new Promise((resolve) => setImmediate(resolve));
      }
      screen.resize(QUIT_TO.columns, QUIT_TO.rows);
      screen.press(HOME);
      const isRule = (row: string) => /^[-─]+$/.test(row) && row.length === QUIT_TO.columns;
      await screen.until((rows) => rows.some(isRule) && (rows.at(-1)?.includes('q quit') ?? false), 'the list');
      screen.press('q');
      expect(await screen.exited).toEqual({ exitCode: 0, signal: 0 });
      await screen.until(() => !screen.isAlternate(), 'the screen of the shell');
      expect(screen.modes()).toEqual({ bracketedPaste: false, mouse: 'none' });
    }),
    { numRuns: 1, endOnFailure: true },
  );
});
