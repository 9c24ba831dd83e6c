import { isProblem, parseTaintArguments } from '../../../model/kubernetes/edits.ts';
import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import { taintWords } from '../../../text/taint.ts';
import { taintMeaning, taintSource } from '../../../product/node-roles.ts';
import { returnsWithBootstrap } from '../../../product/untaint.ts';
import { visible } from '../../../text/visible.ts';
import { nothing, type Outcome } from '../../screen.ts';
import { planning, type TaintEntry, type TaintsView } from '../../view.ts';
import { formScreen, namesOf, shareWords, type FormUpdate } from '../../widgets/form.tsx';
import { inputWords, openInput } from '../../widgets/form-input.ts';
import { plain, styled, type Span } from '../../widgets/spans.ts';

/** A row of the form: a taint of nodes, one to add, or the offer to keep the product's taints away for good. */
type Entry =
  | { readonly kind: 'held'; readonly taint: TaintEntry; readonly share: string; readonly removed: boolean }
  | { readonly kind: 'added'; readonly taint: TaintEntry }
  | { readonly kind: 'node-role'; readonly wanted: boolean };

const nameOf = ({ key, effect }: TaintEntry): string => `${key}:${effect}`;
const textOf = (taint: TaintEntry): string => visible(taintWords(taint));

const isRemoved = (view: TaintsView, taint: TaintEntry): boolean => view.removed.includes(nameOf(taint));

/** The taints of the nodes, each once: those of the same key and effect are one, with the value that the first has. */
function taintsOf(nodes: readonly ClusterNode[]): readonly TaintEntry[] {
  const byName = new Map<string, TaintEntry>();
  for (const taint of nodes.flatMap(({ taints }) => taints ?? []))
    if (!byName.has(nameOf(taint))) byName.set(nameOf(taint), taint);
  return [...byName.values()];
}

const holders = (nodes: readonly ClusterNode[], taint: TaintEntry): number =>
  nodes.filter(({ taints }) => taints?.some((one) => nameOf(one) === nameOf(taint)) === true).length;

function entriesOf(view: TaintsView, nodes: readonly ClusterNode[]): readonly Entry[] {
  const taints = taintsOf(nodes);
  const removed = taints.filter((taint) => isRemoved(view, taint));
  // The role goes to every node of the edit, so it is offered where every one of them needs it.
  const offer: readonly Entry[] = nodes.every((node) => returnsWithBootstrap(node, removed))
    ? [{ kind: 'node-role', wanted: view.addNodeRole }]
    : [];
  const held = (taint: TaintEntry): Entry => ({
    kind: 'held',
    taint,
    share: shareWords(holders(nodes, taint), nodes.length),
    removed: isRemoved(view, taint),
  });
  return [...taints.map(held), ...view.added.map((taint): Entry => ({ kind: 'added', taint })), ...offer];
}

function toggled(view: TaintsView, entry: Entry): TaintsView {
  switch (entry.kind) {
    case 'held': {
      const name = nameOf(entry.taint);
      return { ...view, removed: entry.removed ? view.removed.filter((one) => one !== name) : [...view.removed, name] };
    }
    case 'added':
      return { ...view, added: view.added.filter((one) => one !== entry.taint) };
    case 'node-role':
      return { ...view, addNodeRole: !entry.wanted };
  }
}

/** Marks every taint but those that a condition of the node put there, which come back by themselves; or unmarks all. */
function toggledAll(view: TaintsView, nodes: readonly ClusterNode[]): TaintsView {
  const names = taintsOf(nodes)
    .filter((taint) => taintSource(taint) !== 'condition')
    .map(nameOf);
  const all = names.every((name) => view.removed.includes(name));
  return { ...view, removed: all ? [] : names };
}

