import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { createMeasure, type Measure, type Ordered } from '../../../state/ordered.ts';
import { cellWidth } from '../../../text/width.ts';
import { spansWidth } from '../../widgets/spans.ts';
import { ESSENTIAL, type Column, type ColumnForm } from './column.ts';
import { COLUMNS } from './columns.ts';

/** A column in the form and with the width that it has on this screen. */
export type PlacedColumn = { readonly column: Column; readonly form: ColumnForm; readonly width: number };

/** Cells between two columns, and those before the first: the cursor's. */
export const GAP = 2;
export const MARGIN = 2;

const NARROWEST_NAME = 8;
/** The status keeps at least this, and of each node the worst with its time, up to the longest that is usual. */
const NARROWEST_STATUS = 12;
const WIDEST_WORST = 24;

/** A column in the form that it has on a screen. */
type Formed = { readonly column: Column; readonly form: ColumnForm };

const formedFor = (width: number): readonly Formed[] =>
  COLUMNS.flatMap((column) => {
    const form = column.forms.findLast(({ from }) => width >= from);
    return form === undefined ? [] : [{ column, form }];
  });

/** Cells that some rows take at most in each column, in their order, and those of the worst that a node is, with its time. */
type Widths = { readonly columns: readonly number[]; readonly worst: number };

/** No time passes while cells are measured: where one has an age in it, the form says how wide that may get. */
const TIMELESS = 0;

function widthIn({ column, form }: Formed, row: NodeRow, width: number): number {
  const natural = form.widest?.(row) ?? spansWidth(form.cell(row, { now: TIMELESS, width }));
  return Math.min(natural, column.widest);
}

/** The wider of each: most rows are no wider than others, and then nothing is made. */
function wider(one: Widths, other: Widths): Widths {
  if (isWithin(other, one)) return one;
  if (isWithin(one, other)) return other;
  return {
    columns: one.columns.map((cells, index) => Math.max(cells, other.columns[index] ?? cells)),
    worst: Math.max(one.worst, other.worst),
  };
}

const isWithin = (one: Widths, other: Widths): boolean =>
  one.worst <= other.worst && one.columns.every((cells, index) => cells <= (other.columns[index] ?? cells));

/** Measures rows for a screen: a row once, and of it what the Node alone says once for that. */
function widthsMeasure(formed: readonly Formed[], width: number): Measure<NodeRow, Widths> {
  const changing = formed.map(({ column, form }) => form.fixed === undefined && !column.ofNode);
  const status = formed.find(({ column }) => column.id === 'status');
  const ofNodes = new WeakMap<ClusterNode, Widths>();
  const ofNode = (row: NodeRow): Widths => {
    const before = ofNodes.get(row.node);
    if (before !== undefined) return before;
    const columns = formed.map((one, index) => {
      if (one.form.fixed !== undefined) return one.form.fixed;
      return changing[index] === true ? 0 : widthIn(one, row, width);
    });
    const made = { columns, worst: status?.form.worst?.(row) ?? NARROWEST_STATUS };
    ofNodes.set(row.node, made);
    return made;
  };
  return {
    empty: { columns: formed.map(({ form }) => form.fixed ?? cellWidth(form.title)), worst: NARROWEST_STATUS },
    one: (row) => {
      const { columns, worst } = ofNode(row);
      return {
        columns: formed.map((one, index) =>
          changing[index] === true ? widthIn(one, row, width) : (columns[index] ?? cellWidth(one.form.title)),
        ),
        worst,
      };
    },
    combine: wider,
  };
}

/** The cell that a column begins at; that after the last one where it is not shown. */
export function startOf(id: string, placed: readonly PlacedColumn[]): number {
  const at = placed.findIndex(({ column }) => column.id === id);
  return (at === -1 ? placed : placed.slice(0, at)).reduce((sum, { width }) => sum + width + GAP, MARGIN);
}

/** Cells from the cursor to the end of the last column. */
export const tableWidth = (placed: readonly PlacedColumn[]): number =>
  placed.reduce((sum, { width }) => sum + width, MARGIN + GAP * Math.max(placed.length - 1, 0));

/** One column made narrower by what is too much, but no narrower than it may be. */
const squeezed = (
  placed: readonly PlacedColumn[],
  id: string,
  narrowest: number,
  width: number,
): readonly PlacedColumn[] => {
  const excess = Math.max(tableWidth(placed) - width, 0);
  return placed.map((one) =>
    one.column.id === id && one.width > narrowest ? { ...one, width: Math.max(one.width - excess, narrowest) } : one,
  );
};

const highestRank = (placed: readonly PlacedColumn[]): number => Math.max(...placed.map(({ column }) => column.rank));

/** Without the column that matters least; of several, without the last one. */
function fewer(placed: readonly PlacedColumn[]): readonly PlacedColumn[] {
  const highest = highestRank(placed);
  const least = placed.findLastIndex(({ column }) => column.rank === highest);
  return placed.filter((_, index) => index !== least);
}

/**
 * Places the columns on a screen of `width` cells, each in the form meant for that width and as wide as its content.
 * When they do not fit, those fall away that matter least, then some of the essential ones give way, then they fall away
 * too; the name is always there.
 */
function placed(formed: readonly Formed[], widths: Widths, width: number): readonly PlacedColumn[] {
  let columns: readonly PlacedColumn[] = formed.map(({ column, form }, index) => ({
    column,
    form,
    width: Math.max(widths.columns[index] ?? form.title.length, form.fixed ?? cellWidth(form.title)),
  }));
  while (tableWidth(columns) > width && highestRank(columns) > ESSENTIAL) columns = fewer(columns);
  // A name is cut last, since it tells the nodes apart.
  const givingWay = [
    ['taints', 12],
    ['status', Math.min(widths.worst, WIDEST_WORST)],
    ['name', 24],
  ] as const;
  const fitted = (some: readonly PlacedColumn[]): readonly PlacedColumn[] =>
    givingWay.reduce((left, [id, narrowest]) => squeezed(left, id, narrowest, width), some);
  while (tableWidth(fitted(columns)) > width && columns.length > 1) columns = fewer(columns);
  return squeezed(fitted(columns), 'name', NARROWEST_NAME, width);
}

/** Gives the columns for rows and a width; the same while no column is another. Only rows that changed are measured. */
export function createColumns(): (rows: Ordered<NodeRow>, width: number) => readonly PlacedColumn[] {
  let screen: { width: number; formed: readonly Formed[]; widthsOf: (rows: Ordered<NodeRow>) => Widths } | null = null;
  let last: { readonly widths: Widths; readonly columns: readonly PlacedColumn[] } | null = null;
  return (rows, width) => {
    if (screen?.width !== width) {
      const formed = formedFor(width);
      screen = { width, formed, widthsOf: createMeasure(widthsMeasure(formed, width)) };
      last = null;
    }
    const widths = screen.widthsOf(rows);
    if (last === null || !isSame(last.widths, widths)) last = { widths, columns: placed(screen.formed, widths, width) };
    return last.columns;
  };
}

const isSame = (one: Widths, other: Widths): boolean =>
  one === other || (one.worst === other.worst && one.columns.every((cells, index) => cells === other.columns[index]));
