import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTheme, STYLE_NAMES } from '../../../source/console/theme.ts';
import {
  drawnRow,
  fitSpans,
  joined,
  justified,
  plain,
  spansWidth,
  wrapped,
} from '../../../source/console/widgets/spans.ts';
import { cellWidth } from '../../../source/text/width.ts';
import { visible } from '../../../source/text/visible.ts';

const theme = createTheme({ colour: true, unicode: true });
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map(visible);
const span = fc.record({ text, style: fc.constantFrom(null, ...STYLE_NAMES) });

test('a row is exactly as wide as it shall be, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.array(span, { maxLength: 8 }),
      fc.integer({ min: 0, max: 60 }),
      fc.constantFrom('left' as const, 'right' as const),
      (spans, width, align) => {
        expect(spansWidth(fitSpans(spans, width, align))).toBe(width);
        expect(cellWidth(stripVTControlCharacters(drawnRow(spans, width, theme)))).toBe(width);
      },
    ),
  );
});

test('the right part of a row stays whole while there is room for it', () => {
  expect(stripVTControlCharacters(justified([plain('a long left part')], [plain('right')], 12, theme))).toBe(
    'a lon… right',
  );
});

test('a cut shows that something is missing', () => {
  expect(
    fitSpans([plain('abc'), plain('def')], 5)
      .map(({ text }) => text)
      .join(''),
  ).toBe('abcd…');
  expect(
    fitSpans([plain('abc'), plain('def')], 3)
      .map(({ text }) => text)
      .join(''),
  ).toBe('ab…');
  expect(
    fitSpans([plain('abc'), plain('def')], 6)
      .map(({ text }) => text)
      .join(''),
  ).toBe('abcdef');
});

test('empty pieces leave no separator', () => {
  expect(
    joined([[], [plain('a')], [], [plain('b')]], ', ')
      .map(({ text }) => text)
      .join(''),
  ).toBe('a, b');
});

test('wrapped text loses no word and stays within the width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 9, max: 40 }),
      (words, width) => {
        const rows = wrapped(words.join(' '), width);
        expect(rows.join(' ').split(' ')).toEqual(words);
        expect(rows.every((row) => cellWidth(row) <= width)).toBe(true);
      },
    ),
  );
});
