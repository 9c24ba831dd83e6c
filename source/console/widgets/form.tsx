import type { ClusterNode } from '../../model/kubernetes/node.ts';
import { visible } from '../../text/visible.ts';
import type { Scope } from '../keys/key-table.ts';
import { nothing, type Context, type Outcome, type Screen } from '../screen.ts';
import type { FormInput, View } from '../view.ts';
import { inputPasted, inputRows, inputTyped } from './form-input.ts';
import { Lines } from './lines.tsx';
import { settled, type Position } from './position.ts';
import { drawnRow, plain, selectedRow, type Span } from './spans.ts';

/** Title and a blank row. */
const HEAD_ROWS = 2;
/** Kept free for the input, which takes more while it has much to tell. */
const INPUT_ROWS = 2;

export const entriesHeight = ({ height }: Pick<Context, 'height'>): number =>
  Math.max(height - HEAD_ROWS - INPUT_ROWS, 1);

/** The entry that the cursor is on. */
export const entryAt = <Entry,>(entries: readonly Entry[], position: Position, context: Context): Entry | undefined =>
  entries[settled(position, entries.length, entriesHeight(context)).cursor];

/** A list of entries under a title, with a line for typing below. */
function Form({
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
  const typing =
    input === null ? [] : inputRows(input, prompt, grammar, width).map((spans) => drawnRow(spans, width, theme));
  const room = Math.max(height - HEAD_ROWS - Math.max(typing.length, INPUT_ROWS), 1);
  const { cursor, top } = settled(position, entries.length, room);
  const rows = entries
    .slice(top, top + room)
    .map((spans, index) =>
      top + index === cursor && input === null
        ? selectedRow([plain('>'), ...spans], width, theme)
        : drawnRow([plain(' '), ...spans], width, theme),
    );
  const shown = rows.length === 0 ? [` ${theme.label(none)}`] : rows;
  const blank = Array.from({ length: Math.max(room - shown.length, 0) }, () => '');
  return <Lines rows={[` ${theme.heading(title)}`, '', ...shown, ...blank, ...typing]} height={height} />;
}

/** What every form on a node keeps. */
type FormView = Extract<View, { readonly uid: string; readonly input: FormInput | null }>;

/** The node of a form, or null when it is gone from the cluster. */
export const nodeOf = (view: FormView, { list }: Context): ClusterNode | null =>
  list.all.find(({ node }) => node.uid === view.uid)?.node ?? null;

/** A screen that is a form on a node: its entries drawn, its line of text typed into. */
export function formScreen<V extends FormView>(form: {
  readonly scope: Scope;
  readonly title: (node: string) => string;
  readonly entries: (view: V, node: ClusterNode) => readonly (readonly Span[])[];
  readonly none: string;
  readonly prompt: string;
  readonly grammar: string;
  readonly update: Screen<V>['update'];
}): Screen<V> {
  const withInput = (view: V, change: (input: FormInput) => FormInput): Outcome<V> =>
    view.input === null ? nothing : { view: { ...view, input: change(view.input) } };

  function Body({ view, context }: { readonly view: V; readonly context: Context }) {
    const node = nodeOf(view, context);
    const title = form.title(visible(view.node));
    if (node === null) {
      const rows = [` ${context.theme.heading(title)}`, '', ' The node is no longer in the cluster: Esc goes back.'];
      return <Lines rows={rows} height={context.height} />;
    }
    const { none, prompt, grammar } = form;
    const { position, input } = view;
    return <Form {...{ title, none, prompt, grammar, position, input, context }} entries={form.entries(view, node)} />;
  }

  return {
    scope: ({ input }) => (input === null ? form.scope : 'input'),
    update: form.update,
    type: (view, key) => withInput(view, (input) => inputTyped(input, key)),
    paste: (view, text) => withInput(view, (input) => inputPasted(input, text)),
    Body,
  };
}
