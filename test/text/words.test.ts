import { expect, test } from 'vitest';
import { list, plural } from '../../source/text/words.ts';

test.each([
  [0, '0 nodes'],
  [1, '1 node'],
  [2, '2 nodes'],
])('%i node', (count, text) => {
  expect(plural(count, 'node')).toBe(text);
});

test('a plural that is more than an s', () => {
  expect(plural(1, 'entry', 'entries')).toBe('1 entry');
  expect(plural(3, 'entry', 'entries')).toBe('3 entries');
});

test.each([
  [[], 2, ''],
  [['a'], 2, 'a'],
  [['a', 'b'], 2, 'a and b'],
  [['a', 'b', 'c'], 2, 'a, b and 1 more'],
  [['a', 'b', 'c', 'd', 'e'], 2, 'a, b and 3 more'],
  [['a', 'b', 'c'], 3, 'a, b and c'],
  [['a', 'b'], 0, '2 more'],
  [['a', 'b'], 1, 'a and 1 more'],
])('%j, at most %i', (items, most, text) => {
  expect(list(items, most)).toBe(text);
});

test('without a limit all are named', () => {
  expect(list(['a', 'b', 'c', 'd'])).toBe('a, b, c and d');
});
