import type { ResourceStatus } from '../model/cluster-event.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import { finished, forEachInSteps, mapInSteps, type Steps } from '../model/headroom/steps.ts';
import type { ClusterState } from './cluster-state.ts';
import { nodeRow, rowSources, type NodeRow, type RowSources } from './node-rows.ts';
import { Ordered, type Order } from './ordered.ts';
import { letterByLetter } from '../text/alphabet.ts';

/** What became of a row: null before where it came, null after where it went. */
export type RowChange = { readonly before: NodeRow | null; readonly after: NodeRow | null };

/** The rows of all nodes at one moment; it never changes. */
export type NodeTable = {
  /** Rises with every table of one maker. */
  readonly number: number;
  /** By name. */
  readonly rows: Ordered<NodeRow>;
  /** What is not as it was in the table with the number before; null where everything may be another. */
  readonly changes: readonly RowChange[] | null;
  /** Another object when a node came or went or has other labels. */
  readonly labels: object;
  /** The row of a node; null where there is none in the table. */
  readonly byUid: (uid: string) => NodeRow | null;
  readonly byName: (name: string) => NodeRow | null;
};

/** Rows by the names of their nodes, letter by letter. */
export const BY_NAME: Order<NodeRow> = { compare: (one, other) => letterByLetter(one.node.name, other.node.name) };

/** Rows in the order of a table. */
export const inTable = (rows: Iterable<NodeRow>): Ordered<NodeRow> =>
  Ordered.of(BY_NAME, [...rows].sort(BY_NAME.compare));

/** Whether a row says the same of what is seen of a resource; how much of it has been read is not in it. */
function isSeenAlike(one: ResourceStatus, other: ResourceStatus): boolean {
  if (one === other) return true;
  switch (one.state) {
    case 'live':
    case 'loading':
      return other.state === one.state;
    case 'stale':
      return other.state === one.state && other.since === one.since;
    case 'denied':
      return other.state === one.state && other.right === one.right;
    case 'absent':
      return other.state === one.state && other.why === one.why;
  }
}

const isShown = ({ state }: ResourceStatus): boolean => state === 'live' || state === 'stale';

/** What a row is made from that changes often; what is not shown anyway is left away. */
type Kept = { readonly node: ClusterNode; readonly sources: RowSources; readonly row: NodeRow };

const sourcesOf = (state: ClusterState, name: string): RowSources => {
  const { sums, pods, usage, metrics } = rowSources(state, name);
  return {
    sums: isShown(pods.status) ? sums : undefined,
    pods,
    usage: isShown(metrics.status) ? usage : undefined,
    metrics,
  };
};

const isMadeAlike = (one: RowSources, other: RowSources): boolean =>
  one.sums === other.sums &&
  one.usage === other.usage &&
  isSeenAlike(one.pods.status, other.pods.status) &&
  isSeenAlike(one.metrics.status, other.metrics.status);

/** Where more than one row of so many has changed, all are put in order anew, which is less work then. */
const MANY = 8;

const hasSameLabels = (one: ClusterNode, other: ClusterNode): boolean => {
  if (one.labels === other.labels) return true;
  const keys = Object.keys(one.labels);
  return keys.length === Object.keys(other.labels).length && keys.every((key) => one.labels[key] === other.labels[key]);
};

/** The table of a state: at once, or bit by bit. One is made at a time. */
export type NodeTables = {
  (state: ClusterState): NodeTable;
  readonly steps: (state: ClusterState) => Steps<NodeTable>;
};

/**
 * Gives the table of a state, and the same one while no row has changed. After a change only the rows of which something
 * changed are looked at; the others are the same objects as before. While it is made bit by bit, each row is true for
 * the moment at which it is looked at, and what comes in meanwhile waits for the next table.
 */
export function createNodeTable(): NodeTables {
  const kept = new Map<string, Kept>();
  const names = new Map<string, string>();
  let looked: { readonly position: number; readonly pods: ResourceStatus; readonly metrics: ResourceStatus } | null =
    null;
  let table = tableOf(0, inTable([]), null, {});

  function tableOf(number: number, rows: Ordered<NodeRow>, changes: NodeTable['changes'], labels: object): NodeTable {
    const byName = (name: string) => rows.find((row) => letterByLetter(name, row.node.name)) ?? null;
    return {
      number,
      rows,
      changes,
      labels,
      byName,
      byUid: (uid) => {
        const name = names.get(uid);
        const row = name === undefined ? null : byName(name);
        return row?.node.uid === uid ? row : null;
      },
    };
  }

  /** Brings what is kept of a name up to date; null where its row is the one that it was. */
  function renewed(state: ClusterState, name: string): RowChange | null {
    const node = state.nodes.get(name);
    const before = kept.get(name);
    if (node === undefined) {
      if (before === undefined) return null;
      kept.delete(name);
      names.delete(before.node.uid);
      return { before: before.row, after: null };
    }
    const sources = sourcesOf(state, name);
    if (before?.node === node && isMadeAlike(before.sources, sources)) return null;
    if (before !== undefined && before.node.uid !== node.uid) names.delete(before.node.uid);
    const row = nodeRow(node, sources);
    kept.set(name, { node, sources, row });
    names.set(node.uid, name);
    return { before: before?.row ?? null, after: row };
  }

  const isOtherNode = ({ before, after }: RowChange): boolean =>
    before === null || after === null || !hasSameLabels(before.node, after.node);

  /** All rows in their order: those that were there as they stood, so that little is left to be put in order. */
  function* allRows(changes: readonly RowChange[]): Steps<Ordered<NodeRow>> {
    const stood = yield* mapInSteps(table.rows, ({ node }) => kept.get(node.name)?.row ?? []);
    const came = changes.flatMap(({ before, after }) => (before === null && after !== null ? [after] : []));
    yield;
    return inTable([...stood.flat(), ...came]);
  }

  function* steps(state: ClusterState): Steps<NodeTable> {
    const position = state.nodeChanges.position;
    const [pods, metrics] = [state.resources.pods.status, state.resources.usage.status];
    const isSameView = looked !== null && isSeenAlike(looked.pods, pods) && isSeenAlike(looked.metrics, metrics);
    const changed = looked === null ? null : state.nodeChanges.since(looked.position);
    looked = { position, pods, metrics };
    const some = isSameView ? changed : null;
    const changes: RowChange[] = [];
    yield* forEachInSteps(some ?? new Set([...kept.keys(), ...state.nodes.keys()]), (name) => {
      const change = renewed(state, name);
      if (change !== null) changes.push(change);
    });
    if (changes.length === 0) return table;
    const few = changes.length > kept.size / MANY ? null : changes;
    const rows = few === null ? yield* allRows(changes) : yield* changedRows(table.rows, few);
    const labels = changes.some(isOtherNode) ? {} : table.labels;
    table = tableOf(table.number + 1, rows, few, labels);
    return table;
  }

  return Object.assign((state: ClusterState) => finished(steps(state)), { steps });
}

/** Rows after changes of some of them. */
function* changedRows(rows: Ordered<NodeRow>, changes: readonly RowChange[]): Steps<Ordered<NodeRow>> {
  let left = rows;
  yield* forEachInSteps(changes, ({ before, after }) => {
    left = left.replace(before, after);
  });
  return left;
}
