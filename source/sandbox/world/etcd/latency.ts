/** How long something takes, in seconds: half of the times are below the median, and a larger `shape` spreads them less. */
export type Latency = { readonly median: number; readonly shape: number };

/** The share of times that are at most so long (the log-logistic distribution: skewed as those of disks are). */
export const shareUpTo = ({ median, shape }: Latency, seconds: number): number =>
  1 / (1 + (seconds / median) ** -shape);

const meanOf = ({ median, shape }: Latency): number => (median * Math.PI) / shape / Math.sin(Math.PI / shape);

const doubling = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first * 2 ** index);

/** Bounds of the buckets of etcd's histograms, in seconds: of disks, of defragmentations, and of round trips between members. */
export const DISK_BOUNDS = doubling(0.001, 14);
export const DEFRAGMENTATION_BOUNDS = doubling(0.1, 13);
export const PEER_BOUNDS = doubling(0.0001, 16);

/** Times that were measured, as a histogram of Prometheus counts them. */
export class Observed {
  readonly bounds: readonly number[];
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  /** Counts so many times of a kind in. */
  add(latency: Latency, times: number): void {
    this.#count += times;
    this.#sum += times * meanOf(latency);
    this.bounds.forEach((bound, index) => {
      this.#counts[index] = (this.#counts[index] ?? NaN) + times * shareUpTo(latency, bound);
    });
  }

  /** Whole numbers, each at least as large as the one before. */
  get counts(): readonly number[] {
    return this.#counts.map(Math.floor);
  }

  get count(): number {
    return Math.floor(this.#count);
  }

  /** Seconds in all. */
  get sum(): number {
    return this.#sum;
  }
}
