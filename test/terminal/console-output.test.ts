import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTerminalOutput } from '../../source/terminal/terminal-output.ts';
import { fullCluster } from '../console/full-cluster.ts';
import { openScreen } from '../console/open-screen.tsx';
import { createCells } from './cells.ts';
import { createHeldTerminal } from './held-terminal.ts';
import { KEYS } from './screen.ts';

const SIZE = { columns: 120, rows: 36 };
const key = fc.constantFrom(
  ...Array.from('jkgGhplfxsS?/tor \u001b\r1234'),
  KEYS.escape,
  KEYS.pageDown,
  KEYS.pageUp,
  KEYS.tab,
);
const step = fc.record({ key, isTaken: fc.boolean() });

/** What Ink draws comes in turns of the event loop. */
const turns = async () => {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test(
  'the whole console looks the same through the stream, whatever keys are pressed',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 40 }), async (steps) => {
        const screen = openScreen({ ...SIZE, events: fullCluster() });
        const direct = createCells(SIZE.columns, SIZE.rows);
        const through = createCells(SIZE.columns, SIZE.rows);
        const held = createHeldTerminal(SIZE.columns, SIZE.rows, through.write);
        const output = createTerminalOutput(held.terminal);
        let read = 0;
        const drawn = async () => {
          const text = screen.raw().slice(read);
          read += text.length;
          direct.write(text);
          output.stream.write(text);
          await direct.drawn();
          await through.drawn();
        };
        await screen.untilText('worker-1');
        for (const { key, isTaken } of steps) {
          if (isTaken) held.release();
          else held.hold();
          screen.press(key);
          await turns();
          await drawn();
          if (isTaken) expect(through.picture()).toEqual(direct.picture());
        }
        held.release();
        await drawn();
        expect(through.picture()).toEqual(direct.picture());
        expect(direct.text().join('')).toContain('metalk8s');
      }),
      { numRuns: 5 },
    );
  },
);
