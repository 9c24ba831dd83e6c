import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTexts } from '../../../source/links/kubernetes/texts.ts';

/** Texts that differ in the middle alone, at the ends alone, in length alone, or are no UTF-8: they meet in one place. */
const alike = fc
  .tuple(fc.constantFrom('', 'kubernetes.io/'), fc.string({ unit: 'binary', maxLength: 3 }), fc.nat(80))
  .map(([head, middle, length]) => Buffer.from(`${head}${middle}${'-'.repeat(length)}kubernetes`));

const broken = fc.tuple(alike, fc.uint8Array({ maxLength: 4 })).map((parts) => Buffer.concat(parts));

describe('texts', () => {
  test('are read as UTF-8, whatever was read before', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(alike, broken), { minLength: 1, maxLength: 40 }), (all) => {
        const read = createTexts();
        for (const bytes of [...all, ...all]) {
          const around = Buffer.concat([Buffer.from('<'), bytes, Buffer.from('>')]);
          expect(read(around, 1, 1 + bytes.length)).toBe(bytes.toString('utf8'));
        }
      }),
    );
  });

  test('of one character are not taken for the bytes that stand for it in Latin-1', () => {
    const read = createTexts();
    const bytes = Buffer.from([0xc3, 0xa9, 0xe9]);
    expect(read(bytes, 0, 2)).toBe('é');
    expect(read(bytes, 2, 3)).toBe('\uFFFD');
    expect(read(bytes, 0, 2)).toBe('é');
  });
});
