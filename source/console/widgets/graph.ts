import type { Glyphs } from '../theme.ts';

/** A value at a time, ms since the epoch, for the time since the point before; null where none was told. */
export type Point = { readonly at: number; readonly value: number | null };

export type GraphOptions = {
  /** Cells of the whole graph, its scale included, and rows. */
  readonly width: number;
  readonly height: number;
  /** ms since the epoch: what lies outside is not drawn. */
  readonly from: number;
  readonly to: number;
  /** How far back in time a value speaks, ms, where none was told between; what is older is not known. */
  readonly reach: number;
  /** Drawn as a line across, and always on the graph. */
  readonly limit: number;
  readonly glyphs: Pick<Glyphs, 'rule' | 'graph'>;
};

/** A row of a graph: what stands on the scale, and the curve beside it. */
export type GraphRow = { readonly scale: string; readonly curve: string; readonly isLimit: boolean };

const SCALE_WIDTH = 6;

/** Where a scale may end, times a power of ten. */
const ENDS = [1, 1.5, 2, 3, 4, 6, 8, 10] as const;

/** The next number that is easy to read. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (ENDS.find((end) => end * power >= value) ?? 10);
}

const scaleText = (value: number): string => {
  const text = value >= 10_000 ? `${Math.round(value / 1_000)}k` : String(Number(value.toPrecision(2)));
  return text.slice(0, SCALE_WIDTH - 2).padStart(SCALE_WIDTH - 2);
};

/** The largest value of each slice of time over all series; null where there is none. */
function slices(
  series: readonly (readonly Point[])[],
  count: number,
  { from, to, reach }: Pick<GraphOptions, 'from' | 'to' | 'reach'>,
): readonly (number | null)[] {
  const largest = Array.from({ length: count }, (): number | null => null);
  const sliceAt = (at: number): number => Math.min(Math.floor(((at - from) / (to - from)) * count), count - 1);
  for (const points of series)
    for (const [index, { at, value }] of points.entries()) {
      if (at < from || at > to || value === null || !Number.isFinite(value)) continue;
      const before = points[index - 1]?.at ?? at;
      const first = at - before > reach ? sliceAt(at) : Math.min(sliceAt(Math.max(before, from)) + 1, sliceAt(at));
      for (let slice = first; slice <= sliceAt(at); slice += 1)
        largest[slice] = Math.max(largest[slice] ?? value, value);
    }
  return largest;
}

/**
 * A curve over time as rows of text, the highest first: the largest value of each slice of time over all series, each
 * with its oldest point first, filled from below. What was not measured is left blank, and a value of nothing is drawn as
 * the lowest step, so that the two differ.
 */
export function graph(
  series: readonly (readonly Point[])[],
  { width, height, from, to, reach, limit, glyphs }: GraphOptions,
): readonly GraphRow[] {
  const cells = Math.max(width - SCALE_WIDTH, 1);
  const columns = slices(series, cells * glyphs.graph.across, { from, to, reach });
  const most = columns.reduce<number>((largest, value) => Math.max(largest, value ?? largest), limit);
  const top = roundUp(most * 1.05);
  const steps = height * glyphs.graph.down;
  const heights = columns.map((value) =>
    value === null ? 0 : Math.min(Math.max(Math.ceil((value / top) * steps), 1), steps),
  );
  const limitRow = height - 1 - Math.min(Math.floor((limit / top) * height), height - 1);
  return Array.from({ length: height }, (_, row): GraphRow => {
    const isLimit = row === limitRow;
    const below = (height - 1 - row) * glyphs.graph.down;
    const curve = Array.from({ length: cells }, (_, cell) => {
      const first = cell * glyphs.graph.across;
      const filled = heights
        .slice(first, first + glyphs.graph.across)
        .map((one) => Math.max(0, Math.min(one - below, glyphs.graph.down)));
      return filled.every((one) => one === 0) && isLimit ? glyphs.rule : glyphs.graph.cell(filled);
    }).join('');
    const scale = isLimit ? limit : row === 0 ? top : null;
    return { scale: `${scale === null ? ' '.repeat(SCALE_WIDTH - 2) : scaleText(scale)} |`, curve, isLimit };
  });
}
