import { describe, expect, test } from 'vitest';
import { createCompression, type Pace } from '../../../source/links/kubernetes/compression.ts';

const MB = 1_000_000;
const zipped = (bytes: number, waited: number): Pace => ({ zipped: true, bytes, waited });
const plain = (bytes: number, waited: number): Pace => ({ zipped: false, bytes, waited });

describe('answers are asked for zipped', () => {
  test.each<[string, readonly Pace[], boolean]>([
    ['before anything came', [], true],
    ['on a line of 32 KB a second', [zipped(200_000, 6_000)], true],
    ['on a line of 1 MB a second', [zipped(200_000, 200), zipped(2 * MB, 2_000)], true],
    ['after answers too small to tell', [zipped(900, 0), zipped(60_000, 1)], true],
    ['on a line that seemed fast, and is not', [zipped(200_000, 20), plain(2 * MB, 200)], true],
    ['and stay so after that', [zipped(200_000, 20), plain(2 * MB, 200), zipped(200_000, 5)], true],
    ['no longer on a fast one', [zipped(200_000, 20)], false],
    ['no longer where nothing was waited for', [zipped(200_000, 0)], false],
    ['no longer while it stays fast', [zipped(200_000, 20), plain(2 * MB, 20), plain(900, 500)], false],
  ])('%s', (_, paces, wanted) => {
    const compression = createCompression();
    for (const pace of paces) compression.measured(pace);
    expect(compression.isWanted()).toBe(wanted);
  });
});
