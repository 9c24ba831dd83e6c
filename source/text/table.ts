import { visible } from './visible.ts';
import { begun, cellWidth, cut, fit } from './width.ts';

export type Column = { readonly title: string; readonly align?: 'left' | 'right' };
export type TableOptions = {
  /** Leave out the line of titles. */
  readonly noHeader?: boolean;
};

const GAP = '   ';
/** Cells that a column takes at most: what is longer is cut, or each other row would be as long. */
const WIDEST = 1_000;

/**
 * Rows as kubectl prints them: columns as wide as their widest cell, three spaces apart, no blanks at the end of a
 * line, each line ended with a newline. Cells are made visible here, and cut where nobody reads them. Cells that a row lacks are empty.
 */
export function plainTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const titles = columns.map(({ title }) => title);
  const lines = (options.noHeader === true ? rows : [titles, ...rows]).map((row) =>
    columns.map((_, index) => cut(visible(begun(row[index] ?? '', WIDEST)), WIDEST)),
  );
  const widths = columns.map((_, index) => Math.max(0, ...lines.map((line) => cellWidth(line[index] ?? ''))));
  return lines
    .map((line) => columns.map(({ align }, index) => fit(line[index] ?? '', widths[index] ?? 0, align)))
    .map((cells) => `${cells.join(GAP).trimEnd()}\n`)
    .join('');
}
