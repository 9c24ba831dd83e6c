import fc from 'fast-check';

/** Sequences that a terminal obeys; no program here sends any of them itself. */
export const OBEYED = [
  '\u001b[97;5;7x',
  '\u001b[2J\u001b[97;5;7H',
  '\u001b]0;title\u0007',
  '\u001b]8;;https://example.org\u001b\\',
  '\u001b]52;c;aGVsbG8=\u0007',
  '\u001bP1;2;3|17/ab\u001b\\',
  '\u001bc',
  '\u001b(0',
  '\u009b97;5;7x',
  '\u009d0;title\u009c',
  '\u0090q\u009c',
] as const;

const LAID_OUT = [
  '\n',
  '\r\n',
  '\t',
  '\u0008\u0008\u0008',
  '\u007f',
  '\u0000',
  '\u0085',
  '\u2028',
  '\u00ad',
  '\u200b\u200d\ufeff',
  '\u202e\u2066',
  '\u061c',
  '\ud800',
  '\udc00a',
  '\u{e0041}',
  '日本語',
  'ｗｉｄｅ',
  'e\u0301\u0302\u0303',
  '\u0301',
  'שלום',
  'مرحبا',
  '한글',
  'constructor',
  '__proto__',
  ' ',
  '{}<>&"\'`$',
];

/** Text as somebody may write it who wishes the one that reads it no good; never empty. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(fc.constantFrom(...OBEYED), fc.constantFrom(...LAID_OUT), fc.string({ unit: 'binary', maxLength: 4 })),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((pieces) => `x${pieces.join('')}`);

/** Nothing but what is drawn: no control but the end of a line, nothing that turns or hides what follows. */
export const HIDDEN = /[\p{Cf}\p{Zl}\p{Zp}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u;

/**
 * Whether some blank column of cells stands between each two titles of a table and all that is below them: the cell of
 * one column has not moved the next. `rows` are cells of the row of titles and of those below it.
 */
export function brokenGutters(rows: readonly (readonly string[])[]): readonly string[] {
  const [titles = [], ...below] = rows;
  const words = [...titles.join('').matchAll(/\S+(?: \S+)*/g)];
  return words.slice(1).flatMap((word, index) => {
    const before = words[index];
    const from = (before?.index ?? 0) + (before?.[0].length ?? 0);
    const gutter = Array.from({ length: word.index - from }, (_, offset) => from + offset);
    return gutter.some((x) => below.every((cells) => (cells[x] ?? ' ') === ' '))
      ? []
      : [`${before?.[0] ?? ''} | ${word[0]}`];
  });
}
