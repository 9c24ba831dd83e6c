import fc from 'fast-check';
import { expect, it } from 'vitest';
import { graphemesOf } from '../../source/text/graphemes.ts';

const unit = fc.constantFrom(
  'a',
  ' ',
  '~',
  '\r',
  '\n',
  '\u001b',
  'é',
  'e\u0301',
  '漢',
  '\u200d',
  '\u{1f469}',
  '\u{1f1eb}',
  'ᄒ',
  'ᅡ',
);
const text = fc.oneof(fc.string({ unit, maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 }), fc.string());

it('are those of the platform, for any text', () => {
  const all = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  fc.assert(
    fc.property(text, (one) => {
      const wanted = [...all.segment(one)].map(({ segment, index }) => ({ segment, index }));
      expect([...graphemesOf(one)].map(({ segment, index }) => ({ segment, index }))).toEqual(wanted);
    }),
  );
});
