import { describe, expect, it } from 'vitest';
import { binaryQuantity, millicores, units } from '../../../source/sandbox/world/quantity.ts';

describe('quantities', () => {
  it.each([
    ['1', 1000],
    ['0.1', 100],
    ['100m', 100],
    ['1e3', 1_000_000],
    ['1500u', 2],
    ['nonsense', 0],
  ])('of CPU: %s is %i millicores', (text, wanted) => expect(millicores(text)).toBe(wanted));
  it.each([
    ['1Ki', 1024],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['128974848', 128_974_848],
    ['32M', 32_000_000],
    ['100m', 1],
  ])('of memory: %s is %i bytes', (text, wanted) => expect(units(text)).toBe(wanted));
  it.each([
    [10 * 2 ** 30, '10Gi'],
    [2 ** 20 + 1, '1048577'],
    [1536 * 2 ** 20, '1536Mi'],
    [0, '0'],
  ])('%i bytes are written %s', (bytes, wanted) => expect(binaryQuantity(bytes)).toBe(wanted));
});
