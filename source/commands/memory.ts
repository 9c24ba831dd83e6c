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
 * Bounds what heaps take besides what is in use, for a program that stays: to be called before it starts threads, since
 * V8's flags are the whole process's. A thread's heap is made as large as it may be. That of the caller is made already,
 * with one MiB; by which factor it grows, V8 reads each time. So that is looked at after every collection: it doubles
 * while it is below the bound, and also when V8 has made it smaller in a quiet time, and else stays. It may double once
 * more where one task alone keeps more than the bound.
 */
export function boundMemory(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  setFlagsFromString(`--min-semi-space-size=${HALF}`);
  setFlagsFromString(`--max-semi-space-size=${HALF}`);
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
