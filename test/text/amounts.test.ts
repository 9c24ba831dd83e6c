import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountText, bytes, bytesBeside, bytesWords, cores, coresWords, percent } from '../../source/text/amounts.ts';

const KI = 1024;
const MI = KI * KI;
const GI = KI * MI;

test.each([
  [0, '0', '0'],
  [1, '0.001', '0.001'],
  [9, '0.009', '0.009'],
  [25, '0.03', '0.02'],
  [100, '0.1', '0.1'],
  [250, '0.25', '0.25'],
  [999, '1', '0.99'],
  [1000, '1', '1'],
  [2400, '2.4', '2.4'],
  [2405, '2.41', '2.4'],
  [9999, '10', '9.99'],
  [16_000, '16', '16'],
  [23_460, '23.5', '23.4'],
  [999_990, '1000', '999.9'],
  [1_234_567, '1235', '1234'],
  [-250, '-0.25', '-0.25'],
  [-2405, '-2.4', '-2.41'],
])('%i millicores are %s cores, rounded down %s', (millicores, nearest, down) => {
  expect(cores(millicores)).toBe(nearest);
  expect(cores(millicores, { round: 'down' })).toBe(down);
});

test.each([
  [0, '0'],
  [1, '0.001'],
  [11, '0.02'],
  [400, '0.4'],
  [401, '0.41'],
  [9_991, '10'],
  [12_301, '12.4'],
  [-401, '-0.4'],
])('%i millicores are %s cores, rounded up', (millicores, up) => {
  expect(cores(millicores, { round: 'up' })).toBe(up);
});

test.each([
  [1_000, '1 core'],
  [500, '0.5 cores'],
  [0, '0 cores'],
  [2_400, '2.4 cores'],
])('%i millicores are %s in a sentence', (millicores, words) => {
  expect(coresWords(millicores)).toBe(words);
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [512, '512 bytes'],
  [KI, '1Ki'],
  [-512, '-512 bytes'],
  [3 * GI, '3Gi'],
])('%i bytes are %s in a sentence', (amount, words) => {
  expect(bytesWords(amount)).toBe(words);
});

test('cores in a sentence are rounded as they are elsewhere', () => {
  expect([coresWords(1_009, { round: 'down' }), coresWords(996, { round: 'up' })]).toEqual(['1 core', '1 core']);
});

test.each([
  [1, '1'],
  [KI + 1, '1.1Ki'],
  [10 * GI, '10Gi'],
  [100 * GI + 1, '101Gi'],
  [GI - 1, '1Gi'],
])('%d bytes are %s, rounded up', (amount, up) => {
  expect(bytes(amount, { round: 'up' })).toBe(up);
});

test.each([
  [0, '0', '0'],
  [1, '1', '1'],
  [1023, '1023', '1023'],
  [KI, '1Ki', '1Ki'],
  [1536, '1.5Ki', '1.5Ki'],
  [412 * MI, '412Mi', '412Mi'],
  [58.94 * GI, '58.9Gi', '58.9Gi'],
  [64 * GI, '64Gi', '64Gi'],
  [99.96 * GI, '100Gi', '99.9Gi'],
  [100.9 * GI, '101Gi', '100Gi'],
  [1023.9 * MI, '1Gi', '1023Mi'],
  [GI - 1, '1Gi', '1023Mi'],
  [8_589_934_592, '8Gi', '8Gi'],
  [2000 * GI * KI * KI * KI, '2000Ei', '2000Ei'],
  [-1536, '-1.5Ki', '-1.5Ki'],
  [-(GI - 1), '-1Gi', '-1Gi'],
])('%d bytes are %s, rounded down %s', (amount, nearest, down) => {
  expect(bytes(amount)).toBe(nearest);
  expect(bytes(amount, { round: 'down' })).toBe(down);
});

describe('two amounts of bytes beside each other', () => {
  const MI = 2 ** 20;
  const GI = 2 ** 30;
  test.each([
    [1.5 * GI, 2 * GI, '1.5Gi', '2Gi'],
    [2 * GI, 2 * GI, '2Gi', '2Gi'],
    [2 * GI + 20 * MI, 2 * GI, '2068Mi', '2048Mi'],
    [0.99 * 2 * GI, 2 * GI, '2028Mi', '2048Mi'],
    [GI - 1, GI, '1073741823', '1073741824'],
    [51.19 * GI, 51.2 * GI, '52419Mi', '52429Mi'],
    [0, 0, '0', '0'],
  ])('%d and %d', (one, other, first, second) => {
    expect(bytesBeside(one, other)).toEqual([first, second]);
  });
});

describe('laws', () => {
  const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
  /** Ten times the value that a text stands for, which is whole. */
  const tenths = (text: string): bigint => {
    const [, sign = '', whole = '', fraction = '0', unit = ''] = /^(-?)(\d+)(?:\.(\d))?(\D*)$/.exec(text) ?? [];
    const value = BigInt(whole + fraction) * 1024n ** BigInt(UNITS.indexOf(unit));
    return sign === '-' ? -value : value;
  };

  test('rounded down is never more than there is', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        expect(tenths(bytes(amount, { round: 'down' })) <= BigInt(amount) * 10n).toBe(true);
        expect(Number(cores(amount % 2 ** 40, { round: 'down' }))).toBeLessThanOrEqual((amount % 2 ** 40) / 1000);
      }),
    );
  });

  test('bytes are told in few characters, and no larger unit would do', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        expect(bytes(amount)).toMatch(/^-?(\d\d?(\.[1-9])?|\d{3}|10[01]\d|102[0-3])([KMGTP]i)?$/);
      }),
    );
  });

  test('more is never told as less', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.maxSafeInteger(),
        fc.constantFrom('nearest', 'down', 'up'),
        (one, other, round) => {
          const [less, more] = one < other ? [one, other] : [other, one];
          expect(tenths(bytes(less, { round })) <= tenths(bytes(more, { round }))).toBe(true);
          expect(Number(cores(less, { round }))).toBeLessThanOrEqual(Number(cores(more, { round })));
        },
      ),
    );
  });
});

test.each([
  ['cpu', 2400, '2.4'],
  ['memory', 64 * GI, '64Gi'],
  ['ephemeralStorage', 10 * GI, '10Gi'],
  ['pods', 110, '110'],
  ['cpu', null, '?'],
  ['pods', 0, '0'],
] as const)('%s %s is %s', (resource, amount, text) => {
  expect(amountText(resource, amount)).toBe(text);
});

test('an amount is rounded as asked', () => {
  expect(amountText('cpu', 999, { round: 'down' })).toBe('0.99');
});

test.each([
  [31, 100, '31%'],
  [0, 16, '0%'],
  [1, 3, '33%'],
  [2, 3, '66%'],
  [996, 1_000, '99%'],
  [999, 1_000, '99%'],
  [1_000, 1_000, '100%'],
  [1_006, 1_000, '100%'],
  [29, 100, '29%'],
  [4, 1_000, '0%'],
  [-4, 1_000, '0%'],
  [31, 16, '193%'],
  [5, 0, '-'],
  [5, null, '-'],
  [null, null, '-'],
  [null, 16, '?'],
])('%s of %s is %s', (part, whole, text) => {
  expect(percent(part, whole)).toBe(text);
});