function accepted(view: TaintsView, nodes: readonly ClusterNode[]): TaintsView {
  if (view.input === null) return view;
  const edits = parseTaintArguments(inputWords(view.input));
  if (isProblem(edits)) return { ...view, input: { ...view.input, problem: edits.problem } };
  const isGone = (taint: TaintEntry) =>
    edits.remove.some(({ key, effect }) => taint.key === key && (effect === null || taint.effect === effect));
  const names = edits.add.map(nameOf);
  const kept = view.added.filter((taint) => !names.includes(nameOf(taint)) && !isGone(taint));
  const removed = taintsOf(nodes).filter(isGone).map(nameOf);
  return {
    ...view,
    added: [...kept, ...edits.add],
    removed: [...new Set([...view.removed.filter((name) => !names.includes(name)), ...removed])],
    input: null,
  };
}

function previewed(view: TaintsView, nodes: readonly ClusterNode[]): Outcome<TaintsView> {
  const entries = entriesOf(view, nodes);
  const remove = entries.flatMap((entry) => (entry.kind === 'held' && entry.removed ? [entry.taint] : []));
  if (remove.length === 0 && view.added.length === 0) {
    return {
      notice: { severity: 'note', sentence: 'Nothing is changed yet: Space marks a taint to remove, + adds one.' },
    };
  }
  const addNodeRole = entries.some((entry) => entry.kind === 'node-role' && entry.wanted);
  return {
    push: planning(`${view.added.length === 0 ? 'Untaint' : 'Taint'} ${namesOf(nodes)}`),
    requests: [
      {
        type: 'plan',
        nodes: nodes.map(({ name }) => name),
        edit: { kind: 'taint', add: view.added, remove, addNodeRole },
      },
    ],
  };
}

const update: FormUpdate<TaintsView, Entry> = (view, command, { nodes, entry }) => {
  switch (command) {
    case 'toggle':
      return entry === undefined ? nothing : { view: toggled(view, entry) };
    case 'toggle-all':
      return { view: toggledAll(view, nodes) };
    case 'add':
      return { view: { ...view, input: openInput() } };
    case 'accept':
      return { view: accepted(view, nodes) };
    case 'cancel':
      return { view: { ...view, input: null } };
    case 'preview':
      return previewed(view, nodes);
    default:
      return nothing;
  }
};

const SOURCES = {
  operator: 'set by an operator',
  product: "one of the product's role taints",
  condition: 'put there by a condition of the node: it comes back while that lasts',
} as const;

function entrySpans(entry: Entry): readonly Span[] {
  switch (entry.kind) {
    case 'held': {
      const meaning = taintMeaning(entry.taint);
      const share = entry.share === '' ? '' : `   ${entry.share}`;
      const source = styled('label', `${share}   ${meaning ?? SOURCES[taintSource(entry.taint)]}`);
      return entry.removed
        ? [styled('critical', ` [x] ${textOf(entry.taint)}`), styled('label', `   will be removed${share}`)]
        : [plain(` [ ] ${textOf(entry.taint)}`), source];
    }
    case 'added':
      return [styled('progress', `  +  ${textOf(entry.taint)}`), styled('label', '   will be added')];
    case 'node-role':
      return [
        styled(entry.wanted ? 'progress' : 'intent', ` [${entry.wanted ? 'x' : ' '}] also give it the role "node"`),
        styled('label', '   so that a bootstrap run does not put the taints back'),
      ];
  }
}

export const taintsScreen = formScreen<TaintsView, Entry>({
  scope: 'taints',
  title: 'Taints of',
  entries: entriesOf,
  key: (entry) => (entry.kind === 'node-role' ? entry.kind : `${entry.kind} ${nameOf(entry.taint)}`),
  drawn: entrySpans,
  none: 'The node has no taint: + adds one.',
  prompt: 'taint',
  grammar:
    'KEY=VALUE:EFFECT or KEY:EFFECT adds one, KEY:EFFECT- removes one; NoSchedule, PreferNoSchedule or NoExecute',
  update,
});
