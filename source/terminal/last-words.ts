import { writeSync } from 'node:fs';

/** Between tries while a terminal takes nothing, ms. */
const PAUSE = 10;

/**
 * Writes at once to a descriptor that may be non-blocking, for a program that is ending: nothing that it would do later is
 * done any more. Waits while the other side takes nothing, but not after the deadline, ms on the clock of `performance`:
 * what it has not taken by then, or cannot take since it is gone, is lost. Never throws.
 */
export function writeLast(descriptor: number, text: string, deadline: number): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || performance.now() >= deadline) return;
      Atomics.wait(sleeper, 0, 0, PAUSE);
    }
  }
}
