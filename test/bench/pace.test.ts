import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPace, slicesOf } from '../../bench/pace.ts';

/** Sends sizes one after the other, each once the one before is through; answers when the last is, in ms. */
function through(bytesPerSecond: number, sizes: readonly number[], late = 0): number {
  let now = 1_000;
  const pace = createPace(bytesPerSecond, () => now);
  for (const size of sizes) {
    const wait = pace.take(size);
    if (wait > 0) now += wait + late;
  }
  return now - 1_000;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

it('carries as many bytes a second as it was given, but for what an idle line has saved', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e7 }),
      fc.array(fc.integer({ min: 1, max: 1e5 }), { minLength: 1 }),
      (rate, sizes) => {
        const needed = (sum(sizes) * 1_000) / rate;
        const taken = through(rate, sizes);
        expect(taken).toBeLessThanOrEqual(needed + 1e-6 * needed);
        expect(taken).toBeGreaterThanOrEqual(needed - 5 - 1e-6 * needed);
      },
    ),
  ));

it('is no thinner because timers are a little late', () =>
  expect(through(32_000, Array<number>(1_000).fill(160), 1)).toBeLessThan(5_000 + 5));

it('carries anything at once without a bound', () => expect(through(Infinity, [1e9, 1e9])).toBe(0));

it.each([
  { rate: 32_000, slice: 160 },
  { rate: 1, slice: 1 },
  { rate: Infinity, slice: Infinity },
])('trickles at $rate bytes a second in slices of $slice', ({ rate, slice }) =>
  expect(createPace(rate, () => 0).slice).toBe(slice),
);

it('cuts bytes into slices that make the whole again', () =>
  fc.assert(
    fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 20 }), (bytes, slice) => {
      const slices = [...slicesOf(Buffer.from(bytes), slice)];
      expect(Buffer.concat(slices)).toEqual(Buffer.from(bytes));
      expect(slices.every(({ length }) => length >= 1 && length <= slice)).toBe(true);
    }),
  ));
