import { createNodeRows, type NodeRow } from '../../../state/node-rows.ts';
import type { ClusterState } from '../../../state/cluster-state.ts';
import type { NodesView } from '../../view.ts';
import { textOf } from '../../widgets/line-editor.ts';
import { columnOf, type SortValue } from './columns.ts';

/** The nodes as the list shows them. */
export type NodeList = {
  /** Filtered and sorted. */
  readonly rows: readonly NodeRow[];
  /** All nodes, in no order. */
  readonly all: readonly NodeRow[];
  /** Where a node stands in `rows`, or -1. */
  readonly indexOf: (uid: string | null) => number;
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

/** Gives the list for a state and a view; the same object again while neither changes what it shows. */
export function createNodeList(): (state: ClusterState, view: NodesView) => NodeList {
  const rowsOf = createNodeRows();
  let seen: { all: readonly NodeRow[]; filter: string; sort: NodesView['sort'] } | null = null;
  let list: NodeList = { rows: [], all: [], indexOf: () => -1 };
  return (state, view) => {
    const all = rowsOf(state);
    const filter = textOf(view.filter);
    if (seen?.all === all && seen.filter === filter && seen.sort === view.sort) return list;
    seen = { all, filter, sort: view.sort };
    const rows = sortRows(filterRows(all, filter), view.sort);
    let places: Map<string, number> | null = null;
    list = {
      all,
      rows,
      indexOf: (uid) => {
        if (uid === null) return -1;
        places ??= new Map(rows.map((row, index) => [row.node.uid, index]));
        return places.get(uid) ?? -1;
      },
    };
    return list;
  };
}
