import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openConsole } from '../../source/console/open-console.tsx';
import { KEY_TABLE } from '../../source/console/keys/key-table.ts';
import { sceneNames, startSandbox } from '../../source/sandbox/sandbox.ts';
import { openSession } from '../../source/session/open-session.ts';
import { createEmulator, drawnOutside, KEYS, type Emulator } from './emulator.ts';

// A stop would reach the whole job, these tests with it; what comes before and after it is done all the same.
vi.mock(import('../../source/terminal/terminal-watch.ts'), async (original) => ({
  ...(await original()),
  stopJob: () => undefined,
}));

const ACTIONS = 500;
const MARGIN = 40;
const QUIT_TO = { columns: 100, rows: 30 };

/** Keys of the table as a terminal sends them, those that leave the console excepted. */
const LETTERS = KEY_TABLE.flatMap(({ keys }): readonly string[] => keys)
  .filter((name) => name.length === 1 && name !== 'q')
  .concat('gg', ' ', '1', '=', 'cpu=1,replicas=9', 'rack=b2', 'Z');
const NAMED = Object.values(KEYS).filter((key) => key !== KEYS.ctrlC);
const CONTROLS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter((key) => key !== KEYS.ctrlC);

/** What terminals send that is no key of ours: mouse reports (X10, SGR, urxvt), answers, keys of other protocols. */
const SEQUENCES = [
  '\u001b[M !!',
  '\u001b[M\u00ff\u00ff\u00ff',
  '\u001b[<0;10;10M',
  '\u001b[<64;999;999m',
  '\u001b[32;1;1M',
  '\u001b[?62;4c',
  '\u001b[24;80R',
  '\u001bP1$r0m\u001b\\',
  '\u001b]11;rgb:0000/0000/0000\u0007',
  '\u001b_Gi=1;OK\u001b\\',
  '\u001b[I',
  '\u001b[O',
  '\u001bOP',
  '\u001b[15~',
  '\u001b[1;5A',
  '\u001b[97;5u',
  '\u001b[27u',
  '\u001b[999999999999999999999z',
  '\u001b[;;;;;;;;H',
  '\u009b31m',
];
const HALVES = ['\u001b', '\u001b[', '\u001b[<0;1', '\u001b[M ', '\u001b]0;title', '\u001bP', '\u001b[200', '\u001bO'];
const BROKEN = [[0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0x80, 0xbf]];

const text = fc.string({ unit: 'binary', maxLength: 30 }).map((some) => some.replace(/[q\u0003]/g, 'w'));
const input = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...LETTERS) },
  { weight: 20, arbitrary: fc.constantFrom(...NAMED) },
  { weight: 3, arbitrary: fc.constantFrom(...CONTROLS) },
  { weight: 4, arbitrary: fc.constantFrom(...SEQUENCES, ...HALVES) },
  { weight: 3, arbitrary: text.map((pasted) => `\u001b[200~${pasted}\u001b[201~`) },
  { weight: 2, arbitrary: text.map((pasted) => `\u001b[200~${pasted}`) },
  { weight: 1, arbitrary: fc.constantFrom('\u001b[201~', '\u001b[200~\u001b[200~', '\u001b[200~\u001b[A\u001b[201~') },
  { weight: 1, arbitrary: text },
);
const action = fc.oneof(
  { weight: 60, arbitrary: input.map((sent) => ({ sent: Buffer.from(sent) })) },
  { weight: 4, arbitrary: fc.constantFrom(...BROKEN).map((bytes) => ({ sent: Buffer.from(bytes) })) },
  {
    weight: 4,
    arbitrary: fc.record({ columns: fc.integer({ min: 20, max: 400 }), rows: fc.integer({ min: 5, max: 120 }) }),
  },
  { weight: 3, arbitrary: fc.constant({ drawn: true } as const) },
);

async function openScene(scene: string) {
  const box = await startSandbox({ scene, heartbeats: false, churn: false });
  onTestFinished(() => box.stop());
  const folder = mkdtempSync(join(tmpdir(), 'torture-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, box.kubeconfig(), { mode: 0o600 });
  const session = await openSession({
    kubeconfig,
    environment: {},
    version: '0.0.0',
    stateFolder: join(folder, 'state'),
    localDoors: [],
    patience: { bound: 2_000, pause: 20 },
  });
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

test.each(sceneNames())('after 500 keys, pastes, broken bytes and sizes the screen stands: %s', async (scene) => {
  const session = await openScene(scene);
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: ACTIONS, maxLength: ACTIONS }), async (actions) => {
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
      // Ends a paste and a sequence that are open, then leads back to the list.
      screen.press(`\u001b[201~\u001b\\${'\u001b[27u'.repeat(6)}`);
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
});
