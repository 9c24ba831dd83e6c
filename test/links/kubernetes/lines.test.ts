import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineTooLong, linesOf } from '../../../source/links/kubernetes/lines.ts';

// eslint-disable-next-line @typescript-eslint/require-await -- a body is an async iterable, here of what is there already
async function* chunksOf(chunks: readonly Buffer[]) {
  yield* chunks;
}

async function collect(chunks: readonly Buffer[], longest = 1_000) {
  const lines: string[] = [];
  for await (const some of linesOf(chunksOf(chunks), longest)) lines.push(...some);
  return lines;
}

test('a stream cut into chunks anywhere, in the middle of a character too, gives the same lines', async () => {
  const text = fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ' '));
  await fc.assert(
    fc.asyncProperty(fc.array(text), fc.array(fc.nat(300)), async (lines, cuts) => {
      const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const ends = [...cuts.filter((cut) => cut < whole.length).sort((one, other) => one - other), whole.length];
      const chunks = ends.map((end, index) => whole.subarray(ends[index - 1] ?? undefined, end));
      expect(await collect(chunks)).toEqual(lines);
    }),
  );
});

test('the half line at the end is dropped: it was cut', async () => {
  expect(await collect([Buffer.from('one\ntw')])).toEqual(['one']);
});

test('a line without end is given up at the bound, however large the server makes it', async () => {
  let sent = 0;
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* endless() {
    for (; sent < 40; sent += 1) yield Buffer.alloc(1_000_000, 'x');
  }
  const read = async () => {
    for await (const lines of linesOf(endless(), 4_000_000)) expect(lines).toEqual([]);
  };
  await expect(read()).rejects.toBeInstanceOf(LineTooLong);
  expect(sent).toBeLessThan(6);
});
