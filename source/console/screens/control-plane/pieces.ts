import type { Gravity } from '../../../state/control-plane-words.ts';
import { cellWidth } from '../../../text/width.ts';
import { SIGNS, type StyleName } from '../../theme.ts';
import type { PageRow } from '../../widgets/page.tsx';
import { fitSpans, plain, styled, type Span } from '../../widgets/spans.ts';

const STYLES: Readonly<Record<Gravity, { readonly style: StyleName | null; readonly sign: string }>> = {
  fine: { style: null, sign: '' },
  told: { style: 'label', sign: '' },
  unknown: { style: 'unknown', sign: `${SIGNS.unknown} ` },
  warning: { style: 'warning', sign: `${SIGNS.warning} ` },
  critical: { style: 'critical', sign: `${SIGNS.critical} ` },
};

/** Visible text with the sign and the colour of how bad it is; dim where it is no longer known to be true. */
export function gravitySpan(gravity: Gravity, text: string, isStale = false): Span {
  const { style, sign } = STYLES[gravity];
  const shown = sign + text;
  if (isStale) return styled('unknown', shown);
  return style === null ? plain(shown) : styled(style, shown);
}

export type PieceColumn = { readonly title: string; readonly align?: 'left' | 'right' };

const GAP = '  ';
/** No column but the last takes more than this part of the screen. */
const WIDEST = 0.35;

/** A small table whose cells have colours of their own; the last column takes what is left. */
export function pieceRows(
  columns: readonly PieceColumn[],
  rows: readonly (readonly Span[])[],
  width: number,
): readonly PageRow[] {
  const widths = columns.map(({ title }, index) =>
    Math.min(
      Math.max(cellWidth(title), ...rows.map((row) => cellWidth(row[index]?.text ?? ''))),
      Math.max(Math.floor(width * WIDEST), cellWidth(title)),
    ),
  );
  const row = (cells: readonly Span[]): PageRow => [
    plain('   '),
    ...columns.flatMap(({ align }, index): readonly Span[] => {
      const cell = cells[index] ?? plain('');
      if (index === columns.length - 1) return [cell];
      return [...fitSpans([cell], widths[index] ?? 1, align), plain(GAP)];
    }),
  ];
  return [row(columns.map(({ title }) => styled('label', title))), ...rows.map(row)];
}
