import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellWidth } from '../../source/text/width.ts';
import { openPair } from './ink-pair.tsx';

const SGR = [
  ...['1', '2', '3', '4', '7', '9', '53', '31', '36', '94', '44', '103'].map((on) => `\u001b[${on}m`),
  ...['38;5;208', '48;5;17', '38;2;10;200;30', '48;2;0;0;64', '1;4;35'].map((on) => `\u001b[${on}m`),
];
const SGR_OFF = ['22', '23', '24', '27', '29', '39', '49', '55', '0', ''].map((off) => `\u001b[${off}m`);

const plainText = fc.stringMatching(/^[a-z0-9 ./:-]{0,24}$/);
const blanks = fc.integer({ min: 1, max: 60 }).map((count) => ' '.repeat(count));
const drawnText = fc.constantFrom('─────────', 'é…·↑↓', 'Ωмир', '漢字', 'ﾃﾞｰﾀ', '한국어');
const doubtfulText = fc.constantFrom('🚀', '👩‍🚀', '🇫🇷', '❤️', 'é̂', 'नमस्ते', 'שלום', 'مرحبا', '™', '▲', '⚠');
const style = fc.constantFrom(...SGR, ...SGR_OFF);
const certain = fc.oneof({ weight: 4, arbitrary: plainText }, { weight: 2, arbitrary: style }, blanks, drawnText);
const anyText = fc.oneof({ weight: 8, arbitrary: certain }, doubtfulText);

const rowOf = (piece: fc.Arbitrary<string>) =>
  fc.array(piece, { maxLength: 12 }).map((pieces) => `${pieces.join('')}\u001b[0m`);

type Step =
  | { readonly type: 'change'; readonly at: number; readonly row: string }
  | { readonly type: 'scroll'; readonly from: number; readonly to: number; readonly by: number; readonly row: string }
  | { readonly type: 'select'; readonly at: number }
  | { readonly type: 'all'; readonly rows: readonly string[] }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'hold' | 'release' };

const place = fc.nat({ max: 119 });
const stepsOf = (row: fc.Arbitrary<string>): fc.Arbitrary<readonly Step[]> => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant('change'), at: place, row }) },
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('scroll'),
        from: place,
        to: place,
        by: fc.constantFrom(-3, -1, 1, 2),
        row,
      }),
    },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('select'), at: place }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('all'), rows: fc.array(row, { maxLength: 40 }) }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ type: 'hold' }, { type: 'release' }) },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('resize'),
        columns: fc.integer({ min: 20, max: 400 }),
        rows: fc.integer({ min: 5, max: 120 }),
      }),
    },
  );
  return fc.array(step, { minLength: 1, maxLength: 12 });
};

/** A row that stands on the screen once, so that moving it is worth the while. */
const standing = (index: number): string => `row ${index} ${'with text to move '.repeat(3)}`;

const INVERSE = '\u001b[7m';

/** Rows after a step, as many as the screen has. */
function stepped(rows: readonly string[], step: Step): readonly string[] {
  const at = (place: number) => place % rows.length;
  switch (step.type) {
    case 'change':
      return rows.with(at(step.at), step.row);
    case 'select':
      return rows.map((row, index) => {
        const unselected = row.startsWith(INVERSE) ? row.slice(INVERSE.length) : row;
        return index === at(step.at) ? `${INVERSE}${unselected}` : unselected;
      });
    case 'all':
      return rows.map((_, index) => step.rows[index] ?? standing(index));
    case 'scroll': {
      const [first, last] = [at(step.from), at(step.to)].sort((one, other) => one - other) as [number, number];
      return rows.map((row, index) => {
        if (index < first || index > last) return row;
        const from = index + step.by;
        return from < first || from > last ? step.row : (rows[from] ?? '');
      });
    }
    case 'resize':
      return Array.from({ length: step.rows }, (_, index) => rows[index] ?? standing(index));
    case 'hold':
    case 'release':
      return rows;
  }
}

