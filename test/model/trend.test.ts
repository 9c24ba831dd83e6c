import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slopeOf, valueAt } from '../../source/model/trend.ts';

describe('the slope of points', () => {
  it.each<[string, readonly (readonly [number, number])[], number | null]>([
    ['no point', [], null],
    ['one point', [[5, 5]], null],
    ['two points of one time', [[5, 5], [5, 9]], null], // prettier-ignore
    ['two points', [[0, 10], [10, 30]], 2], // prettier-ignore
    ['a level', [[0, 3], [1, 3], [2, 3]], 0], // prettier-ignore
    ['the line of least squares', [[0, 0], [1, 2], [2, 1]], 0.5], // prettier-ignore
  ])('%s', (_, points, slope) => {
    expect(slopeOf(points.map(([at, value]) => ({ at, value })))).toBe(slope);
  });

  it('finds any line again, also far from the beginning of time', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 3_600_000 }), { minLength: 2, maxLength: 240 });
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: -1_000, max: 1_000 }),
        fc.integer({ min: 0, max: 1e9 }),
        (at, rise, level) => {
          const points = at.map((time) => ({ at: 1_795_000_000_000 + time, value: level + rise * time }));
          expect(slopeOf(points)).toBeCloseTo(rise, 3);
        },
      ),
    );
  });
});

describe('where the line is at a time', () => {
  it.each<[string, readonly (readonly [number, number])[], number | null]>([
    ['no point', [], null],
    ['one point', [[5, 5]], null],
    ['two points', [[0, 10], [10, 30]], 50], // prettier-ignore
    ['a level', [[0, 3], [1, 3]], 3], // prettier-ignore
    ['the line of least squares, which passes no point', [[0, 0], [1, 2], [2, 1]], 10.5], // prettier-ignore
  ])('%s', (_, points, value) => {
    const found = valueAt(
      points.map(([at, value]) => ({ at, value })),
      20,
    );
    expect(found).toBe(value);
  });
});
