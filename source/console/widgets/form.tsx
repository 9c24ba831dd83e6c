import type { ClusterNode } from '../../model/kubernetes/node.ts';
import { visible } from '../../text/visible.ts';
import { list, plural } from '../../text/words.ts';
import type { Command } from '../keys/key-table.ts';
import type { Scope } from '../keys/scopes.ts';
import { nothing, type Context, type Outcome, type Screen } from '../screen.ts';
import type { FormInput, FormTarget, View } from '../view.ts';
import { inputPasted, inputRows, inputTyped } from './form-input.ts';
import { Lines } from './lines.tsx';
import { moreSpans } from './more.ts';
import { bound, found, moved, settled, type Position } from './position.ts';
import { drawnRow, plain, selectedRow, styled, wrapped, type Span } from './spans.ts';
import { titleRows } from './title-rows.ts';

/** Title and a blank row. */
const HEAD_ROWS = 2;
/** Kept free for the input, which takes more while it has much to tell. */
const INPUT_ROWS = 2;
/** More nodes than these are counted in a title; the preview names them all. */
const MOST_NAMES = 3;

const entriesHeight = ({ height }: Pick<Context, 'height'>): number => Math.max(height - HEAD_ROWS - INPUT_ROWS, 1);

/** The notes in at most `room` rows, each after a blank one where there is room for that. */
function noteRows(notes: readonly string[], width: number, room: number): readonly (readonly Span[])[] {
  const told = notes.map((note) =>
    wrapped(note, Math.max(width - 2, 1)).map((text) => [plain(' '), styled('label', text)]),
  );
  const loose = told.flatMap((rows) => [[], ...rows]);
  if (loose.length <= room) return loose;
  const dense = [[], ...told.flat()];
  if (dense.length <= room) return dense;
  const kept = dense.slice(0, Math.max(room - 1, 0));
  return [...kept, [styled('label', ` … ${plural(dense.length - kept.length, 'row')} more on a taller screen`)]];
}

/** A list of entries under a title, with a line for typing, or sentences, below. */
function drawnForm({
  title,
  entries,
  none,
  notes,
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
  /** Sentences below the entries, while nothing is typed. */
  readonly notes: readonly string[];
  readonly position: Position;
  readonly input: FormInput | null;
  readonly prompt: string;
  readonly grammar: string;
  readonly context: Context;
}) {
  const { width, height, theme } = context;
  const left = Math.max(height - HEAD_ROWS - Math.max(entries.length, 1), INPUT_ROWS);
  const told = input === null ? noteRows(notes, width, left) : inputRows(input, prompt, grammar, width);
  const foot = told.map((spans) => drawnRow(spans, width, theme));
  const room = Math.max(height - HEAD_ROWS - Math.max(foot.length, INPUT_ROWS), 1);
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
  // What is typed stands at the foot, whatever is above it; notes stand with the entries.
  const below = input === null ? [...foot, ...blank] : [...blank, ...foot];
  const head = titleRows(title, moreSpans(top, room, entries.length), width, theme);
  return <Lines rows={[...head, ...shown, ...below]} height={height} />;
}

/** What every form on one or more nodes keeps. */
type FormView = Extract<View, { readonly targets: readonly FormTarget[]; readonly input: FormInput | null }>;

export const targetsFor = (nodes: readonly ClusterNode[]): readonly FormTarget[] =>
  nodes.map(({ uid, name }) => ({ uid, name }));

/** The nodes of a form that are still in the cluster. */
const nodesOf = ({ targets }: FormView, { nodes }: Context): readonly ClusterNode[] =>
  targets.flatMap(({ uid }) => nodes.byUid(uid)?.node ?? []);

/** Names of nodes as a title or a sentence gives them. */
export const namesOf = (nodes: readonly { readonly name: string }[]): string =>
  visible(
    list(
      nodes.map(({ name }) => name),
      MOST_NAMES,
    ),
  );

