import { createNodeRows, type NodeRow } from '../../../state/node-rows.ts';
import { valueOf } from '../../../model/reading.ts';
import type { DemandMet } from '../../../product/sizing.ts';
import type { ClusterState } from '../../../state/cluster-state.ts';
import type { NodesView } from '../../view.ts';
import { textOf } from '../../widgets/line-editor.ts';
import type { SortValue } from './column.ts';
import { columnOf } from './columns.ts';
import { groupRows, type RowGroup } from './grouping.ts';

/** A line of the list: the head of a group, or a node. After a head comes a node of its group. */
export type ListLine =
  { readonly kind: 'group'; readonly group: RowGroup } | { readonly kind: 'node'; readonly row: NodeRow };

/** The nodes as the list shows them. */
export type NodeList = {
  readonly lines: readonly ListLine[];
  /** Lines there are without a filter. */
  readonly whole: number;
  /** Filtered and sorted, each node once. */
  readonly rows: readonly NodeRow[];
  /** All nodes, in no order. */
  readonly all: readonly NodeRow[];
  /** The line of a node, that at `near` if it stands in several; -1 when it is not shown. */
  readonly lineOf: (uid: string | null, near: number) => number;
};

const alphabet = new Intl.Collator('en', { numeric: true });

function compare(one: SortValue, other: SortValue): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return alphabet.compare(String(one), String(other));
}

/** Sorts by the values of a column, unknown ones last in either direction, then by name. */
export function sortRows(rows: readonly NodeRow[], sort: NodesView['sort']): readonly NodeRow[] {
  const column = columnOf(sort.column);
  const direction = sort.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: column === undefined ? null : column.sortValue(row) }))
    .sort((one, other) => {
      if (one.value === null || other.value === null) {
        if (one.value !== other.value) return one.value === null ? 1 : -1;
      } else {
        const order = compare(one.value, other.value);
        if (order !== 0) return order * direction;
      }
      return alphabet.compare(one.row.node.name, other.row.node.name);
    })
    .map(({ row }) => row);
}

/** How a machine that is small for its roles is found. */
const SIZES: Readonly<Record<DemandMet, readonly string[]>> = { yes: [], tight: ['tight'], no: ['undersized'] };

const haystacks = new WeakMap<NodeRow, string>();

/** Everything that a filter looks at, in lower case: name, status, roles, taints, addresses, versions, labels. */
function haystackOf(row: NodeRow): string {
  const known = haystacks.get(row);
  if (known !== undefined) return known;
  const { node } = row;
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
  haystacks.set(row, text);
  return text;
}

/** The rows that contain every word of the filter. */
export function filterRows(rows: readonly NodeRow[], filter: string): readonly NodeRow[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return rows;
  return rows.filter((row) => words.every((word) => haystackOf(row).includes(word)));
}

const linesOf = (rows: readonly NodeRow[], grouping: NodesView['grouping']): readonly ListLine[] => {
  const nodes = (members: readonly NodeRow[]) => members.map((row): ListLine => ({ kind: 'node', row }));
  const groups = groupRows(rows, grouping);
  return groups === null
    ? nodes(rows)
    : groups.flatMap((group): readonly ListLine[] => [{ kind: 'group', group }, ...nodes(group.rows)]);
};

const uidOf = (line: ListLine | undefined): string | null => (line?.kind === 'node' ? line.row.node.uid : null);

/** Gives the list for a state and a view; the same object again while neither changes what it shows. */
export function createNodeList(): (state: ClusterState, view: NodesView) => NodeList {
  type Seen = { all: readonly NodeRow[]; filter: string; sort: NodesView['sort']; grouping: NodesView['grouping'] };
  const rowsOf = createNodeRows();
  let seen: Seen | null = null;
  let list: NodeList = { lines: [], whole: 0, rows: [], all: [], lineOf: () => -1 };
  return (state, view) => {
    const all = rowsOf(state);
    const filter = textOf(view.filter);
    const { sort, grouping } = view;
    if (seen?.all === all && seen.filter === filter && seen.sort === sort && seen.grouping === grouping) return list;
    seen = { all, filter, sort, grouping };
    const rows = sortRows(filterRows(all, filter), sort);
    const lines = linesOf(rows, grouping);
    let places: Map<string | null, number> | null = null;
    list = {
      all,
      rows,
      lines,
      whole: filter === '' ? lines.length : linesOf(all, grouping).length,
      lineOf: (uid, near) => {
        if (uid === null) return -1;
        if (uidOf(lines[near]) === uid) return near;
        places ??= new Map(lines.map((line, index) => [uidOf(line), index] as const).reverse());
        return places.get(uid) ?? -1;
      },
    };
    return list;
  };
}
