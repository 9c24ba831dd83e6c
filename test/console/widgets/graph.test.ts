import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTheme } from '../../../source/console/theme.ts';
import { graph, type Point } from '../../../source/console/widgets/graph.ts';
import { cellWidth } from '../../../source/text/width.ts';

const ascii = createTheme({ colour: false, unicode: false }).glyphs;
const unicode = createTheme({ colour: false, unicode: true }).glyphs;
const AT = { from: 0, to: 1_000, width: 16, height: 4, limit: 10, reach: 0 } as const;
const drawn = (points: readonly Point[], glyphs = ascii, reach = 0): readonly string[] =>
  graph([points], { ...AT, reach, glyphs }).map(({ scale, curve }) => scale + curve);

describe('a curve over time', () => {
  test('is filled from below, with its limit as a line across', () => {
    expect(
      drawn([
        { at: 0, value: 2 },
        { at: 500, value: 19 },
        { at: 999, value: 9 },
      ]),
    ).toEqual([
      //
      '  20 |     :    ',
      '  10 |-----:----',
      '     |     :   :',
      '     |.    :   :',
    ]);
  });

  test('in braille has two columns and four steps in a cell', () => {
    const points = [
      { at: 0, value: 5 },
      { at: 60, value: 18 },
      { at: 999, value: 1 },
    ];
    expect(drawn(points, unicode)).toEqual([
      //
      '  20 |⢰         ',
      '  10 |⢸─────────',
      '     |⢸         ',
      '     |⣿        ⢀',
    ]);
  });

  test('is blank where nothing was measured, and has the lowest step where nothing took time', () => {
    expect(drawn([]).map((row) => row.slice(6).trim())).toEqual(['', '----------', '', '']);
    expect(drawn([{ at: 0, value: 0 }])[3]).toBe('     |.         ');
  });

  test('has the worst of each slice, and nothing from outside its time or that is no number', () => {
    const points = [1, 4, 3].map((value, index) => ({ at: index, value }));
    const others = [
      { at: -1, value: 90 },
      { at: 1_001, value: 90 },
      { at: 5, value: Number.NaN },
      { at: 6, value: Infinity },
    ];
    expect(drawn([...points, ...others])).toEqual(drawn([{ at: 0, value: 4 }]));
  });

  test('speaks for the time since the point before, but not for longer than it reaches, nor from where nothing was told', () => {
    const points = [
      { at: 100, value: 1 },
      { at: 400, value: 1 },
      { at: 500, value: null },
      { at: 700, value: 1 },
      { at: 999, value: 1 },
    ];
    expect(drawn(points, ascii, 250)[3]).toBe('     | .  . .. .');
    expect(drawn(points, ascii, 300)[3]).toBe('     | .... ....');
  });

  test('has the worst of several series', () => {
    const both = graph([[{ at: 0, value: 2 }], [{ at: 0, value: 9 }]], { ...AT, glyphs: ascii });
    expect(both).toEqual(graph([[{ at: 0, value: 9 }]], { ...AT, glyphs: ascii }));
  });

  test('is as large as it shall be, whatever the values', () => {
    const point = fc.record({ at: fc.integer({ min: -10, max: 1_010 }), value: fc.double({ min: 0, noNaN: false }) });
    const sizes = fc.record({ width: fc.integer({ min: 7, max: 90 }), height: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(point), sizes, fc.constantFrom(ascii, unicode), (points, { width, height }, glyphs) => {
        const rows = graph([points], { ...AT, width, height, glyphs, reach: 500 });
        expect(rows).toHaveLength(height);
        expect(rows.filter(({ isLimit }) => isLimit)).toHaveLength(1);
        for (const { scale, curve } of rows) expect(cellWidth(scale + curve)).toBe(width);
      }),
    );
  });
});
