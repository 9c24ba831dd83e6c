import type { Context } from '../screen.ts';
import type { FormInput } from '../view.ts';
import { inputRows } from './form-input.ts';
import { Lines } from './lines.tsx';
import { settled, type Position } from './position.ts';
import { drawnRow, plain, selectedRow, type Span } from './spans.ts';

/** Rows of a form that are not entries: title, a blank row, and two for the input. */
const OTHER_ROWS = 4;

export const entriesHeight = ({ height }: Pick<Context, 'height'>): number => Math.max(height - OTHER_ROWS, 1);

/** The entry that the cursor is on. */
export const entryAt = <Entry,>(entries: readonly Entry[], position: Position, context: Context): Entry | undefined =>
  entries[settled(position, entries.length, entriesHeight(context)).cursor];

/** A list of entries under a title, with a line for typing below: the shape of every form. */
export function Form({
  title,
  entries,
  none,
  position,
  input,
  prompt,
  grammar,
  context,
}: {
  readonly title: string;
  readonly entries: readonly (readonly Span[])[];
  /** Said when there is no entry. */
  readonly none: string;
  readonly position: Position;
  readonly input: FormInput | null;
  readonly prompt: string;
  readonly grammar: string;
  readonly context: Context;
}) {
  const { width, height, theme } = context;
  const room = entriesHeight(context);
  const { cursor, top } = settled(position, entries.length, room);
  const rows = entries
    .slice(top, top + room)
    .map((spans, index) =>
      top + index === cursor && input === null
        ? selectedRow([plain('>'), ...spans], width, theme)
        : drawnRow([plain(' '), ...spans], width, theme),
    );
  const shown = rows.length === 0 ? [` ${theme.label(none)}`] : rows;
  const typing = input === null ? [] : inputRows(input, prompt, grammar).map((spans) => drawnRow(spans, width, theme));
  const blank = Array.from({ length: Math.max(room - shown.length, 0) }, () => '');
  return <Lines rows={[` ${theme.heading(title)}`, '', ...shown, ...blank, ...typing]} height={height} />;
}

/** What a form says when its node is gone from the cluster. */
export function Gone({ title, context }: { readonly title: string; readonly context: Context }) {
  const rows = [` ${context.theme.heading(title)}`, '', ' The node is no longer in the cluster: Esc goes back.'];
  return <Lines rows={rows} height={context.height} />;
}
