import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainTable } from '../../source/text/table.ts';
import { cellWidth } from '../../source/text/width.ts';

const COLUMNS = [{ title: 'NAME' }, { title: 'CPU', align: 'right' }, { title: 'STATUS' }] as const;

test('columns stand as wide as their widest cell, three spaces apart, without blanks at the end', () => {
  expect(
    plainTable(COLUMNS, [
      ['bootstrap', '2.4', 'Ready'],
      ['n', '16', ''],
    ]),
  ).toBe(['NAME        CPU   STATUS', 'bootstrap   2.4   Ready', 'n            16', ''].join('\n'));
});

test('without rows only the titles are left, without titles only the rows', () => {
  expect(plainTable(COLUMNS, [])).toBe('NAME   CPU   STATUS\n');
  expect(plainTable(COLUMNS, [['a', '1', 'b']], { noHeader: true })).toBe('a   1   b\n');
  expect(plainTable(COLUMNS, [], { noHeader: true })).toBe('');
});

test('cells are made visible and wide characters counted', () => {
  expect(
    plainTable(
      [{ title: 'A' }, { title: 'B' }],
      [
        ['\u001b[31m', 'x'],
        ['中文', 'y'],
      ],
    ),
  ).toBe(['A          B', '\\x1b[31m   x', '中文       y', ''].join('\n'));
});

test.each(['a', '中', '\u001b[2J', '\u202e', '\u0301', '\u1100', 'ab 中 '])(
  'a cell of a megabyte of %j costs what its first characters cost',
  (part) => {
    const before = process.cpuUsage();
    const rows = [
      [`x${part.repeat(1_000_000 / part.length)}`, 'end'],
      ['b', 'end'],
    ];
    const lines = plainTable([{ title: 'A' }, { title: 'B' }], rows).split('\n');
    for (const line of lines.slice(0, -1)) expect(cellWidth(line)).toBeLessThanOrEqual(1_006);
    expect(lines[1]).toMatch(/… {3,4}end$/);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_500);
  },
);

test('a row may be short', () => {
  expect(plainTable(COLUMNS, [['a']])).toBe('NAME   CPU   STATUS\na\n');
});

test('every row is one line, and the last column starts at the same cell in each', () => {
  const row = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
      const lines = plainTable(
        [{ title: 'A' }, { title: 'B' }, { title: 'C' }],
        rows.map((cells) => [...cells, 'end']),
      ).split('\n');
      expect(lines).toHaveLength(rows.length + 2);
      expect(lines.pop()).toBe('');
      const starts = lines.map((line, index) => cellWidth(line) - (index === 0 ? 1 : 3));
      expect(new Set(starts).size).toBe(1);
    }),
  );
});
