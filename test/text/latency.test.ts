import { expect, test } from 'vitest';
import { latency } from '../../source/text/latency.ts';

test.each([
  [0, '0ms'],
  [0.000_02, '<0.1ms'],
  [0.000_4, '0.4ms'],
  [0.003_14, '3.1ms'],
  [0.009_99, '10ms'],
  [0.014_2, '14ms'],
  [0.25, '250ms'],
  [0.9994, '999ms'],
  [0.9996, '1s'],
  [1.24, '1.2s'],
  [34, '34s'],
])('%d seconds are %s', (seconds, text) => {
  expect(latency(seconds)).toBe(text);
});
