import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createTheme } from '../../../source/console/theme.ts';
import { plain } from '../../../source/console/widgets/spans.ts';
import { titleRows } from '../../../source/console/widgets/title-rows.ts';

const theme = createTheme({ colour: false, unicode: true });

test.each([
  { title: 'Roles of a', beside: '1-3 of 9 rows', rows: [' Roles of a    1-3 of 9 rows', ''] },
  { title: 'Roles of one and 2 more', beside: '', rows: [' Roles of one and 2 more', ''] },
  {
    title: 'Roles of one and 2 more',
    beside: '1-3 of 9',
    rows: [' Roles of one and 2 more', '                    1-3 of 9'],
  },
  {
    title: 'Roles of one, another and 2 more',
    beside: '1 of 9',
    rows: [' Roles of one, another and', ' 2 more               1 of 9'],
  },
  {
    title: 'Roles of first, second-one, third and 2 more',
    beside: '1-3 of 9',
    rows: [' Roles of first,', ' … third and 2 more 1-3 of 9'],
  },
  { title: `Roles of ${'x'.repeat(60)}`, beside: '1 of 9', rows: [' Roles of', ` ${'x'.repeat(19)}… 1 of 9`] },
])('$title beside $beside', ({ title, beside, rows }) => {
  const spans = beside === '' ? [] : [plain(beside)];
  expect(titleRows(title, spans, 28, theme).map((row) => stripVTControlCharacters(row).trimEnd())).toEqual(rows);
});
