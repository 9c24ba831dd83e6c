import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addAmounts, areExact, NO_AMOUNTS, subtractAmounts } from '../../../source/model/kubernetes/amounts.ts';
import { isFinished } from '../../../source/model/kubernetes/pod.ts';

const amounts = fc.record({ cpu: fc.nat(), memory: fc.nat(), ephemeralStorage: fc.nat() });

test('what is added can be taken away again, and nothing adds nothing', () => {
  fc.assert(
    fc.property(amounts, amounts, (one, other) => {
      expect(subtractAmounts(addAmounts(one, other), other)).toEqual(one);
      expect(addAmounts(one, other)).toEqual(addAmounts(other, one));
      expect(addAmounts(one, NO_AMOUNTS)).toEqual(one);
    }),
  );
});

test('sums are capped where a number stops being exact, and say so', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const [huge, one] = [
    { cpu: most, memory: most - 1, ephemeralStorage: 0 },
    { cpu: 1, memory: 1, ephemeralStorage: 1 },
  ];
  expect(addAmounts(huge, one)).toEqual({ cpu: most, memory: most, ephemeralStorage: 1 });
  expect([areExact(one), areExact(huge), areExact({ ...one, memory: most - 1 })]).toEqual([true, false, true]);
});

test.each([
  ['Pending', false],
  ['Running', false],
  ['Unknown', false],
  ['Succeeded', true],
  ['Failed', true],
])('a pod that is %s is finished: %s', (phase, finished) => {
  expect(isFinished({ phase })).toBe(finished);
});
