import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import { finished, forEachInSteps, type Steps } from '../../../model/headroom/steps.ts';
import { valueOf } from '../../../model/reading.ts';
import type { DemandMet } from '../../../product/sizing.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import type { NodeTable, RowChange } from '../../../state/node-table.ts';
import type { Grouping, NodesView } from '../../view.ts';
import { textOf } from '../../widgets/line-editor.ts';
import { groupRows, keptGroups, linesOfRow, regrouped, resorted } from './grouping.ts';
import { headsOf, type RowGroup, type RowGroups } from './row-group.ts';
import { rowOrder, type RowOrder } from './row-order.ts';

/** A line of the list: the head of a group, or a node. After a head comes a node of its group. */
export type ListLine =
  { readonly kind: 'group'; readonly group: RowGroup } | { readonly kind: 'node'; readonly row: NodeRow };

/** The nodes as the list shows them: filtered, grouped and sorted. It never changes. */
export type NodeList = {
  /** Lines there are, and those there would be without a filter. */
  readonly length: number;
  readonly whole: number;
  /** Nodes that the filter lets through, each once. */
  readonly nodes: number;
  readonly line: (index: number) => ListLine | undefined;
  /** The lines from one on, as many as there are of so many. */
  readonly lines: (from: number, count: number) => readonly ListLine[];
  /** The line of a node, that at `near` if it stands in several; -1 when it is not shown. */
  readonly lineOf: (uid: string | null, near: number) => number;
};

/** How a machine that is small for its roles is found. */
const SIZES: Readonly<Record<DemandMet, readonly string[]>> = { yes: [], tight: ['tight'], no: ['undersized'] };

/** All of it comes from the Node, which is replaced and never changed. */
const haystacks = new WeakMap<ClusterNode, string>();

/** Everything that a filter looks at, in lower case: name, status, roles, taints, addresses, versions, labels. */
function haystackOf(row: NodeRow): string {
  const { node } = row;
  const known = haystacks.get(node);
  if (known !== undefined) return known;
  const text = [
    node.name,
    ...row.status.map(({ name }) => name),
    ...row.roles,
    row.group,
    ...SIZES[valueOf(row.demandMet) ?? 'yes'],
    ...(node.taints ?? []).map(({ key, value, effect }) => `${key}=${value}:${effect}`),
    ...node.addresses.map(({ address }) => address),
    node.system.kubelet,
    node.system.operatingSystem,
    ...Object.entries(node.labels).map(([key, value]) => `${key}=${value}`),
  ]
    .join('\n')
    .toLowerCase();
  haystacks.set(node, text);
  return text;
}

/** Whether a row contains every word of a filter. */
export type Filter = (row: NodeRow) => boolean;

export function filterOf(text: string): Filter {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (row) => words.every((word) => haystackOf(row).includes(word));
}

/** What is shown of the changes of rows: one that the filter hides is not there. */
const shownOf = (changes: readonly RowChange[], filter: Filter): readonly RowChange[] =>
  changes.flatMap(({ before, after }) => {
    const shown = {
      before: before !== null && filter(before) ? before : null,
      after: after !== null && filter(after) ? after : null,
    };
    return shown.before === null && shown.after === null ? [] : [shown];
  });

function lineAt(groups: RowGroups, index: number): ListLine | undefined {
  const found = groups.at(index);
  if (found === undefined) return undefined;
  const { value: group, own } = found;
  const row = group.rows.at(own - headsOf(group))?.value;
  return row === undefined ? { kind: 'group', group } : { kind: 'node', row };
}

/** What a list is made from. */
type Made = {
  readonly table: NodeTable;
  readonly text: string;
  readonly sort: NodesView['sort'];
  readonly grouping: Grouping;
};

/** All rows, and those that the filter lets through, in groups; and how many nodes these are. */
type Arranged = {
  readonly order: RowOrder;
  readonly all: RowGroups;
  readonly shown: RowGroups;
  readonly nodes: number;
};

/** The rows that the filter lets through, in the groups of all. */
function* narrowed(
  all: RowGroups,
  { table, text, grouping }: Made,
  order: RowOrder,
): Steps<Pick<Arranged, 'shown' | 'nodes'>> {
  if (text.trim() === '') return { shown: all, nodes: table.rows.size };
  const filter = filterOf(text);
  const passed = new Set<NodeRow>();
  yield* forEachInSteps(table.rows, (row) => {
    if (filter(row)) passed.add(row);
  });
  const shown = yield* keptGroups(all, (row) => passed.has(row), grouping, order);
  return { shown, nodes: passed.size };
}

