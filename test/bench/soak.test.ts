import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findingsOf, slopeOf, whole, type Sample } from '../../bench/soak/growth.ts';

const EVERY = 10;

/** A run of ten minutes in which everything stays as it is but for what is given at each sample. */
const run = (given: (index: number) => Partial<Sample>): readonly Sample[] =>
  Array.from({ length: 60 }, (_, index) => ({
    at: index * EVERY,
    heap: 100,
    resident: 200,
    sockets: 9,
    timers: 12,
    listeners: 20,
    journal: 0,
    ...given(index),
  }));

const broken = (samples: readonly Sample[]) =>
  findingsOf(samples)
    .filter((finding) => finding.broken)
    .map(({ what }) => what);

describe('a soak', () => {
  test('finds nothing where all that moves comes back', () => {
    const saw = (index: number) => index % 5;
    expect(
      broken(run((index) => ({ heap: 100 + saw(index), resident: 200 + saw(index) * 4, timers: 12 + saw(index) }))),
    ).toEqual([]);
  });

  test('does not hold what a console needs at its start against it', () =>
    expect(broken(run((index) => ({ heap: Math.min(40 + index * 5, 110), sockets: Math.min(index, 9) })))).toEqual([]));

  test.each([
    ['heap in use', { heap: 2 }],
    ['resident set', { resident: 6 }],
    ['sockets', { sockets: 1 }],
    ['timers', { timers: 0.1 }],
    ['listeners', { listeners: 0.1 }],
    ['bytes of the journal', { journal: 1 }],
  ] as const)('finds that there is ever more: %s', (what, step) => {
    const grows = run((index) =>
      Object.fromEntries(Object.entries(step).map(([key, by]) => [key, 100 + Math.floor(index * by)])),
    );
    expect(broken(grows)).toEqual([what]);
  });

  test('needs some samples', () => expect(() => findingsOf(run(() => ({})).slice(0, 11))).toThrow('11 samples'));
});

test('a sample holds all threads or none', () => {
  const held = { heap: 1, sockets: 2, timers: 3, listeners: 4 };
  expect(whole({ threads: 2, ...held })).toEqual(held);
  expect(() => whole({ threads: 1, ...held })).toThrow('1 threads of the console');
});

test('the slope is that of the line on which most samples lie', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -50, max: 50 }),
      fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 10 }),
      (slope, outliers) => {
        const samples = run((index) => ({ heap: outliers.includes(index) ? 10_000 : 500 + slope * index * EVERY }));
        expect(slopeOf(samples, ({ heap }) => heap)).toBeCloseTo(slope);
      },
    ),
  );
});
