/** What an idle line saves up, ms: as much as timers are late, so that they do not make it thinner than it is. */
const SAVED = 5;

/** How long bytes need over a thin line that carries one after the other. */
export type Pace = {
  /** Most bytes to send at once, so that they come in a trickle and not in blocks. */
  readonly slice: number;
  /** Takes the line for so many bytes; answers in how many ms they are through, 0 for at once. */
  readonly take: (bytes: number) => number;
};

/** The pace of a line that carries so many bytes a second, all that use it together; Infinity is no bound. `now` in ms. */
export function createPace(bytesPerSecond: number, now: () => number): Pace {
  let throughAt = -Infinity;
  return {
    slice: Math.max(1, Math.floor((bytesPerSecond * SAVED) / 1_000)),
    take(bytes) {
      throughAt = Math.max(throughAt, now() - SAVED) + (bytes * 1_000) / bytesPerSecond;
      return Math.max(throughAt - now(), 0);
    },
  };
}

/** Cuts bytes into slices of at most so many. */
export function* slicesOf(chunk: Buffer, slice: number): Generator<Buffer> {
  for (let start = 0; start < chunk.length; start += slice) yield chunk.subarray(start, start + slice);
}
