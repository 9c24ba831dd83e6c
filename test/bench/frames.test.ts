import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFrameCutter } from '../../bench/frames.ts';

const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

const cutAll = (chunks: readonly string[]) => {
  const cut = createFrameCutter();
  return chunks.map((chunk) =>
    cut(Buffer.from(chunk)).map(({ bytes, endsFrame }) => `${bytes.toString()}${endsFrame ? '$' : ''}`),
  );
};

it.each([
  { what: 'one frame in a chunk', chunks: [`${BEGIN}a${END}`], pieces: [[`${BEGIN}a${END}$`]] },
  { what: 'a frame over chunks', chunks: [`${BEGIN}a`, 'b', `c${END}`], pieces: [[`${BEGIN}a`], ['b'], [`c${END}$`]] },
  {
    what: 'two frames in a chunk',
    chunks: [`${BEGIN}a${END}${BEGIN}b${END}`],
    pieces: [[`${BEGIN}a${END}$`, `${BEGIN}b${END}$`]],
  },
  {
    what: 'an end that is cut in two',
    chunks: [`${BEGIN}a\u001b[?20`, '26lb'],
    pieces: [[`${BEGIN}a\u001b[?20`], ['26l$', 'b$']],
  },
  { what: 'output that is not synchronized', chunks: ['a', 'b'], pieces: [['a$'], ['b$']] },
  { what: 'a frame after other output', chunks: [`x${BEGIN}a${END}`], pieces: [[`x${BEGIN}a${END}$`]] },
])('cuts $what', ({ chunks, pieces }) => expect(cutAll(chunks)).toEqual(pieces));

it('finds the same frames however the output is cut, and loses no byte', () =>
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'éß', '\u001b[1m', '\u001b[?'), { maxLength: 4 }).map((texts) => texts.join('')),
      fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
      (between, frames, sizes) => {
        const whole = Buffer.from(frames.map((frame) => `${BEGIN}${frame}${between}${END}`).join(''));
        const cut = createFrameCutter();
        const pieces = [];
        for (let at = 0, turn = 0; at < whole.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(...cut(whole.subarray(at, at + size)));
          at += size;
        }
        expect(Buffer.concat(pieces.map(({ bytes }) => bytes))).toEqual(whole);
        // Before a beginning is whole it cannot be known for one, so that its first bytes may pass for a frame.
        const ends = pieces.filter(({ endsFrame }) => endsFrame).map(({ bytes }) => bytes.toString('latin1'));
        expect(ends.filter((text) => text.endsWith('l')).length).toBeGreaterThanOrEqual(frames.length);
      },
    ),
  ));
