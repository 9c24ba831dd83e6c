import { Text } from 'ink';
import { useMemo } from 'react';
import type { Theme } from '../theme.ts';
import { cellWidth, cut, fit } from '../../text/width.ts';
import { InkTable } from './ink-table.ts';

const PADDING = 1;
const Nothing = (): null => null;
const Cell = ({ children }: { readonly children?: string }) => <Text wrap="truncate">{children}</Text>;

export type SmallColumn = { readonly title: string; readonly align?: 'left' | 'right' };

/**
 * A table of a few rows, a line each, without borders. The last column is cut where the screen ends. Cells are visible
 * text. Height: one row more than it has rows.
 */
export function SmallTable({
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
  const widths = columns.map(({ title }, index) =>
    Math.max(cellWidth(title), ...rows.map((row) => cellWidth(row[index] ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2 * PADDING, 2 * PADDING);
  const room = Math.max(width - before, 1);
  // The table itself aligns everything to the left, by the length of the text.
  const placed = (text: string, index: number): string => {
    if (index === columns.length - 1) return cut(text, room);
    return columns[index]?.align === 'right' ? fit(text, widths[index] ?? PADDING, 'right') : text;
  };
  const titles = columns.map(({ title }, index) => placed(title, index));
  const data = rows.map((row) =>
    Object.fromEntries(titles.map((title, index) => [title, placed(row[index] ?? '', index)])),
  );
  return <InkTable data={data} columns={titles} padding={PADDING} header={Head} cell={Cell} skeleton={Nothing} />;
}
