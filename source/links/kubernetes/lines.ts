const NEWLINE = 0x0a;

/** A line passed the bound; what follows it cannot be told apart any more. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}

/**
 * The whole lines of each chunk of a stream, so that what came together can be treated together. The half line at the
 * end waits for its rest, at most `longest` bytes of it; what is left when the stream ends was cut and is dropped.
 */
export async function* linesOf(body: AsyncIterable<Buffer>, longest: number): AsyncGenerator<readonly string[]> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      lines.push(Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8'));
      rest = [];
      length = 0;
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > longest) throw new LineTooLong(`a line passes ${longest} bytes`);
    yield lines;
  }
}
