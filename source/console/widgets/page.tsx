import type { ReactElement } from 'react';
import type { Context, Outcome } from '../screen.ts';
import { nothing } from '../screen.ts';
import type { Command } from '../keys/key-table.ts';
import type { View } from '../view.ts';
import { Lines } from './lines.tsx';
import { moreSpans } from './more.ts';
import { scrolled } from './position.ts';
import { drawnRow, fitSpans, justified, plain, styled, wrapped, type Span } from './spans.ts';
import { SIGNS, type StyleName } from '../theme.ts';

/** Rows of spans under a title. */
export type PageRow = readonly Span[];

/** Title, and the answer or a blank row. */
const HEAD_ROWS = 2;

export const blankRow: PageRow = [];
export const headingRow = (title: string, words = ''): PageRow =>
  words === '' ? [styled('heading', ` ${title}`)] : [styled('heading', ` ${title}`), styled('label', `  ${words}`)];

/** Two parts side by side, each in half the width. */
export function sideBySide(left: readonly PageRow[], right: readonly PageRow[], width: number): readonly PageRow[] {
  const half = Math.floor(width / 2);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index): PageRow => [
    ...fitSpans(left[index] ?? blankRow, half),
    ...(right[index] ?? blankRow),
  ]);
}

/** A sentence, wrapped; with a sign before it when it is more than a remark. */
export function sentences(
  text: string,
  width: number,
  style: Extract<StyleName, keyof typeof SIGNS> | 'label' | null = null,
): readonly PageRow[] {
  const sign = style === null || style === 'label' ? '' : `${SIGNS[style]} `;
  return wrapped(text, Math.max(width - 2 - sign.length, 1)).map((row, index): PageRow => {
    const shown = ` ${index === 0 ? sign : ' '.repeat(sign.length)}${row}`;
    return [style === null ? plain(shown) : styled(style, shown)];
  });
}

/** How many of its rows a page shows. */
export const pageRoom = ({ height }: Pick<Context, 'height'>): number => Math.max(height - HEAD_ROWS, 0);

/** Where a page that is scrolled stands after a command; null when the command scrolls nothing. */
export function scrolledPage<V extends Extract<View, { readonly top: number }>>(
  view: V,
  command: Command,
  count: number,
  { height }: Pick<Context, 'height'>,
): Outcome<V> {
  const top = scrolled(view.top, command, count, height - HEAD_ROWS);
  return top === null ? nothing : { view: { ...view, top } };
}

/** A page of text: its title with what is said beside it, its answer, and as many of its rows as there is room for. */
export function page({
  title,
  beside = [],
  answer = [],
  rows,
  top,
  context,
}: {
  readonly title: string;
  readonly beside?: PageRow;
  /** The page in one sentence; blank where the rows begin with it. */
  readonly answer?: PageRow;
  readonly rows: readonly PageRow[];
  readonly top: number;
  readonly context: Context;
}): ReactElement {
  const { width, height, theme } = context;
  const room = pageRoom(context);
  const first = Math.min(top, Math.max(rows.length - room, 0));
  const right = [...beside, ...moreSpans(first, room, rows.length)];
  const head = justified([styled('heading', ` ${title}`)], right, width, theme);
  const shown = rows.slice(first, first + room).map((spans) => drawnRow(spans, width, theme));
  return <Lines rows={[head, drawnRow(answer, width, theme), ...shown]} height={height} />;
}
