import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DOWN, turning } from '../../bench/measures/keys.ts';

it('moves the selection with every press, down first and up where there are no more nodes', () =>
  fc.assert(
    fc.property(fc.nat({ max: 50 }), fc.integer({ min: 1, max: 5_000 }), (above, below) => {
      const keyAt = turning({ above, below });
      let selected = above;
      const passed = Array.from({ length: 90 }, (_, key) => (selected += keyAt(key) === DOWN ? 1 : -1));
      expect(Math.min(...passed)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...passed)).toBe(above + Math.min(below, 90));
    }),
  ));
