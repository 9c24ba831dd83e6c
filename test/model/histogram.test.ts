import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedBetween, quantile, type Histogram } from '../../source/model/histogram.ts';

const made = (...buckets: readonly (readonly [bound: number, count: number])[]): Histogram => ({
  bounds: buckets.map(([bound]) => bound),
  counts: buckets.map(([, count]) => count),
});

describe('a quantile, as Prometheus tells it', () => {
  it.each<[string, number, Histogram, number | null]>([
    ['straight between the bounds of a bucket', 0.5, made([1, 0], [2, 10], [Infinity, 10]), 1.5],
    ['from zero in the first bucket', 0.5, made([1, 10], [2, 10], [Infinity, 10]), 0.5],
    ['at the bound of a bucket', 0.9, made([1, 9], [2, 10], [Infinity, 10]), 1],
    ['over the rest of a bucket', 0.95, made([1, 9], [2, 10], [Infinity, 10]), 1.5],
    ['the largest bound where it lies beyond', 0.99, made([1, 0], [2, 1], [Infinity, 10]), 2],
    ['a first bound that is below zero', 0.1, made([-1, 5], [1, 10], [Infinity, 10]), -1],
    ['the least of all', 0, made([1, 0], [2, 10], [Infinity, 10]), 0],
    ['the largest of all', 1, made([1, 5], [2, 10], [Infinity, 10]), 2],
    ['no samples', 0.99, made([1, 0], [Infinity, 0]), null],
    ['no buckets', 0.99, made(), null],
    ['one bucket', 0.99, made([Infinity, 5]), null],
  ])('%s', (_, part, histogram, value) => {
    expect(quantile(part, histogram)).toBe(value);
  });

  it('lies in the bucket in which the sample of that rank lies', () => {
    const times = fc.array(fc.double({ min: 0, max: 8, noNaN: true }), { minLength: 1, maxLength: 60 });
    const bounds = [0.5, 1, 2, 4, Infinity];
    fc.assert(
      fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (samples, part) => {
        const counts = bounds.map((bound) => samples.filter((sample) => sample <= bound).length);
        const ranked = samples.toSorted((one, other) => one - other)[Math.ceil(part * samples.length) - 1] ?? NaN;
        const index = bounds.findIndex((bound) => ranked <= bound);
        const value = quantile(part, { bounds, counts }) ?? NaN;
        const end = bounds[index] ?? NaN;
        expect(value).toBeGreaterThanOrEqual(bounds[index - 1] ?? 0);
        expect(value).toBeLessThanOrEqual(Math.min(end, 4));
      }),
    );
  });
});

describe('what was counted between two looks', () => {
  const before = made([1, 4], [2, 6], [Infinity, 7]);

  it.each<[string, Histogram, Histogram]>([
    ['the difference of each bucket', made([1, 5], [2, 9], [Infinity, 10]), made([1, 1], [2, 3], [Infinity, 3])],
    ['nothing', before, made([1, 0], [2, 0], [Infinity, 0])],
    ['all of the later one after a restart', made([1, 1], [2, 2], [Infinity, 9]), made([1, 1], [2, 2], [Infinity, 9])],
    ['all of one with other bounds', made([1, 5], [3, 9], [Infinity, 9]), made([1, 5], [3, 9], [Infinity, 9])],
    ['all of one with more bounds', made([1, 5], [2, 9], [3, 9], [Infinity, 9]), made([1, 5], [2, 9], [3, 9], [Infinity, 9])], // prettier-ignore
    ['a bucket that was read a moment before another', made([1, 6], [2, 7], [Infinity, 9]), made([1, 2], [2, 2], [Infinity, 2])], // prettier-ignore
  ])('%s', (_, after, counted) => {
    expect(countedBetween(before, after)).toEqual(counted);
  });
});
