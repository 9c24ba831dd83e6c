import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import stringWidth from 'string-width';
import { visible } from '../../source/text/visible.ts';
import { graphemesOf } from '../../source/text/graphemes.ts';
import { cellWidth, cut, fit, SINGLE_CELLS } from '../../source/text/width.ts';
import { spent } from '../spent.ts';

test.each([
  ['', 0],
  ['node-1', 6],
  ['é', 1],
  ['e\u0301', 1],
  ['中文', 4],
  ['한국', 4],
  ['😀', 2],
  ['…', 1],
  ['│─', 2],
])('%j takes %i cells', (text, width) => {
  expect(cellWidth(text)).toBe(width);
});

test.each([
  ['node-1', 6, 'node-1'],
  ['node-1', 5, 'node…'],
  ['node-1', 1, '…'],
  ['node-1', 0, ''],
  ['node-1', -3, ''],
  ['中文字', 6, '中文字'],
  ['中文字', 5, '中文…'],
  ['中文字', 4, '中…'],
  ['中文字', 2, '…'],
  ['a😀b', 3, 'a…'],
  [`ab${'\u0301'.repeat(100)}c`, 3, 'a…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
])('%j cut to %i is %j', (text, width, expected) => {
  expect(cut(text, width)).toBe(expected);
});

test.each([
  ['ab', 4, 'left', 'ab  '],
  ['ab', 4, 'right', '  ab'],
  ['abcde', 4, 'left', 'abc…'],
  ['abcde', 4, 'right', 'abc…'],
  ['中文', 3, 'left', '中…'],
  ['中文字', 4, 'left', '中… '],
  ['中文字', 4, 'right', ' 中…'],
  ['', 3, 'left', '   '],
  ['ab', 0, 'left', ''],
  ['', 0, 'right', ''],
] as const)('%j in %i cells, %s, is %j', (text, width, align, expected) => {
  expect(fit(text, width, align)).toBe(expected);
});

test('a long text is not read to its end', () => {
  const text = '中'.repeat(1_000_000);
  const fitted = () => {
    for (let round = 0; round < 20; round += 1) expect(cellWidth(fit(text, 80))).toBe(80);
  };
  expect(spent(fitted)).toBeLessThan(2_000);
});

test('every character that is counted without a look at it takes one cell', () => {
  for (let code = 0x20; code < 0x2600; code += 1) {
    const character = String.fromCharCode(code);
    if (character === visible(character))
      expect(cellWidth(character), `U+${code.toString(16)}`).toBe(stringWidth(character));
  }
});

describe('laws', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc
      .array(
        fc.constantFrom(
          'a',
          '中',
          '👩\u200d🚒',
          '\u0301',
          '\u0d4e',
          '🏻',
          '🇫',
          '\u0600',
          'क्',
          '\u001b[31m',
          'ﾞ',
          '\u1100',
        ),
      )
      .map((parts) => parts.join('')),
  );
  const width = fc.nat({ max: 30 });

  test('fit takes exactly the width asked for, whatever the text', () => {
    fc.assert(
      fc.property(anything, width, fc.constantFrom('left', 'right'), (text, cells, align) => {
        expect(cellWidth(fit(text, cells, align))).toBe(cells);
        expect(cellWidth(fit(visible(text), cells, align))).toBe(cells);
      }),
      { numRuns: 1000 },
    );
  });

  test('a text is as wide as the characters in it', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(cellWidth(text)).toBe(stringWidth(text, { countAnsiEscapeCodes: true }));
        expect(cellWidth(text)).toBe(stringWidth(text, { countAnsiEscapeCodes: true }));
      }),
      { numRuns: 1000 },
    );
  });

  test('cut never takes more, and leaves alone what fits', () => {
    fc.assert(
      fc.property(anything, width, (text, cells) => {
        expect(cellWidth(cut(text, cells))).toBeLessThanOrEqual(cells);
        if (cells > 0 && cellWidth(text) <= cells) expect(cut(text, cells)).toBe(text);
      }),
    );
  });

  test('what is kept is the start of the text', () => {
    fc.assert(
      fc.property(anything, width, (text, cells) => {
        const kept = cut(text, cells);
        expect(kept === text || text.startsWith(kept.replace(/…$/, ''))).toBe(true);
      }),
    );
  });
});

test('characters that are said to take one cell do, and join with none of them', () => {
  const single = new RegExp(`^[${SINGLE_CELLS}]$`);
  const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((one) =>
    single.test(one),
  );
  expect(characters.length).toBeGreaterThan(700);
  expect(characters.filter((one) => stringWidth(one) !== 1)).toEqual([]);
  const between = characters.map((one) => `${one}${one}a`).join('');
  expect([...graphemesOf(between)]).toHaveLength(between.length);
});