// Where Ink writes changes only, it leaves its own picture wrong after some resizes, so there is nothing to compare with.
describe.each([
  { incremental: false, steps: stepsOf(rowOf(anyText)) },
  { incremental: true, steps: stepsOf(rowOf(anyText)).map((steps) => steps.filter(({ type }) => type !== 'resize')) },
])('incremental rendering of Ink: $incremental', ({ steps: anySteps, ...how }) => {
  test(
    'the terminal shows what Ink itself would show, cell for cell and style for style',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(anySteps, async (steps) => {
          const pair = openPair({ columns: 60, rows: 12 }, how);
          let rows: readonly string[] = Array.from({ length: 12 }, (_, index) => standing(index));
          let isHeld = false;
          for (const step of steps) {
            rows = stepped(rows, step);
            if (step.type === 'hold') pair.held.hold();
            if (step.type === 'release') pair.held.release();
            if (step.type === 'hold' || step.type === 'release') isHeld = step.type === 'hold';
            if (step.type === 'resize') pair.resize(step.columns, step.rows);
            pair.draw(rows);
            await pair.drawn();
            if (!isHeld) expect(pair.through.picture()).toEqual(pair.direct.picture());
          }
          pair.held.release();
          await pair.drawn();
          expect(pair.through.picture()).toEqual(pair.direct.picture());
          pair.unmount();
          await pair.drawn();
          expect(pair.through.isAlternate()).toBe(false);
        }),
        { numRuns: 25 },
      );
    },
  );
});

test('a terminal with widths of its own is wrong in rows with such text alone', async () => {
  const rowsOf = (row: fc.Arbitrary<string>) => fc.array(row, { minLength: 8, maxLength: 8 });
  const steps = fc.array(
    fc.tuple(rowsOf(rowOf(certain)), rowsOf(rowOf(anyText)), fc.array(fc.boolean(), { minLength: 8 })),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (pictures) => {
      const size = { columns: 40, rows: 8 };
      const own = openPair(size, { agrees: false });
      const agreeing = openPair(size);
      for (const [plain, any, isPlain] of pictures) {
        const rows = plain.map((row, y) => (isPlain[y] === true ? row : (any[y] ?? '')));
        for (const pair of [own, agreeing]) {
          pair.draw(rows);
          await pair.drawn();
        }
        const [shown, right] = [own.through.picture(), agreeing.direct.picture()];
        for (const [y, row] of shown.entries()) if (isPlain[y] === true) expect(row).toBe(right[y]);
      }
      own.unmount();
      agreeing.unmount();
    }),
    { numRuns: 20 },
  );
});

test('what stands after text of doubtful width stands where it belongs, in any terminal', async () => {
  const doubtful = '🚀🚀🚀 ❤️❤️ é̂ 🇫🇷 ';
  const pair = openPair({ columns: 40, rows: 5 }, { agrees: false });
  for (const end of ['end', 'other end', '', 'END']) {
    pair.draw([`${doubtful}${end}`]);
    await pair.drawn();
    expect(pair.through.textFrom(cellWidth(doubtful), 0)).toBe(end);
  }
  pair.unmount();
});

describe('what leaves the screen', () => {
  test.each([
    { what: 'bracketed paste', sequence: '\u001b[?2004h' },
    { what: 'the title', sequence: '\u001b]0;title\u0007' },
    { what: 'keys of kitty', sequence: '\u001b[>1u' },
    { what: 'the cursor', sequence: '\u001b[?25l' },
  ])('$what goes through, also while nothing is taken', ({ sequence }) => {
    const pair = openPair({ columns: 20, rows: 5 });
    pair.held.hold();
    pair.output.stream.write(`\u001b[H${sequence}text`);
    expect(pair.held.writes.at(-1)).toBe(sequence);
    pair.held.release();
    pair.unmount();
  });

  test('leaving is written at once; frames that were not taken are not drawn any more', async () => {
    const pair = openPair({ columns: 20, rows: 5 });
    pair.draw(['one']);
    pair.held.hold();
    pair.draw(['two']);
    pair.draw(['three']);
    pair.unmount();
    expect(pair.held.writes.join('')).toContain('\u001b[?1049l');
    expect(await pair.output.settled(0)).toBe(false);
    pair.held.release();
    expect(await pair.output.settled(1_000)).toBe(true);
    await pair.drawn();
    expect(pair.through.isAlternate()).toBe(false);
    expect(pair.held.writes.join('')).not.toContain('three');
  });
});

test('a terminal that is gone is written to no more, and waited for no more', async () => {
  const pair = openPair({ columns: 20, rows: 5 });
  pair.held.hold();
  pair.draw(['one']);
  pair.held.fail(new Error('write EIO'));
  const before = pair.held.writes.length;
  pair.draw(['two']);
  expect(pair.held.writes).toHaveLength(before);
  expect(await pair.output.settled(1_000)).toBe(true);
  expect(pair.output.stream.writable).toBe(false);
  pair.unmount();
});
