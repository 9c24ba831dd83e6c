import { memo, useMemo } from 'react';
import { Text } from 'ink';
import type { Theme } from '../theme.ts';
import { cellWidth, cut, fit } from '../../text/width.ts';
import { InkTable } from './ink-table.ts';

const PADDING = 1;
const GAP = ' '.repeat(2 * PADDING);
const Nothing = (): null => null;
const Row = ({ children }: { readonly children?: string }) => <Text wrap="truncate">{children}</Text>;

export type SmallColumn = { readonly title: string; readonly align?: 'left' | 'right' };

/**
 * A table of a few rows, a line each, without borders. The last column is cut where the screen ends. Cells are visible
 * text. Height: one row more than it has rows. Drawn anew only when it is given other columns or rows.
 */
export const SmallTable = memo(function SmallTable({
  columns,
  rows,
  width,
  theme,
}: {
  readonly columns: readonly SmallColumn[];
  readonly rows: readonly (readonly string[])[];
  readonly width: number;
  readonly theme: Theme;
}) {
  const Head = useMemo(
    () =>
      function Head({ children }: { readonly children?: string }) {
        return <Text wrap="truncate">{theme.label(children ?? '')}</Text>;
      },
    [theme],
  );
  // What is beyond the screen is not looked at.
  const shown = rows.map((row) => row.map((text) => cut(text, width)));
  const widths = columns.map(({ title }, index) =>
    Math.max(cellWidth(title), ...shown.map((row) => cellWidth(row[index] ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + GAP.length, GAP.length);
  const room = Math.max(width - before, 1);
  const placed = (text: string, index: number): string =>
    index === columns.length - 1 ? cut(text, room) : fit(text, widths[index] ?? PADDING, columns[index]?.align);
  // The table gets rows as cells of one column: it counts letters where a screen has cells, and a box for each cell would
  // take most of the time of a frame.
  const rowOf = (cells: readonly string[]) => columns.map((_, index) => placed(cells[index] ?? '', index)).join(GAP);
  const head = rowOf(columns.map(({ title }) => title));
  const data = shown.map((row) => ({ [head]: rowOf(row) }));
  return <InkTable data={data} columns={[head]} padding={PADDING} header={Head} cell={Row} skeleton={Nothing} />;
});