/** On how many of several nodes something is; empty where it is on all. */
export const shareWords = (count: number, of: number): string => (count === of ? '' : `on ${count} of ${of}`);

const goneWords = (gone: number): string =>
  gone === 0 ? '' : ` (${gone === 1 ? 'one is' : `${gone} are`} no longer in the cluster)`;

/** What a form does with a key that neither moves its cursor nor leaves it. `entry` is the one under the cursor. */
export type FormUpdate<V extends FormView, Entry> = (
  view: V,
  command: Command,
  on: { readonly nodes: readonly ClusterNode[]; readonly entry: Entry | undefined },
) => Outcome<V>;

/** A screen that is a form on nodes: its entries drawn and moved through, its line of text typed into. */
export function formScreen<V extends FormView, Entry>(form: {
  readonly scope: Scope;
  /** Before the names of the nodes, as in "Labels of". */
  readonly title: string;
  readonly entries: (view: V, nodes: readonly ClusterNode[]) => readonly Entry[];
  /** What tells an entry from all others; the cursor stays on it. */
  readonly key: (entry: Entry) => string;
  readonly drawn: (entry: Entry, view: V, nodes: readonly ClusterNode[]) => readonly Span[];
  readonly none: string;
  /** Sentences below the entries, while nothing is typed. */
  readonly notes?: (view: V, nodes: readonly ClusterNode[]) => readonly string[];
  readonly prompt: string;
  readonly grammar: string;
  readonly update: FormUpdate<V, Entry>;
}): Screen<V> {
  const withInput = (view: V, change: (input: FormInput) => FormInput): Outcome<V> =>
    view.input === null ? nothing : { view: { ...view, input: change(view.input) } };

  function draw(view: V, context: Context) {
    const nodes = nodesOf(view, context);
    const { targets, input } = view;
    if (nodes.length === 0) {
      const whose = targets.length === 1 ? 'The node is' : 'None of the nodes is';
      const rows = [
        ` ${context.theme.heading(`${form.title} ${namesOf(targets)}`)}`,
        '',
        ` ${whose} ${targets.length === 1 ? 'no longer' : 'any longer'} in the cluster: Esc goes back.`,
      ];
      return <Lines rows={rows} height={context.height} />;
    }
    const title = `${form.title} ${namesOf(nodes)}${goneWords(targets.length - nodes.length)}`;
    const { none, prompt, grammar } = form;
    const notes = form.notes?.(view, nodes) ?? [];
    const all = form.entries(view, nodes);
    const position = found(view.position, all.map(form.key));
    const entries = all.map((entry) => form.drawn(entry, view, nodes));
    return drawnForm({ title, entries, none, notes, position, input, prompt, grammar, context });
  }

  /** The view with its cursor bound to the entry that it is on now. */
  function rebound(view: V, context: Context): V {
    const keys = form.entries(view, nodesOf(view, context)).map(form.key);
    const place = settled(found(view.position, keys), keys.length, entriesHeight(context));
    return { ...view, position: bound(place, keys) };
  }

  function update(view: V, command: Command, context: Context): Outcome<V> {
    const nodes = nodesOf(view, context);
    if (command === 'back' || nodes.length === 0) return { pop: true };
    const entries = form.entries(view, nodes);
    const keys = entries.map(form.key);
    const place = settled(found(view.position, keys), entries.length, entriesHeight(context));
    const position = moved(place, command, entries.length, entriesHeight(context));
    if (position !== null) return { view: { ...view, position: bound(position, keys) } };
    const outcome = form.update(view, command, { nodes, entry: entries[place.cursor] });
    return outcome.view === undefined ? outcome : { ...outcome, view: rebound(outcome.view, context) };
  }

  return {
    scope: ({ input }) => (input === null ? form.scope : 'input'),
    update,
    opened: rebound,
    type: (view, key) => withInput(view, (input) => inputTyped(input, key)),
    paste: (view, text) => withInput(view, (input) => inputPasted(input, text)),
    draw,
  };
}
