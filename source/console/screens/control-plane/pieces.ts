import type { Gravity } from '../../../state/control-plane-words.ts';
import { cellWidth } from '../../../text/width.ts';
import { SIGNS, type StyleName } from '../../theme.ts';
import type { PageRow } from '../../widgets/page.tsx';
import { fitSpans, plain, styled, wrapped, type Span } from '../../widgets/spans.ts';

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

const MARGIN = 3;
const GAP = '  ';
/** No column but the last takes more than this part of the screen. */
const WIDEST = 0.35;

/** Rows that the last cell may take. */
const MOST_ROWS = 3;

/** A small table whose cells have colours of their own; the last column takes what is left, in further rows if need be. */
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
  const before = MARGIN + widths.slice(0, -1).reduce((sum, one) => sum + one + GAP.length, 0);
  const row = (cells: readonly Span[]): PageRow => [
    plain(' '.repeat(MARGIN)),
    ...columns.slice(0, -1).flatMap(({ align }, index): readonly Span[] => {
      return [...fitSpans([cells[index] ?? plain('')], widths[index] ?? 1, align), plain(GAP)];
    }),
  ];
  const rowsOf = (cells: readonly Span[]): readonly PageRow[] => {
    const { text, style } = cells[columns.length - 1] ?? plain('');
    const [first = '', ...others] = wrapped(text, Math.max(width - before - 1, 1));
    const further =
      others.length < MOST_ROWS ? others : [...others.slice(0, MOST_ROWS - 2), others.slice(MOST_ROWS - 2).join(' ')];
    return [
      [...row(cells), { text: first, style }],
      ...further.map((shown): PageRow => [plain(' '.repeat(before)), { text: shown, style }]),
    ];
  };
  return [...rowsOf(columns.map(({ title }) => styled('label', title))), ...rows.flatMap(rowsOf)];
}
