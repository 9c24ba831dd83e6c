import { Text } from 'ink';
import { useMemo } from 'react';
import type { Theme } from '../theme.ts';
import { cellWidth, cut } from '../../text/width.ts';
import { InkTable } from './ink-table.ts';

const PADDING = 1;
const Nothing = (): null => null;
const Cell = ({ children }: { readonly children?: string }) => <Text wrap="truncate">{children}</Text>;

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
  readonly columns: readonly string[];
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
  const widest = (index: number) =>
    Math.max(cellWidth(columns[index] ?? ''), ...rows.map((row) => cellWidth(row[index] ?? '')));
  const before = columns.slice(0, -1).reduce((sum, _, index) => sum + widest(index) + 2 * PADDING, 0);
  const room = Math.max(width - before - 2 * PADDING, 1);
  const data = rows.map((row) =>
    Object.fromEntries(
      columns.map((column, index) => {
        const text = row[index] ?? '';
        return [column, index === columns.length - 1 ? cut(text, room) : text];
      }),
    ),
  );
  return <InkTable data={data} columns={columns} padding={PADDING} header={Head} cell={Cell} skeleton={Nothing} />;
}
