/** A value at a time, ms since the epoch. */
export type TimedValue = { readonly at: number; readonly value: number };

type Line = { readonly middle: number; readonly level: number; readonly slope: number };

const mean = (values: readonly number[]) => values.reduce((all, value) => all + value, 0) / values.length;

/** The straight line of least squares; null for fewer than two times. */
function lineOf(points: readonly TimedValue[]): Line | null {
  const [middle, level] = [mean(points.map(({ at }) => at)), mean(points.map(({ value }) => value))];
  let [across, spread] = [0, 0];
  for (const { at, value } of points) {
    across += (at - middle) * (value - level);
    spread += (at - middle) ** 2;
  }
  return spread > 0 ? { middle, level, slope: across / spread } : null;
}

/** How much a value rises in a millisecond, by the straight line of least squares; null for fewer than two times. */
export const slopeOf = (points: readonly TimedValue[]): number | null => lineOf(points)?.slope ?? null;

/** Where that line is at a time, ms since the epoch (Prometheus: predict_linear); null for fewer than two times. */
export function valueAt(points: readonly TimedValue[], at: number): number | null {
  const line = lineOf(points);
  return line === null ? null : line.level + line.slope * (at - line.middle);
}
