/** A value at a time, ms since the epoch. */
export type TimedValue = { readonly at: number; readonly value: number };

/** How much a value rises in a millisecond, by the straight line of least squares; null for fewer than two times. */
export function slopeOf(points: readonly TimedValue[]): number | null {
  const mean = (values: readonly number[]) => values.reduce((all, value) => all + value, 0) / values.length;
  const [middle, level] = [mean(points.map(({ at }) => at)), mean(points.map(({ value }) => value))];
  let [across, spread] = [0, 0];
  for (const { at, value } of points) {
    across += (at - middle) * (value - level);
    spread += (at - middle) ** 2;
  }
  return spread > 0 ? across / spread : null;
}
