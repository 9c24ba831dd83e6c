import { median } from '../statistics.ts';

/** What one thread holds once its garbage is collected, or all that have answered together; heap in bytes. */
export type Held = {
  readonly threads: number;
  readonly heap: number;
  readonly sockets: number;
  readonly timers: number;
  readonly listeners: number;
};

/** Threads of a console that run JavaScript: the screen's, and the one that follows the cluster. */
export const THREADS = 2;

/** What all threads hold. Throws when one has not answered: its heap would be missing from the sample. */
export function whole({ threads, ...held }: Held): Omit<Held, 'threads'> {
  if (threads !== THREADS) throw new Error(`${threads} threads of the console told what they hold; it has ${THREADS}.`);
  return held;
}

/** What a console held at a moment, s since its picture was whole. */
export type Sample = {
  readonly at: number;
  /** MiB: what is in use in the heaps of all threads after a collection, and the resident set. */
  readonly heap: number;
  readonly resident: number;
  readonly sockets: number;
  readonly timers: number;
  readonly listeners: number;
  /** Bytes in the folder of its journal. */
  readonly journal: number;
};

export type Finding = { readonly what: string; readonly told: string; readonly broken: boolean };

const HOUR = 3_600;
/** Of the run, what is left out at its beginning: caches fill, and the heap finds its size. */
const WARM_UP = 0.25;
/** What a heap of some 100 MiB differs by from one collection to the next, MiB; less is no growth that can be told. */
const NOISE = 6;
/** A longer run tells a smaller slope: its bound is this, MiB an hour. */
const LEAST_SLOPE = 8;
/** The resident set moves in larger steps than what is in use. */
const RESIDENT_SHARE = 3;

/** The median of the slopes between all pairs of samples, a second (Theil and Sen): a few outliers do not turn it. */
export function slopeOf(samples: readonly Sample[], of: (sample: Sample) => number): number {
  const slopes = samples.flatMap((one, index) =>
    samples.slice(index + 1).map((other) => (of(other) - of(one)) / (other.at - one.at)),
  );
  return median(slopes);
}

/**
 * What a run says about growth: memory by its slope, everything else by whether its last quarter holds more than the
 * first one after warming up ever did. Throws a RangeError with fewer than 12 samples.
 */
export function findingsOf(samples: readonly Sample[]): readonly Finding[] {
  const settled = samples.slice(Math.floor(samples.length * WARM_UP));
  const first = settled.at(0);
  const last = settled.at(-1);
  if (first === undefined || last === undefined || samples.length < 12)
    throw new RangeError(`${samples.length} samples tell nothing of growth; 12 do.`);
  const hours = (last.at - first.at) / HOUR;
  const memory = (what: string, of: (sample: Sample) => number, share: number): Finding => {
    const slope = slopeOf(settled, of) * HOUR;
    const bound = Math.max(NOISE / hours, LEAST_SLOPE) * share;
    return {
      what,
      told: `${of(first).toFixed(1)} to ${of(last).toFixed(1)} MiB, ${slope.toFixed(1)} MiB an hour (at most ${bound.toFixed(1)})`,
      broken: slope > bound,
    };
  };
  const quarter = Math.max(Math.floor(settled.length / 4), 1);
  const counted = (what: string, of: (sample: Sample) => number): Finding => {
    const before = Math.max(...settled.slice(0, quarter).map(of));
    const after = median(settled.slice(-quarter).map(of));
    return { what, told: `${before} at most at first, ${after} at the end`, broken: after > before };
  };
  return [
    memory('heap in use', ({ heap }) => heap, 1),
    memory('resident set', ({ resident }) => resident, RESIDENT_SHARE),
    counted('sockets', ({ sockets }) => sockets),
    counted('timers', ({ timers }) => timers),
    counted('listeners', ({ listeners }) => listeners),
    counted('bytes of the journal', ({ journal }) => journal),
  ];
}
