// The counting itself: every case and every difference counts, and only an explained difference is let through.
import { expect, test } from 'vitest';
import { comparison } from './comparison.ts';

test('cases and differences are counted, and what nothing explains is told', () => {
  const compared = comparison('memory', 'judge', 'why');
  compared.compare('a', 1n, 1n);
  compared.compare('b', '1', '1', () => false);
  compared.compare('c', ['x', 'y'], ['x', 'y']);
  expect(compared.unexplained()).toEqual([]);
  compared.compare('d', 1n, 2n, () => true);
  expect(compared.unexplained()).toEqual([]);
  compared.compare('e', ['x'], ['x', 'y'], () => false);
  compared.compare('f', '', 'refused');
  expect(compared.unexplained()).toEqual([
    'e: the console says "x", judge "x y"',
    'f: the console says "", judge "refused"',
  ]);
  expect(compared.row()).toEqual({ figure: 'memory', judge: 'judge', cases: 6, differences: 3, note: 'why' });
});