function* arrangedAnew(made: Made, order: RowOrder): Steps<Arranged> {
  const { table, grouping } = made;
  const all = yield* groupRows(table.rows, grouping, order);
  return { order, all, ...(yield* narrowed(all, made, order)) };
}

/** The same after changes of some rows: only these are looked at. */
function* rearranged(before: Arranged, changes: readonly RowChange[], { text, grouping }: Made): Steps<Arranged> {
  const { order } = before;
  const all = yield* regrouped(before.all, changes, grouping, order);
  if (text.trim() === '') return { order, all, shown: all, nodes: before.nodes + gained(changes) };
  const shown = shownOf(changes, filterOf(text));
  return {
    order,
    all,
    shown: yield* regrouped(before.shown, shown, grouping, order),
    nodes: before.nodes + gained(shown),
  };
}

/** The same rows in another order, or others of them. */
function* reordered(before: Arranged, order: RowOrder, textBefore: string, made: Made): Steps<Arranged> {
  const { nodes } = before;
  const put = function* (groups: RowGroups): Steps<RowGroups> {
    return order === before.order ? groups : yield* resorted(groups, made.grouping, order);
  };
  const all = yield* put(before.all);
  if (textBefore !== made.text) return { order, all, ...(yield* narrowed(all, made, order)) };
  return { order, all, shown: before.shown === before.all ? all : yield* put(before.shown), nodes };
}

const gained = (changes: readonly RowChange[]): number =>
  changes.reduce((sum, { before, after }) => sum + (after === null ? 0 : 1) - (before === null ? 0 : 1), 0);

function listOf({ all, shown, nodes }: Arranged, { table, grouping }: Made): NodeList {
  const line = (index: number): ListLine | undefined => lineAt(shown, index);
  return {
    length: shown.weight,
    whole: all.weight,
    nodes,
    line,
    lines: (from, count) => Array.from({ length: count }, (_, index) => line(from + index) ?? []).flat(),
    lineOf: (uid, near) => {
      const row = uid === null ? null : table.byUid(uid);
      const lines = row === null ? [] : linesOfRow(shown, row, grouping);
      return lines.includes(near) ? near : (lines[0] ?? NOWHERE);
    },
  };
}

const NOWHERE = -1;

/** The list for a table and a view: at once, or bit by bit. */
export type NodeLists = {
  (table: NodeTable, view: NodesView): NodeList;
  readonly steps: (table: NodeTable, view: NodesView) => Steps<NodeList>;
};

type Kept = { readonly made: Made; readonly arranged: Arranged; readonly list: NodeList };

/** Lists that are kept: that which is shown, and that which is made ready to be shown next. */
const MOST_KEPT = 2;

const madeOf = (table: NodeTable, { filter, sort, grouping }: NodesView): Made => ({
  table,
  text: textOf(filter),
  sort,
  grouping,
});

const isMadeAlike = (one: Made, other: Made): boolean =>
  one.table === other.table && one.text === other.text && one.sort === other.sort && one.grouping === other.grouping;

/** As little is worked out as what stood before allows. */
function* arrangedAfter(before: Kept | null, made: Made): Steps<Arranged> {
  if (before === null) return yield* arrangedAnew(made, rowOrder(made.sort));
  const { made: past, arranged } = before;
  const order = past.sort === made.sort ? arranged.order : rowOrder(made.sort);
  if (past.grouping !== made.grouping) return yield* arrangedAnew(made, order);
  if (past.table === made.table) return yield* reordered(arranged, order, past.text, made);
  const isNext = made.table.number === past.table.number + 1 && made.table.changes !== null;
  if (past.text === made.text && order === arranged.order && isNext)
    return yield* rearranged(arranged, made.table.changes, made);
  return yield* arrangedAnew(made, order);
}

/** Gives the list for a table and a view; the same object again while neither changes what it shows. */
export function createNodeList(): NodeLists {
  /** The one that was asked for last stands first. */
  let kept: readonly Kept[] = [];

  function first(one: Kept): NodeList {
    kept = [one, ...kept.filter((other) => other !== one)].slice(0, MOST_KEPT);
    return one.list;
  }

  function* steps(table: NodeTable, view: NodesView): Steps<NodeList> {
    const made = madeOf(table, view);
    const found = kept.find((one) => isMadeAlike(one.made, made));
    if (found !== undefined) return first(found);
    const before = kept.find((one) => one.made.table === table) ?? kept[0] ?? null;
    const arranged = yield* arrangedAfter(before, made);
    return first({ made, arranged, list: listOf(arranged, made) });
  }

  return Object.assign((table: NodeTable, view: NodesView) => finished(steps(table, view)), { steps });
}
