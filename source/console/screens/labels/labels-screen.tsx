import { isProblem, parseLabelArguments } from '../../../model/kubernetes/edits.ts';
import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import { labelOf } from '../../../operations/change.ts';
import { visible } from '../../../text/visible.ts';
import type { Command } from '../../keys/key-table.ts';
import { nothing, type Context, type Outcome } from '../../screen.ts';
import { planning, type LabelsView } from '../../view.ts';
import { entriesHeight, entryAt, formScreen, nodeOf } from '../../widgets/form.tsx';
import { inputWords, openInput } from '../../widgets/form-input.ts';
import { moved } from '../../widgets/position.ts';
import { plain, styled, type Span } from '../../widgets/spans.ts';

/** A label as it stands and as it will stand; null is none. */
type Entry = { readonly key: string; readonly before: string | null; readonly after: string | null };

/** Every label of the node and every new one, by key. */
function entriesOf(view: LabelsView, node: ClusterNode): readonly Entry[] {
  const keys = [...new Set([...Object.keys(node.labels), ...view.set.keys()])].sort();
  return keys.map((key) => {
    const before = labelOf(node, key);
    return { key, before, after: view.removed.includes(key) ? null : (view.set.get(key) ?? before) };
  });
}

const without = (set: ReadonlyMap<string, string>, keys: readonly string[]): ReadonlyMap<string, string> =>
  new Map([...set].filter(([key]) => !keys.includes(key)));

/** Marks a label for removal, or takes back whatever was to be done to it. */
function toggled(view: LabelsView, { key, before, after }: Entry): LabelsView {
  if (before !== after)
    return { ...view, removed: view.removed.filter((one) => one !== key), set: without(view.set, [key]) };
  return { ...view, removed: [...view.removed, key] };
}

/** Takes what was typed into the form, or says what is wrong with it. */
function accepted(view: LabelsView): LabelsView {
  if (view.input === null) return view;
  const edits = parseLabelArguments(inputWords(view.input));
  if (isProblem(edits)) return { ...view, input: { ...view.input, problem: edits.problem } };
  const set = without(new Map([...view.set, ...Object.entries(edits.set)]), edits.remove);
  const removed = view.removed.filter((key) => !Object.hasOwn(edits.set, key) && !edits.remove.includes(key));
  return { ...view, set, removed: [...removed, ...edits.remove], input: null };
}

function previewed(view: LabelsView, node: ClusterNode): Outcome<LabelsView> {
  const changed = entriesOf(view, node).filter(({ before, after }) => before !== after);
  if (changed.length === 0) {
    return {
      notice: {
        severity: 'note',
        sentence: 'Nothing is changed yet: + adds a label, e changes one, Space marks one to remove.',
      },
    };
  }
  const set = Object.fromEntries(changed.flatMap(({ key, after }) => (after === null ? [] : [[key, after]])));
  const remove = changed.filter(({ after }) => after === null).map(({ key }) => key);
  return {
    push: planning(`Label ${node.name}`),
    requests: [{ type: 'plan', nodes: [node.name], edit: { kind: 'label', set, remove } }],
  };
}

function update(view: LabelsView, command: Command, context: Context): Outcome<LabelsView> {
  const node = nodeOf(view, context);
  if (command === 'back' || node === null) return { pop: true };
  const entries = entriesOf(view, node);
  const position = moved(view.position, command, entries.length, entriesHeight(context));
  if (position !== null) return { view: { ...view, position } };
  const entry = entryAt(entries, view.position, context);
  switch (command) {
    case 'toggle':
      return entry === undefined ? nothing : { view: toggled(view, entry) };
    case 'add':
      return { view: { ...view, input: openInput() } };
    case 'change':
      if (entry === undefined) return nothing;
      return { view: { ...view, input: openInput(entry.key, `${entry.key}=${entry.after ?? entry.before ?? ''}`) } };
    case 'accept':
      return { view: accepted(view) };
    case 'cancel':
      return { view: { ...view, input: null } };
    case 'preview':
      return previewed(view, node);
    default:
      return nothing;
  }
}

function entrySpans({ key, before, after }: Entry): readonly Span[] {
  const text = (value: string) => visible(`${key}=${value}`);
  if (before === after) return [plain(`   ${text(before ?? '')}`)];
  if (after === null) return [styled('critical', ` - ${text(before ?? '')}`), styled('label', '   will be removed')];
  if (before === null) return [styled('progress', ` + ${text(after)}`), styled('label', '   will be added')];
  return [styled('progress', ` ~ ${text(after)}`), styled('label', `   was ${visible(before)}`)];
}

export const labelsScreen = formScreen<LabelsView>({
  scope: 'labels',
  title: (node) => `Labels of ${node}`,
  entries: (view, node) => entriesOf(view, node).map(entrySpans),
  none: 'The node has no label: + adds one.',
  prompt: 'label',
  grammar: 'KEY=VALUE adds or changes a label, KEY- removes one; blanks part several',
  update,
});
