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

/** In fewer cells the last cell is cut: a sentence of a word a row is hard to read. */
const LEAST_ROOM = 10;
/** Rows that the last cell may take. */
const MOST_ROWS = 3;

/** A row of a small table, and what it is about. */
export type PieceRow = { readonly about: string; readonly cells: readonly Span[] };

/** A row that is marked: reversed as a whole, as the one of a cursor is. */
const markedRow = (spans: PageRow): PageRow => [
  styled(
    'selected',
    `>${spans
      .map(({ text }) => text)
      .join('')
      .slice(1)}`,
  ),
];

/** Whether a row of a page is the marked one, or holds the marked cell. */
export const isMarked = (row: PageRow): boolean => row.some(({ style }) => style === 'selected');

/** Why several are not known, said once below them: each sentence with the address of the one it is about taken out. */
export function folded(whys: readonly { readonly address: string; readonly why: string | null }[]) {
  const sentences = whys.map(({ address, why }) => why?.replaceAll(address, 'its own address') ?? null);
  const shared = new Set(sentences.filter((one, index) => one !== null && sentences.indexOf(one) !== index));
  return {
    /** Whether what is to be said of this one is said below. */
    isBelow: (index: number): boolean => shared.has(sentences[index] ?? null),
    below: [...shared].filter((one) => one !== null),
  };
}

/**
 * A small table whose cells have colours of their own; the last column takes what is left, in further rows if need be.
 * The row about `marked` is reversed.
 */
export function pieceRows(
  columns: readonly PieceColumn[],
  given: readonly PieceRow[],
  { width, marked }: { readonly width: number; readonly marked: string | null },
): readonly PageRow[] {
  const rows = given.map(({ cells }) => cells);
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
    const room = width - before - 1;
    const [first = '', ...others] = room < LEAST_ROOM ? [text] : wrapped(text, room);
    const further =
      others.length < MOST_ROWS ? others : [...others.slice(0, MOST_ROWS - 2), others.slice(MOST_ROWS - 2).join(' ')];
    return [
      [...row(cells), { text: first, style }],
      ...further.map((shown): PageRow => [plain(' '.repeat(before)), { text: shown, style }]),
    ];
  };
  const drawn = given.flatMap(({ about, cells }) => {
    const [first = [], ...further] = rowsOf(cells);
    return about === marked ? [markedRow(first), ...further] : [first, ...further];
  });
  return [...rowsOf(columns.map(({ title }) => styled('label', title))), ...drawn];
}
