import type { EtcdRow } from '../../../state/etcd-rows.ts';
import { cellWidth, fit } from '../../../text/width.ts';
import type { Context } from '../../screen.ts';
import { drawnRow, fitSpans, plain, selectedRow, styled, type Span } from '../../widgets/spans.ts';
import { COLUMNS } from './columns.ts';

const GAP = '  ';

/** The members under their heads, the one of the cursor reversed. */
export function memberTable(
  rows: readonly EtcdRow[],
  cursor: number,
  { width, now, theme }: Pick<Context, 'width' | 'now' | 'theme'>,
): readonly string[] {
  const columns = COLUMNS.filter(({ from }) => width >= from);
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row, now)));
  const widths = columns.map(({ title, width: wanted, reserved }, index) => {
    if ('cells' in wanted) return wanted.cells;
    const needed = rows.map((row, at) => reserved?.(row, now) ?? cellWidth(cells[at]?.[index]?.text ?? ''));
    const widest = Math.max(cellWidth(title), ...needed);
    return Math.min(widest, Math.max(Math.floor(width * wanted.share), cellWidth(title)));
  });
  const placed = (texts: readonly Span[]): readonly Span[] =>
    columns.flatMap(({ align }, index): readonly Span[] => [
      plain(GAP),
      ...fitSpans([texts[index] ?? plain('')], widths[index] ?? 1, align),
    ]);
  const head = columns.map(({ title, align }, index) => fit(title, widths[index] ?? 1, align));
  return [
    drawnRow([styled('label', `${GAP}${head.join(GAP)}`)], width, theme),
    ...cells.map((row, index) => {
      const [, ...spans] = placed(row);
      return index === cursor
        ? selectedRow([plain('> '), ...spans], width, theme)
        : drawnRow([plain(GAP), ...spans], width, theme);
    }),
  ];
}
