import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alphabetical, letters } from '../../source/text/alphabet.ts';

const collator = new Intl.Collator('en', { numeric: true });
const ofNames = fc.string({ unit: fc.constantFrom('a', 'b', 'z', '0', '1', '2', '9', '.', '-'), maxLength: 12 });
const ofDigits = fc.string({ unit: fc.constantFrom('0', '1', '9'), minLength: 40, maxLength: 60 });
const texts = fc.oneof({ weight: 6, arbitrary: ofNames }, ofDigits, fc.string({ unit: 'grapheme', maxLength: 6 }));

const order = (one: string, other: string): number => Math.sign(alphabetical(letters(one), letters(other)));

test('is the order of the collator, and letter by letter where that sees no difference', () =>
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      const collated = Math.sign(collator.compare(one, other));
      expect(order(one, other)).toBe(collated === 0 ? (one < other ? -1 : one > other ? 1 : 0) : collated);
    }),
    { numRuns: 5_000 },
  ));

test.each([
  ['node-2', 'node-10'],
  ['node-2.example.org', 'node-02a.example.org'],
  ['node', 'node-1'],
  ['rack-1', 'rack.1'],
  ['1-a', 'a'],
])('%s before %s', (one, other) => {
  expect(order(one, other)).toBe(-1);
  expect(order(other, one)).toBe(1);
  expect(order(one, one)).toBe(0);
});
