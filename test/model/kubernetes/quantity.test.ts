import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { milliValue, parseQuantity, wholeValue, type Quantity } from '../../../source/model/kubernetes/quantity.ts';
import { CASES, GARBAGE } from './quantity-cases.ts';

const parse = (text: string): Quantity => {
  const quantity = parseQuantity(text);
  if (quantity === null) throw new Error(`${text} should be a quantity`);
  return quantity;
};

const SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const digits = fc.stringMatching(/^\d{1,20}$/);
const number = fc.oneof(
  digits,
  fc.tuple(digits, fc.stringMatching(/^\d{0,12}$/)).map(([whole, fraction]) => `${whole}.${fraction}`),
  digits.map((fraction) => `.${fraction}`),
);
const suffix = fc.oneof(
  fc.constantFrom(...SUFFIXES),
  fc.tuple(fc.constantFrom('e', 'E'), fc.integer({ min: -25, max: 25 })).map(([sign, power]) => `${sign}${power}`),
);
const unsigned = fc.tuple(number, suffix).map(([value, unit]) => value + unit);

/** A number of the table as it can be counted with: capped at 2^53-1. */
const counted = (value: bigint) => Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));

test.each(CASES)('$text is $canonical', ({ text, canonical, milli, whole }) => {
  const found = parse(text);
  expect(found).toBe(parse(canonical));
  expect(milliValue(found)).toBe(counted(milli));
  expect(wholeValue(found)).toBe(counted(whole));
});

test('the table has enough cases, each once', () => {
  expect(new Set(CASES.map(({ text }) => text)).size).toBe(CASES.length);
  expect(CASES.length).toBeGreaterThanOrEqual(200);
});

test.each(GARBAGE)('%j is no quantity', (text) => {
  expect(parseQuantity(text)).toBeNull();
});

describe('hostile sizes cost nothing', () => {
  test.each([
    ['a large exponent', '1e1001'],
    ['a huge exponent', '1e999999999'],
    ['an exponent beyond all numbers', `1e${'9'.repeat(900)}`],
    ['too many digits', '9'.repeat(1001)],
    ['a megabyte of digits', '9'.repeat(1_000_000)],
  ])('%s is refused', (_, text) => {
    expect(parseQuantity(text)).toBeNull();
  });
  test.each([
    ['a tiny value', '1e-999999999', '1e-9'],
    ['a tiny negative value', '-1e-999999999', '-1e-9'],
    ['nothing of a tiny value', '0e-999999999', '0'],
    ['the largest exponent', '1e999', '1e999'],
    ['the most digits', `1${'0'.repeat(999)}`, '1e999'],
  ])('%s is read', (_, text, canonical) => {
    expect(parse(text)).toBe(parse(canonical));
  });
  test.each(['1e400', '1e999', '9e15', '100Ei', '9'.repeat(999)])('%s is counted as the most there is', (text) => {
    expect([milliValue(parse(text)), milliValue(parse(`-${text}`))]).toEqual([
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
    ]);
    expect(Number.isSafeInteger(wholeValue(parse(text)))).toBe(true);
  });
});

describe('laws', () => {
  test('what is written in thousand-millionths is read as it is', () => {
    fc.assert(fc.property(fc.bigInt(), (nano) => parse(`${nano}n`) === nano));
  });

  test('a sign turns the value around, and a plus says nothing', () => {
    fc.assert(
      fc.property(unsigned, (text) => {
        expect([parse(`-${text}`), parse(`+${text}`)]).toEqual([-parse(text), parse(text)]);
      }),
    );
  });

  test('rounding never takes away, and never adds a whole unit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (nano) => {
        const value = parse(`${nano}n`);
        const size = nano < 0n ? -nano : nano;
        for (const [rounded, unit] of [
          [milliValue(value), 1_000_000n],
          [wholeValue(value), 1_000_000_000n],
        ] as const) {
          const over = BigInt(Math.abs(rounded)) * unit - size;
          expect(over >= 0n && over < unit).toBe(true);
          expect(rounded === 0 || rounded < 0 === nano < 0n).toBe(true);
        }
      }),
    );
  });
});
