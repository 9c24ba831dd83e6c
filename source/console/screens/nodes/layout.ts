import type { NodeRow } from '../../../state/node-rows.ts';
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

const measured = new WeakMap<NodeRow, Map<ColumnForm, number>>();

/** Cells that a row takes in a form; measured once for a row, but for those whose text ages. */
function widthIn(form: ColumnForm, row: NodeRow, screen: { now: number; width: number }): number {
  if (form.ages?.(row) === true) return spansWidth(form.cell(row, screen));
  let widths = measured.get(row);
  if (widths === undefined) measured.set(row, (widths = new Map<ColumnForm, number>()));
  let width = widths.get(form);
  if (width === undefined) widths.set(form, (width = spansWidth(form.cell(row, screen))));
  return width;
}

function naturalWidth(
  column: Column,
  form: ColumnForm,
  rows: readonly NodeRow[],
  screen: { now: number; width: number },
): number {
  if (form.fixed !== undefined) return form.fixed;
  let width = cellWidth(form.title);
  for (const row of rows) {
    if (width >= column.widest) return column.widest;
    width = Math.max(width, Math.min(widthIn(form, row, screen), column.widest));
  }
  return width;
}

/** The cell that a column begins at; that after the last one where it is not shown. */
export function startOf(id: string, placed: readonly PlacedColumn[]): number {
  const at = placed.findIndex(({ column }) => column.id === id);
  return (at === -1 ? placed : placed.slice(0, at)).reduce((sum, { width }) => sum + width + GAP, MARGIN);
}

const totalOf = (placed: readonly PlacedColumn[]): number =>
  placed.reduce((sum, { width }) => sum + width, MARGIN + GAP * Math.max(placed.length - 1, 0));

/** What each node is at its worst, with since when, which no column may cut. */
function worstWidth(rows: readonly NodeRow[], { form }: PlacedColumn, screen: { now: number; width: number }): number {
  let width = NARROWEST_STATUS;
  for (const row of rows) {
    if (width >= WIDEST_WORST) return WIDEST_WORST;
    if (form.ages?.(row) !== true) continue;
    const [worst] = form.cell(row, screen);
    if (worst !== undefined) width = Math.max(width, cellWidth(worst.text));
  }
  return Math.min(width, WIDEST_WORST);
}

/** One column made narrower by what is too much, but no narrower than it may be. */
const squeezed = (
  placed: readonly PlacedColumn[],
  id: string,
  narrowest: number,
  width: number,
): readonly PlacedColumn[] => {
  const excess = Math.max(totalOf(placed) - width, 0);
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
export function placeColumns(rows: readonly NodeRow[], width: number, now: number): readonly PlacedColumn[] {
  let placed: readonly PlacedColumn[] = COLUMNS.flatMap((column) => {
    const form = column.forms.findLast(({ from }) => width >= from);
    return form === undefined ? [] : [{ column, form, width: naturalWidth(column, form, rows, { now, width }) }];
  });
  while (totalOf(placed) > width && highestRank(placed) > ESSENTIAL) placed = fewer(placed);
  const status = placed.find(({ column }) => column.id === 'status');
  const worst = status === undefined ? NARROWEST_STATUS : worstWidth(rows, status, { now, width });
  // A name is cut last, since it tells the nodes apart.
  const givingWay = [
    ['taints', 12],
    ['status', worst],
    ['name', 24],
  ] as const;
  const fitted = (columns: readonly PlacedColumn[]): readonly PlacedColumn[] =>
    givingWay.reduce((left, [id, narrowest]) => squeezed(left, id, narrowest, width), columns);
  while (totalOf(fitted(placed)) > width && placed.length > 1) placed = fewer(placed);
  return squeezed(fitted(placed), 'name', NARROWEST_NAME, width);
}
