import fc from 'fast-check';
import { expect, it } from 'vitest';
import { median, quantile } from '../../bench/statistics.ts';

it.each([
  { samples: [7], share: 0.95, value: 7 },
  { samples: [3, 1, 2], share: 0.5, value: 2 },
  { samples: [4, 1, 3, 2], share: 0.5, value: 2 },
  { samples: [10, 9, 100], share: 0.95, value: 100 },
  { samples: Array.from({ length: 100 }, (_, index) => index + 1), share: 0.95, value: 95 },
  { samples: Array.from({ length: 100 }, (_, index) => index + 1), share: 0.99, value: 99 },
  { samples: Array.from({ length: 100 }, (_, index) => index + 1), share: 1, value: 100 },
])('$share of $samples.length samples do not exceed $value', ({ samples, share, value }) =>
  expect(quantile(samples, share)).toBe(value),
);

it('is a sample that at least that share does not exceed, and fewer than that share are below', () =>
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
      fc.integer({ min: 1, max: 100 }),
      (samples, percent) => {
        const value = quantile(samples, percent / 100);
        expect(samples).toContain(value);
        const notAbove = samples.filter((one) => one <= value).length;
        const below = samples.filter((one) => one < value).length;
        expect(notAbove * 100).toBeGreaterThanOrEqual(Math.floor(percent * samples.length));
        expect(below * 100).toBeLessThan(percent * samples.length + 1);
      },
    ),
  ));

it('leaves the samples in their order', () => {
  const samples = [3, 1, 2];
  median(samples);
  expect(samples).toEqual([3, 1, 2]);
});

it('knows no quantile of nothing', () => expect(() => median([])).toThrow(RangeError));
