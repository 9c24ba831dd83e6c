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

/** Columns that give way, in this order, and how far: a name is cut last, since it tells the nodes apart. */
const GIVE_WAY: readonly (readonly [id: string, narrowest: number])[] = [
  ['taints', 12],
  ['status', 12],
  ['name', 24],
];
const NARROWEST_NAME = 8;

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

const totalOf = (placed: readonly PlacedColumn[]): number =>
  placed.reduce((sum, { width }) => sum + width, MARGIN + GAP * Math.max(placed.length - 1, 0));

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
  for (const [id, narrowest] of GIVE_WAY) placed = squeezed(placed, id, narrowest, width);
  while (totalOf(placed) > width && placed.length > 1) placed = fewer(placed);
  return squeezed(placed, 'name', NARROWEST_NAME, width);
}
