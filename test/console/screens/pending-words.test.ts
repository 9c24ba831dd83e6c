import { describe, expect, test } from 'vitest';
import { shortReason } from '../../../source/console/screens/pending/pending-words.ts';

describe('the reason of the scheduler in short', () => {
  test.each([
    [null, 'the scheduler has not said why yet'],
    ['', 'the scheduler has not said why yet'],
    ['0/3 nodes are available: 3 Insufficient cpu.', '3 Insufficient cpu'],
    ['0/3 nodes are available: 1 x, 2 y. preemption: 0/3 nodes are available: 3 No victims.', '1 x, 2 y'],
    ['0/3 nodes are available: 1 x   preemption: none', '1 x'],
    ['preemption: none', 'preemption: none'],
    ['another scheduler says so', 'another scheduler says so'],
  ])('%j', (unscheduled, short) => expect(shortReason({ unscheduled })).toBe(short));

  test.each([' ', '. ', '1', '1/'])(
    'takes no longer than its length asks for: %j a hundred thousand times',
    (piece) => {
      const before = performance.now();
      shortReason({ unscheduled: `${piece.repeat(100_000)}x` });
      expect(performance.now() - before).toBeLessThan(500);
    },
  );
});
