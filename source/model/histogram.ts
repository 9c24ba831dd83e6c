/** Counts of samples up to each bound (cumulative, as Prometheus has them); the last bound is Infinity. */
export type Histogram = { readonly bounds: readonly number[]; readonly counts: readonly number[] };
