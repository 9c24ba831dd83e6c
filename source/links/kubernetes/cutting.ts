/** A piece passed the bound; what follows it cannot be told apart any more. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** Cuts what is held: the pieces that are whole, how many bytes they took, and how many the next one needs at least. */
export type Cut<T> = (held: Buffer) => {
  readonly pieces: readonly T[];
  readonly used: number;
  readonly wanted: number;
};

/**
 * The whole pieces of each chunk of a stream, so that what came together can be treated together; none where a chunk
 * completes none, which tells all the same that the stream lives. A piece that is cut waits for its rest, at most `longest` bytes; what is left when the stream ends was cut and is dropped.
 */
export async function* cutInto<T>(
  body: AsyncIterable<Buffer>,
  cut: Cut<T>,
  longest: number,
): AsyncGenerator<readonly T[]> {
  let waiting: Buffer[] = [];
  let length = 0;
  let needed = 1;
  for await (const chunk of body) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < needed) {
      yield [];
      continue;
    }
    const held = waiting.length === 1 ? chunk : Buffer.concat(waiting, length);
    const { pieces, used, wanted } = cut(held);
    if (wanted > longest) throw new TooLong(`a message passes ${longest} bytes`);
    const rest = held.subarray(used);
    waiting = rest.length > 0 ? [rest] : [];
    length = rest.length;
    needed = wanted;
    yield pieces;
  }
}
