import { expect, test } from 'vitest';
import { OpenChangeLog } from '../../source/state/change-log.ts';

test('tells each name once that changed since a look', () => {
  const log = new OpenChangeLog();
  log.add('a');
  const look = log.position;
  for (const name of ['b', 'c', 'b']) log.add(name);
  expect(log.since(look)).toEqual(new Set(['b', 'c']));
  expect(log.since(0)).toEqual(new Set(['a', 'b', 'c']));
  expect(log.since(log.position)).toEqual(new Set());
});

test('says that anything may have changed where the look is longer ago than it reaches, and never forgets what is newer', () => {
  const log = new OpenChangeLog();
  const first = log.position;
  for (let count = 0; count < 100_000; count += 1) {
    const before = log.position;
    log.add(`${count}`);
    expect(log.since(before)?.has(`${count}`)).toBe(true);
  }
  expect(log.since(first)).toBeNull();
  expect(log.since(log.position - 4_000)?.size).toBe(4_000);
});
