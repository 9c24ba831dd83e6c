import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible } from '../../source/text/visible.ts';

describe('made readable', () => {
  test.each([
    ['a colour', '\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
    ['a title of the terminal', '\u001b]0;owned\u0007', '\\x1b]0;owned\\x07'],
    ['a control sequence in one byte', '\u009b31m', '\\x9b31m'],
    ['line ends and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
    ['null and delete', '\u0000\u007f', '\\x00\\x7f'],
    ['another direction', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
    ['isolates and marks of direction', '\u2066\u2069\u200e\u061c', '\\u2066\\u2069\\u200e\\u061c'],
    ['zero-width characters', 'a\u200bb\u2060c\ufeff', 'a\\u200bb\\u2060c\\ufeff'],
    ['a soft hyphen', 'a\u00adb', 'a\\xadb'],
    ['fillers that look empty', '\u3164\u115f\uffa0', '\\u3164\\u115f\\uffa0'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['lone surrogates', 'a\ud800b\udfff', 'a\\ud800b\\udfff'],
    ['tag characters', '\u{e0041}\u{e007f}', '\\u{e0041}\\u{e007f}'],
    ['unassigned ones among them', '\u{e0000}', '\\u{e0000}'],
    ['variation selectors', 'a\ufe0f\u{e0100}', 'a\\ufe0f\\u{e0100}'],
    ['what joins emoji', '👩\u200d🚒', '👩\\u200d🚒'],
    ['a mark at the start', '\u0301a', '\\u0301a'],
    ['marks behind a control', 'a\u001b\u0301\u0302b', 'a\\x1b\\u0301\\u0302b'],
    ['interlinear annotation', '\ufff9a\ufffb', '\\ufff9a\\ufffb'],
  ])('%s', (_, text, expected) => {
    expect(visible(text)).toBe(expected);
  });
});

test.each([
  '',
  'node-1',
  'a\\x1b',
  '~ !"#',
  'é',
  'e\u0301',
  'Ωмега',
  '中文',
  '日本語',
  '한국어',
  '😀👍',
  '\u00a0',
  '—…│',
  'क्षि',
])('%j stays as it is', (text) => {
  expect(visible(text)).toBe(text);
});

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.integer({ min: 0xe0000, max: 0xe0fff }).map((code) => String.fromCodePoint(code)),
      fc.constantFrom('\u001b[2J', '\u202e', '\u200d', '\u0301', '\\', '\n'),
    ),
  )
  .map((parts) => parts.join(''));

test('nothing that a terminal obeys or hides is left, and doing it again changes nothing', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = visible(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u);
      expect(shown).not.toMatch(/^\p{M}/u);
      expect(visible(shown)).toBe(shown);
    }),
    { numRuns: 500 },
  );
});

test('printable ASCII stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      expect(visible(text)).toBe(text);
    }),
  );
});
