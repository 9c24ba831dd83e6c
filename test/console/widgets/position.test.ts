import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moved, scrolled, settled } from '../../../source/console/widgets/position.ts';

const numbers = fc.record({
  cursor: fc.integer({ min: -5, max: 500 }),
  top: fc.integer({ min: -5, max: 500 }),
  count: fc.integer({ min: 0, max: 300 }),
  height: fc.integer({ min: 1, max: 60 }),
});

test('a settled cursor is on a row that is shown, and no room is wasted', () => {
  fc.assert(
    fc.property(numbers, ({ cursor, top, count, height }) => {
      const position = settled({ cursor, top }, count, height);
      expect(position.cursor).toBeGreaterThanOrEqual(0);
      expect(position.cursor).toBeLessThan(Math.max(count, 1));
      expect(position.cursor - position.top).toBeGreaterThanOrEqual(0);
      expect(position.cursor - position.top).toBeLessThan(height);
      expect(position.top).toBeLessThanOrEqual(Math.max(count - height, 0));
      expect(settled(position, count, height)).toEqual(position);
    }),
  );
});

test.each([
  { command: 'down', from: 0, to: 1 },
  { command: 'up', from: 0, to: 0 },
  { command: 'down', from: 99, to: 99 },
  { command: 'page-down', from: 0, to: 9 },
  { command: 'page-up', from: 50, to: 41 },
  { command: 'first', from: 50, to: 0 },
  { command: 'last', from: 50, to: 99 },
] as const)('$command from row $from of 100 goes to $to', ({ command, from, to }) => {
  expect(moved({ cursor: from, top: from }, command, 100, 10)?.cursor).toBe(to);
});

test('other commands move nothing', () => {
  expect(moved({ cursor: 3, top: 0 }, 'sort', 10, 5)).toBeNull();
  expect(scrolled(0, 'sort', 10, 5)).toBeNull();
});

test('scrolled text stays within its ends', () => {
  expect(scrolled(0, 'last', 100, 10)).toBe(90);
  expect(scrolled(90, 'down', 100, 10)).toBe(90);
  expect(scrolled(0, 'down', 5, 10)).toBe(0);
});
