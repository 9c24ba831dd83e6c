import { describe, expect, test } from 'vitest';
import { absent, denied, known, stale, type Reading } from '../../source/model/reading.ts';
import { allOf } from '../../source/model/readings.ts';

describe('many readings as one', () => {
  test.each<[string, readonly Reading<number>[], Reading<readonly number[]>]>([
    ['none', [], known([])],
    ['known ones', [known(1), known(2)], known([1, 2])],
    ['the oldest age counts', [known(1), stale(2, 90), stale(3, 70), stale(4, 80)], stale([1, 2, 3, 4], 70)],
    ['an age of the epoch', [stale(1, 0)], stale([1], 0)],
    ['one that is absent', [known(1), absent('a'), stale(2, 1), absent('b')], absent('a')],
    ['one that is denied', [absent('a'), known(1), denied('list pods')], denied('list pods')],
  ])('%s', (_, readings, one) => expect(allOf(readings)).toEqual(one));
});
