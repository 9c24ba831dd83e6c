import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * MiB of each half of a young generation. By itself V8 lets a half grow to 64, which a large list fills once and nothing
 * gives back soon; with one or two, reading a large list takes a third more of the processor. What some frames throw away
 * fits into this many times.
 */
const HALF = 8;
/** Per cent by which an old generation may grow before it is collected; V8's own is up to 300. */
const GROWTH = 30;

/** MiB that the young generation of this thread has for objects, which is one of its halves. */
function capacity(): number {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return space === undefined ? NaN : (space.space_used_size + space.space_available_size) / 2 ** 20;
}

/**
 * Makes the heap of each thread that is started from now on as large as it may be: V8's flags are the whole process's. By
 * these two flags no compiled code is judged.
 */
export function sizeYoungGenerations(): void {
  setFlagsFromString(`--min-semi-space-size=${HALF}`);
  setFlagsFromString(`--max-semi-space-size=${HALF}`);
}

/**
 * Bounds what heaps take besides what is in use, for a program that stays. To be called once everything is loaded, in
 * threads too: V8 refuses code that was compiled ahead under other flags, and Node's own is then compiled anew, for which
 * a thread needs 100 ms more.
 *
 * The heap of the caller was made with one MiB; by which factor it grows, V8 reads each time. So that is looked at after
 * every collection: it doubles while it is below the bound, and also when V8 has made it smaller in a quiet time, and
 * else stays. It may double once more where one task alone keeps more than the bound.
 */
export function boundGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  let factor = NaN;
  const hold = () => {
    // A little of it is taken by the heads of its pages.
    const wanted = capacity() > HALF / 2 ? 1 : 2;
    if (wanted !== factor) setFlagsFromString(`--semi-space-growth-factor=${wanted}`);
    factor = wanted;
  };
  hold();
  new PerformanceObserver(hold).observe({ entryTypes: ['gc'] });
}
