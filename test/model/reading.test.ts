import { expect, test } from 'vitest';
import { absent, denied, known, mapReading, stale, valueOf, whyNot, type Reading } from '../../source/model/reading.ts';

const CASES: [Reading<number>, Reading<string>, number | null, string | null][] = [
  [known(1), known('1'), 1, null],
  [known(0), known('0'), 0, null],
  [stale(2, 99), stale('2', 99), 2, null],
  [denied('list pods'), denied('list pods'), null, 'the right "list pods" is missing'],
  [absent('no such source'), absent('no such source'), null, 'no such source'],
  [absent('Cannot list pods.'), absent('Cannot list pods.'), null, 'Cannot list pods'],
];

test.each(CASES)('%j', (reading, mapped, value, why) => {
  expect(mapReading(reading, String)).toEqual(mapped);
  expect(valueOf(reading)).toBe(value);
  expect(whyNot(reading)).toBe(why);
});
