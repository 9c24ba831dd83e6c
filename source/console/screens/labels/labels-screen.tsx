import { isProblem, parseLabelArguments } from '../../../model/kubernetes/edits.ts';
import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import { labelOf } from '../../../operations/change.ts';
import { visible } from '../../../text/visible.ts';
import { list } from '../../../text/words.ts';
import { nothing, type Outcome } from '../../screen.ts';
import { planning, type LabelsView } from '../../view.ts';
import { formScreen, namesOf, shareWords, type FormUpdate } from '../../widgets/form.tsx';
import { inputWords, openInput } from '../../widgets/form-input.ts';
import { plain, styled, type Span } from '../../widgets/spans.ts';

/** A label on the nodes: the value that each has, null for none, and what each will have; undefined leaves it as it is. */
type Entry = {
  readonly key: string;
  readonly before: readonly (string | null)[];
  readonly after: string | null | undefined;
};

/** Every label of the nodes and every new one, by key. What would change nothing on any node is no change. */
function entriesOf(view: LabelsView, nodes: readonly ClusterNode[]): readonly Entry[] {
  const keys = [...new Set([...nodes.flatMap(({ labels }) => Object.keys(labels)), ...view.set.keys()])].sort();
  return keys.map((key) => {
    const before = nodes.map((node) => labelOf(node, key));
    const after = view.removed.includes(key) ? null : view.set.get(key);
    return { key, before, after: before.every((value) => value === after) ? undefined : after };
  });
}

/** The value that all nodes have that have the label; null when they differ, or none has it. */
function commonValue({ before }: Entry): string | null {
  const [value = null, ...others] = new Set(before.filter((one) => one !== null));
  return others.length === 0 ? value : null;
}

const without = (set: ReadonlyMap<string, string>, keys: readonly string[]): ReadonlyMap<string, string> =>
  new Map([...set].filter(([key]) => !keys.includes(key)));

/** Marks a label for removal, or takes back whatever was to be done to it. */
function toggled(view: LabelsView, { key, after }: Entry): LabelsView {
  if (after !== undefined)
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

function previewed(view: LabelsView, nodes: readonly ClusterNode[]): Outcome<LabelsView> {
  const changed = entriesOf(view, nodes).filter(({ after }) => after !== undefined);
  if (changed.length === 0) {
    return {
      notice: {
        severity: 'note',
        sentence: 'Nothing is changed yet: + adds a label, e changes one, Space marks one to remove.',
      },
    };
  }
  const set = Object.fromEntries(
    changed.flatMap(({ key, after }) => (typeof after === 'string' ? [[key, after]] : [])),
  );
  const remove = changed.filter(({ after }) => after === null).map(({ key }) => key);
  return {
    push: planning(`Label ${namesOf(nodes)}`),
    requests: [{ type: 'plan', nodes: nodes.map(({ name }) => name), edit: { kind: 'label', set, remove } }],
  };
}

const update: FormUpdate<LabelsView, Entry> = (view, command, { nodes, entry }) => {
  switch (command) {
    case 'toggle':
      return entry === undefined ? nothing : { view: toggled(view, entry) };
    case 'add':
      return { view: { ...view, input: openInput() } };
    case 'change':
      if (entry === undefined) return nothing;
      return {
        view: { ...view, input: openInput(entry.key, `${entry.key}=${entry.after ?? commonValue(entry) ?? ''}`) },
      };
    case 'accept':
      return { view: accepted(view) };
    case 'cancel':
      return { view: { ...view, input: null } };
    case 'preview':
      return previewed(view, nodes);
    default:
      return nothing;
  }
};

/** What the label is on the nodes: its value, or how many nodes have which. */
function beforeWords(entry: Entry): { readonly text: string; readonly share: string } {
  const { key, before } = entry;
  const having = before.filter((value) => value !== null);
  const value = commonValue(entry);
  if (value !== null) return { text: `${key}=${value}`, share: shareWords(having.length, before.length) };
  const counts = [...new Set(having)].map((one) => `${one} on ${having.filter((other) => other === one).length}`);
  return { text: key, share: `${list(counts, 3)} of ${before.length}` };
}

const label = (...words: readonly string[]): Span =>
  styled(
    'label',
    visible(
      words
        .filter((word) => word !== '')
        .map((word) => `   ${word}`)
        .join(''),
    ),
  );

function entrySpans(entry: Entry): readonly Span[] {
  const { key, before, after } = entry;
  const { text, share } = beforeWords(entry);
  if (after === undefined) return [plain(visible(`   ${text}`)), label(share)];
  if (after === null) return [styled('critical', visible(` - ${text}`)), label('will be removed', share)];
  const wanted = visible(`${key}=${after}`);
  if (before.every((value) => value === null)) return [styled('progress', ` + ${wanted}`), label('will be added')];
  const was = commonValue(entry) ?? '';
  return [
    styled('progress', ` ~ ${wanted}`),
    label(was === '' ? `was ${share}` : `was ${was}`, was === '' ? '' : share),
  ];
}

export const labelsScreen = formScreen<LabelsView, Entry>({
  scope: 'labels',
  title: 'Labels of',
  entries: entriesOf,
  key: ({ key }) => key,
  drawn: entrySpans,
  none: 'The node has no label: + adds one.',
  prompt: 'label',
  grammar: 'KEY=VALUE adds or changes a label, KEY- removes one; blanks part several',
  update,
});
