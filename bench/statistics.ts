/**
 * The value that the given share of the samples (0 < share <= 1) does not exceed, by nearest rank: always one of the
 * samples, so p95 of fewer than 20 is the largest. Throws a RangeError without samples.
 */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  const value = sorted[Math.max(Math.ceil(share * sorted.length), 1) - 1];
  if (value === undefined) throw new RangeError('no quantile of no samples');
  return value;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** What is told of samples. Throws a RangeError without any. */
export const statisticsOf = (samples: readonly number[]) => ({
  median: median(samples),
  p95: quantile(samples, 0.95),
  p99: quantile(samples, 0.99),
  largest: quantile(samples, 1),
});
