import type { NodeRow } from '../../../state/node-rows.ts';
import { cellWidth } from '../../../text/width.ts';
import { spansWidth } from '../../widgets/spans.ts';
import { COLUMNS, type Column } from './columns.ts';

/** A column with the width it has on this screen. */
export type PlacedColumn = { readonly column: Column; readonly width: number };

/** Cells between two columns, and those before the first: the cursor's. */
export const GAP = 2;
export const MARGIN = 2;

/** Narrowest that a column may be squeezed to, so that it still says something. */
const NARROWEST: Readonly<Record<string, number>> = { name: 8, status: 8, taints: 6 };

const naturalWidth = (column: Column, rows: readonly NodeRow[], screen: { now: number; width: number }): number => {
  let width = cellWidth(column.title);
  for (const row of rows) {
    if (width >= column.widest) return column.widest;
    width = Math.max(width, Math.min(spansWidth(column.cell(row, screen)), column.widest));
  }
  return width;
};

const totalOf = (placed: readonly PlacedColumn[]): number =>
  placed.reduce((sum, { width }) => sum + width, MARGIN + GAP * Math.max(placed.length - 1, 0));

/**
 * Places the columns on a screen of `width` cells: those meant for the width, as wide as their content; when they do
 * not fit, taints, status and name give way first, then the last columns fall away, never the first.
 */
export function placeColumns(rows: readonly NodeRow[], width: number, now: number): readonly PlacedColumn[] {
  const meant = COLUMNS.filter(({ from }) => from !== null && width >= from);
  let placed = meant.map((column) => ({ column, width: naturalWidth(column, rows, { now, width }) }));
  for (const id of ['taints', 'status', 'name']) {
    const excess = totalOf(placed) - width;
    if (excess <= 0) return placed;
    placed = placed.map((one) =>
      one.column.id === id ? { ...one, width: Math.max(one.width - excess, NARROWEST[id] ?? one.width) } : one,
    );
  }
  while (placed.length > 1 && totalOf(placed) > width) placed = placed.slice(0, -1);
  return placed;
}
