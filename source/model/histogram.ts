/** Counts of samples up to each bound (cumulative, as Prometheus has them); the last bound is Infinity. */
export type Histogram = { readonly bounds: readonly number[]; readonly counts: readonly number[] };

const hasBounds = ({ bounds }: Histogram, of: Histogram): boolean =>
  bounds.length === of.bounds.length && bounds.every((bound, index) => bound === of.bounds[index]);

/**
 * What was counted between two looks at one histogram. Where a count fell, or the bounds are others, the counting began
 * anew in between, and all that the later one holds was counted since.
 */
export function countedBetween(before: Histogram, after: Histogram): Histogram {
  if (!hasBounds(after, before)) return after;
  const rises: number[] = [];
  let least = 0;
  for (const [index, count] of after.counts.entries()) {
    const rise = count - (before.counts[index] ?? NaN);
    if (!(rise >= 0)) return after;
    rises.push((least = Math.max(least, rise)));
  }
  return { bounds: after.bounds, counts: rises };
}

/**
 * The value below which a part of the samples lies, `part` from 0 to 1, as Prometheus' histogram_quantile tells it:
 * straight between the bounds of a bucket, and the largest bound where it lies beyond. Null for no samples.
 */
export function quantile(part: number, { bounds, counts }: Histogram): number | null {
  const all = counts.at(-1);
  if (all === undefined || all === 0 || bounds.length < 2) return null;
  const rank = part * all;
  const index = counts.findIndex((count) => count >= rank);
  const [end, count] = [bounds[index], counts[index]];
  if (end === undefined || count === undefined) return null;
  if (end === Infinity) return bounds.at(-2) ?? null;
  if (index === 0 && end <= 0) return end;
  const [start = 0, below = 0] = [bounds[index - 1], counts[index - 1]];
  return count === below ? start : start + ((end - start) * (rank - below)) / (count - below);
}
