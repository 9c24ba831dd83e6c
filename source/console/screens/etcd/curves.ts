import { gradeOf, WANTED } from '../../../state/etcd-grades.ts';
import { memberName } from '../../../state/etcd-words.ts';
import type { EtcdRow } from '../../../state/etcd-rows.ts';
import { latency } from '../../../text/latency.ts';
import { visible } from '../../../text/visible.ts';
import type { Context } from '../../screen.ts';
import { graph, type Point } from '../../widgets/graph.ts';
import { sideBySide, type PageRow } from '../../widgets/page.tsx';
import { fitSpans, plain, styled, type Span } from '../../widgets/spans.ts';

const MINUTE = 60_000;
/** What is looked back at: the shortest of these that holds all samples, so that a young curve is no dot at the edge. */
const WINDOWS = [10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 60 * MINUTE] as const;
const HOUR = WINDOWS[3];

type Figure = keyof EtcdRow['history'];
const TITLES: Readonly<Record<Figure, string>> = { fsyncP99: 'FSYNC p99', commitP99: 'COMMIT p99' };
const FIGURES = Object.keys(TITLES) as Figure[];

/** Rows of the curves themselves: fewer say nothing, and more say no more. */
const LEAST = 3;
const MOST = 12;
/** From so many cells on a curve has room for what is well known. */
const WORDY = 60;
/** Title and what is said below. */
const AROUND = 2;

/** Longer than this between two looks at a member, ms, and nobody knows how it was then. */
const REACH = 300_000;

/** Seconds to milliseconds. */
const seriesOf = (row: EtcdRow, figure: Figure): readonly Point[] =>
  row.history[figure].map(({ at, value }) => ({ at, value: value === null ? null : value * 1_000 }));

function windowOf(rows: readonly EtcdRow[], now: number): number {
  const oldest = Math.min(...rows.flatMap(({ history }) => FIGURES.map((figure) => history[figure][0]?.at ?? now)));
  return WINDOWS.find((window) => now - oldest <= window) ?? HOUR;
}

type Highest = { readonly row: EtcdRow; readonly seconds: number };

function highestOf(rows: readonly EtcdRow[], figure: Figure): readonly Highest[] {
  const told = rows.flatMap((row): readonly Highest[] => {
    const values = row.history[figure].flatMap(({ value }) => (value === null ? [] : [value]));
    return values.length === 0 ? [] : [{ row, seconds: Math.max(...values) }];
  });
  return told.toSorted((one, other) => other.seconds - one.seconds);
}

/** Who was the slowest, and how the others did. */
function remark(rows: readonly EtcdRow[], figure: Figure, width: number): Span {
  const [first, second] = highestOf(rows, figure);
  if (first === undefined) return styled('unknown', 'no curve yet: it takes two looks at a member');
  const grade = gradeOf(figure, first.seconds);
  const others = second === undefined || width < WORDY ? '' : `; the others at most ${latency(second.seconds)}`;
  const text = `highest ${latency(first.seconds)}, ${visible(memberName(first.row))}${others}`;
  return grade === 'normal' ? styled('label', text) : styled(grade, text);
}

type Sheet = Pick<Context, 'now' | 'theme'> & { readonly width: number; readonly height: number };

/** One curve in a column of rows, each as wide as the sheet. */
function curveColumn(
  rows: readonly EtcdRow[],
  figure: Figure,
  { now, theme, width, height }: Sheet,
): readonly PageRow[] {
  const limit = WANTED[figure] * 1_000;
  const of = rows.length > 1 && width >= WORDY ? ', the slowest member' : '';
  const window = windowOf(rows, now);
  const time = window === HOUR ? 'hour' : `${window / MINUTE}m`;
  const title = `${TITLES[figure]} last ${time}${of}, ms (wanted ${limit})`;
  const placed = (spans: readonly Span[]): PageRow => fitSpans([plain(' '), ...spans], width);
  const said = [placed([styled('heading', title)]), placed([remark(rows, figure, width)])] as const;
  if (highestOf(rows, figure).length === 0) return said;
  const series = rows.map((row) => seriesOf(row, figure));
  // What was told after the time that the screen is drawn for is not left out.
  const to = Math.max(now, ...series.map((points) => points.at(-1)?.at ?? now));
  const drawn = graph(series, {
    width: width - 2,
    height: height - AROUND,
    from: to - window,
    to,
    reach: REACH,
    limit,
    glyphs: theme.glyphs,
  });
  return [said[0], ...drawn.map(({ scale, curve }) => placed([styled('label', scale), plain(curve)])), said[1]];
}

/** How long fsync and commit took over the last hour, side by side in `height` rows; none where that is too few. */
export function curveRows(
  members: readonly EtcdRow[],
  { now, theme, width }: Pick<Context, 'now' | 'theme' | 'width'>,
  height: number,
): readonly PageRow[] {
  if (height < LEAST + AROUND) return [];
  const sheet = { now, theme, width: Math.floor(width / FIGURES.length), height: Math.min(height, MOST + AROUND) };
  const [left = [], right = []] = FIGURES.map((figure) => curveColumn(members, figure, sheet));
  return sideBySide(left, right, width);
}
