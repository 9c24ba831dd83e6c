import { createRequire } from 'node:module';
import type { Terminal as TerminalType } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAIN, rowWritten, type Cell, type Style } from '../../bench/cheapest.ts';
import { cellsOf } from '../../bench/terminal.ts';

const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: typeof TerminalType };

const cells = (text: string, style: Partial<Style> = {}): Cell[] =>
  Array.from(text, (characters) => ({ characters, style: { ...PLAIN, ...style } }));

describe('a row that is written anew', () => {
  it.each([
    { what: 'plain', row: cells('ab'), written: '\u001b[3Hab' },
    { what: 'one style', row: cells('ab', { inverse: true }), written: '\u001b[3H\u001b[7mab\u001b[0m' },
    {
      what: 'a style that ends',
      row: [...cells('a', { weight: ['1'] }), ...cells('b')],
      written: '\u001b[3H\u001b[1ma\u001b[0mb',
    },
    {
      what: 'bold that becomes dim',
      row: [...cells('a', { weight: ['1'] }), ...cells('b', { weight: ['2'] })],
      written: '\u001b[3H\u001b[1ma\u001b[0;2mb\u001b[0m',
    },
    {
      what: 'a colour that changes',
      row: [...cells('a', { foreground: '31', inverse: true }), ...cells('b', { foreground: '92', inverse: true })],
      written: '\u001b[3H\u001b[7;31ma\u001b[92mb\u001b[0m',
    },
    {
      what: 'a wide character',
      row: [...cells('界'), { characters: '', style: PLAIN }],
      written: '\u001b[3H界',
    },
  ])('costs as little as can be: $what', ({ row, written }) =>
    expect(rowWritten(2, row).replaceAll('\u001b[m', '\u001b[0m')).toBe(written),
  );

  const style: fc.Arbitrary<Style> = fc.record({
    weight: fc.subarray(['1', '2'] as const),
    italic: fc.boolean(),
    underline: fc.boolean(),
    inverse: fc.boolean(),
    strike: fc.boolean(),
    foreground: fc.constantFrom('', '31', '92', '38;5;208', '38;2;1;2;3'),
    background: fc.constantFrom('', '44', '101', '48;5;20', '48;2;9;8;7'),
  });
  const cell = fc.record({ characters: fc.constantFrom('a', 'b', ' ', 'é'), style });

  it('shows the same cells and styles, whatever stood there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 20, maxLength: 20 }), async (row) => {
        const terminal = new Terminal({ cols: 20, rows: 4, allowProposedApi: true });
        await new Promise<void>((resolve) =>
          terminal.write('\u001b[41mxxxxxxxx\r\nxxxx\u001b[m' + rowWritten(1, row), resolve),
        );
        expect(cellsOf(terminal, 1)).toEqual(row);
      }),
      { numRuns: 50 },
    );
  });
});
