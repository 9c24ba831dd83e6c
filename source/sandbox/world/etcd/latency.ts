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

/**
 * Times that were measured, as a histogram of Prometheus counts them. Each kind is spread over the buckets as a whole, so
 * that also of a few times nearly all lie where most of them do.
 */
export class Observed {
  readonly bounds: readonly number[];
  readonly #times = new Map<Latency, number>();

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
  }

  /** Counts so many times of a kind in; parts of one add up. */
  add(latency: Latency, times: number): void {
    const before = this.#times.get(latency);
    this.#times.set(latency, before === undefined ? times : before + times);
  }

  /** Up to each bound, in whole numbers. */
  get counts(): readonly number[] {
    return this.bounds.map((bound) => this.#sum((latency, times) => Math.floor(times * shareUpTo(latency, bound))));
  }

  get count(): number {
    return this.#sum((_latency, times) => times);
  }

  /** Seconds in all. */
  get sum(): number {
    return this.#sum((latency, times) => times * meanOf(latency));
  }

  #sum(part: (latency: Latency, times: number) => number): number {
    let sum = 0;
    for (const [latency, times] of this.#times) sum += part(latency, Math.floor(times));
    return sum;
  }
}
