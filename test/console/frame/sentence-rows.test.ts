import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sentenceRows } from '../../../source/console/frame/sentence-rows.ts';
import { createTheme } from '../../../source/console/theme.ts';
import type { Notice } from '../../../source/console/view.ts';
import { cellWidth } from '../../../source/text/width.ts';

const theme = createTheme({ colour: true, unicode: true });
const rowsOf = (notice: Notice, width: number, rows: number): readonly string[] =>
  sentenceRows(notice, { width, rows }, theme).map(stripVTControlCharacters);

const LONG = Array.from({ length: 20 }, (_, index) => `word-${String(index)}`).join(' ');

test('a sentence of 150 letters is whole on 80 columns', () => {
  const rows = rowsOf({ severity: 'critical', sentence: LONG }, 80, 24);
  expect(rows[0]).toMatch(/^ X word-0 /);
  expect(rows.map((row) => row.slice(3).trim()).join(' ')).toBe(LONG);
});

test('on a small terminal a sentence is cut to one row, with the sign of a cut', () => {
  expect(rowsOf({ severity: 'warning', sentence: LONG }, 40, 10)).toEqual([expect.stringMatching(/^ ! word-0 .*…$/)]);
});

test('a note has no sign', () => expect(rowsOf({ severity: 'note', sentence: 'done' }, 8, 24)).toEqual([' done   ']));

test('rows are as wide as the screen and at most three, whatever is said', () => {
  const severities = fc.constantFrom('note', 'warning', 'critical');
  const sizes = fc.record({ width: fc.integer({ min: 30, max: 200 }), rows: fc.integer({ min: 8, max: 60 }) });
  fc.assert(
    fc.property(severities, fc.string({ unit: 'grapheme' }), sizes, (severity, sentence, { width, rows }) => {
      const drawn = rowsOf({ severity, sentence }, width, rows);
      expect([1, 2, 3]).toContain(drawn.length);
      for (const row of drawn) expect(cellWidth(row)).toBe(width);
    }),
  );
});
