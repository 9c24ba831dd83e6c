import fc from 'fast-check';
import { expect, test } from 'vitest';
import { age, clock, instant } from '../../source/text/age.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;
const Y = 365 * D;

/** The steps of kubectl's own column of ages, each at its edges. */
test.each([
  [0, '0s'],
  [999, '0s'],
  [S, '1s'],
  [9 * S, '9s'],
  [60 * S, '60s'],
  [119 * S, '119s'],
  [2 * M, '2m'],
  [4 * M + 12 * S, '4m12s'],
  [10 * M - S, '9m59s'],
  [10 * M, '10m'],
  [10 * M + 30 * S, '10m'],
  [3 * H - S, '179m'],
  [3 * H, '3h'],
  [3 * H + 5 * M, '3h5m'],
  [8 * H - S, '7h59m'],
  [8 * H, '8h'],
  [8 * H + 59 * M, '8h'],
  [48 * H - S, '47h'],
  [2 * D, '2d'],
  [2 * D + 5 * H, '2d5h'],
  [8 * D - S, '7d23h'],
  [8 * D, '8d'],
  [40 * D, '40d'],
  [212 * D, '212d'],
  [2 * Y - S, '729d'],
  [2 * Y, '2y'],
  [2 * Y + 30 * D, '2y30d'],
  [8 * Y - S, '7y364d'],
  [8 * Y, '8y'],
  [8 * Y + 100 * D, '8y'],
  [120 * Y, '120y'],
  [-1, '0s'],
  [-D, '0s'],
])('%i ms is %s', (milliseconds, text) => {
  expect(age(milliseconds)).toBe(text);
});

test('an age is never longer than it is told, and by less than its last figure', () => {
  const units: Record<string, number> = { s: S, m: M, h: H, d: D, y: Y };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 * Y }), (milliseconds) => {
      const figures = [...age(milliseconds).matchAll(/(\d+)([smhdy])/g)];
      const told = figures.reduce((sum, [, figure, unit = '']) => sum + Number(figure) * (units[unit] ?? NaN), 0);
      expect(told).toBeLessThanOrEqual(milliseconds);
      expect(milliseconds - told).toBeLessThan(units[figures[0]?.[2] ?? ''] ?? NaN);
    }),
  );
});

test('the time of day is that of the zone', () => {
  const at = new Date(2026, 0, 31, 4, 2, 9);
  expect(clock(at.getTime())).toBe('04:02:09');
  expect(clock(new Date(2026, 0, 31, 23, 59, 59, 999).getTime())).toBe('23:59:59');
});

test('an instant is RFC 3339 in UTC without parts of a second', () => {
  expect(instant(Date.UTC(2026, 0, 31, 12, 0, 0))).toBe('2026-01-31T12:00:00Z');
  expect(instant(Date.UTC(2026, 0, 31, 12, 0, 0, 999))).toBe('2026-01-31T12:00:00Z');
});
