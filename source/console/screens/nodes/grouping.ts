import { labelOf } from '../../../operations/change.ts';
import { NODE_GROUPS, PLANES, type NodeGroup } from '../../../product/node-groups.ts';
import { ROLES } from '../../../product/roles.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { visible } from '../../../text/visible.ts';
import type { Grouping } from '../../view.ts';

/** Nodes that stand together, under a title that may hold text of the cluster, made visible. */
export type RowGroup = { readonly title: string; readonly rows: readonly NodeRow[] };

const GROUP_TITLES: Readonly<Record<NodeGroup, string>> = {
  'control-plane': 'control plane',
  infra: 'infra',
  workload: 'workload',
};

/** What can be grouped by, besides labels, with the titles of its groups in their order and those of one node. */
type Way = { readonly titles: readonly string[]; readonly of: (row: NodeRow) => readonly string[] };

const WAYS: Readonly<Record<Exclude<Grouping['by'], 'label' | 'nothing'>, Way>> = {
  group: { titles: NODE_GROUPS.map((group) => GROUP_TITLES[group]), of: ({ group }) => [GROUP_TITLES[group]] },
  role: {
    titles: [...ROLES, 'without a role'],
    of: ({ roles }) => (roles.length === 0 ? ['without a role'] : roles),
  },
  plane: {
    titles: PLANES.map((plane) => `${plane} plane`),
    of: ({ serves }) => serves.map((plane) => `${plane} plane`),
  },
};

const alphabet = new Intl.Collator('en', { numeric: true });

function byLabel(rows: readonly NodeRow[], key: string): readonly RowGroup[] {
  const groups = Map.groupBy(rows, ({ node }) => labelOf(node, key));
  const title = (value: string | null): string =>
    value === null ? `without ${visible(key)}` : `${visible(key)}=${visible(value)}`;
  return [...groups]
    .sort(([one], [other]) => (one === null ? 1 : other === null ? -1 : alphabet.compare(one, other)))
    .map(([value, members]) => ({ title: title(value), rows: members }));
}

/**
 * The rows in groups, their order kept within each; groups without a node are left out. By role and by plane a node
 * stands in each group that it belongs to. Null when nothing is grouped by.
 */
export function groupRows(rows: readonly NodeRow[], grouping: Grouping): readonly RowGroup[] | null {
  if (grouping.by === 'nothing') return null;
  if (grouping.by === 'label') return byLabel(rows, grouping.key);
  const { titles, of } = WAYS[grouping.by];
  const groups = new Map<string, NodeRow[]>(titles.map((title) => [title, []]));
  for (const row of rows) for (const title of of(row)) groups.get(title)?.push(row);
  return [...groups].filter(([, members]) => members.length > 0).map(([title, members]) => ({ title, rows: members }));
}

/** Every label of the rows, with the number of groups that it makes; all of them in one pass. */
export function labelGroups(rows: readonly NodeRow[]): ReadonlyMap<string, number> {
  const found = new Map<string, { readonly values: Set<string>; nodes: number }>();
  for (const { node } of rows)
    for (const [key, value] of Object.entries(node.labels)) {
      const one = found.get(key) ?? { values: new Set<string>(), nodes: 0 };
      one.values.add(value);
      one.nodes += 1;
      found.set(key, one);
    }
  return new Map([...found].map(([key, { values, nodes }]) => [key, values.size + (nodes < rows.length ? 1 : 0)]));
}

/** Whether a node may stand in more than one group, so that groups do not add up to the whole. */
export const countsTwice = ({ by }: Grouping): boolean => by === 'role' || by === 'plane';

/** What a grouping is called, as in "by role". */
export const groupingWords = (grouping: Grouping): string =>
  grouping.by === 'label' ? visible(grouping.key) : grouping.by;
