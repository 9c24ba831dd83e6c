import { forEachInSteps, sortInSteps, type Steps } from '../../../model/headroom/steps.ts';
import { labelOf } from '../../../operations/change.ts';
import { NODE_GROUPS, PLANES, type NodeGroup } from '../../../product/node-groups.ts';
import { ROLES } from '../../../product/roles.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { BY_NAME, type RowChange } from '../../../state/node-table.ts';
import { Ordered, type Order } from '../../../state/ordered.ts';
import { alphabetical, letters, type Letters } from '../../../text/alphabet.ts';
import { visible } from '../../../text/visible.ts';
import type { Grouping } from '../../view.ts';
import { headSteps } from './group-row.ts';
import { headsOf, type RowGroup, type RowGroups } from './row-group.ts';
import type { RowOrder } from './row-order.ts';

/** How nodes are grouped: by keys, of which a node may have several; null is the key of those that have none. */
type Way = {
  readonly keysOf: (row: NodeRow) => readonly (string | null)[];
  readonly compare: (one: string | null, other: string | null) => number;
  readonly title: (key: string | null) => string | null;
};

/** Keys that are known, in the order of a table, which gives their titles too. */
const inTableOrder = (titles: Readonly<Record<string, string>>, keysOf: Way['keysOf']): Way => {
  const places = new Map(Object.keys(titles).map((key, place) => [key, place]));
  const placeOf = (key: string | null): number => places.get(key ?? '') ?? places.size;
  return {
    keysOf,
    compare: (one, other) => placeOf(one) - placeOf(other),
    title: (key) => titles[key ?? ''] ?? key,
  };
};

const titled = (names: readonly string[], title: (name: string) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, title(name)]));

const GROUP_TITLES: Readonly<Record<NodeGroup, string>> = {
  'control-plane': 'control plane',
  infra: 'infra',
  workload: 'workload',
};
const NO_ROLE = '';

const WAYS: Readonly<Record<Exclude<Grouping['by'], 'label'>, Way>> = {
  group: inTableOrder(
    titled(NODE_GROUPS, (group) => GROUP_TITLES[group as NodeGroup]),
    ({ group }) => [group],
  ),
  role: inTableOrder({ ...titled(ROLES, (role) => role), [NO_ROLE]: 'without a role' }, ({ roles }) =>
    roles.length === 0 ? [NO_ROLE] : roles,
  ),
  plane: inTableOrder(
    titled(PLANES, (plane) => `${plane} plane`),
    ({ serves }) => serves,
  ),
  nothing: { keysOf: () => [null], compare: () => 0, title: () => null },
};

/** Values of labels as they are put in order; each is compared many times. */
const MOST_VALUES = 16_384;
const values = new Map<string, Letters>();
function lettersOf(value: string): Letters {
  const before = values.get(value);
  if (before !== undefined) return before;
  if (values.size >= MOST_VALUES) values.clear();
  const made = letters(value);
  values.set(value, made);
  return made;
}

const byLabel = (label: string): Way => ({
  keysOf: ({ node }) => [labelOf(node, label)],
  compare: (one, other) => {
    if (one === other) return 0;
    if (one === null || other === null) return one === null ? 1 : -1;
    return alphabetical(lettersOf(one), lettersOf(other));
  },
  title: (value) => (value === null ? `without ${visible(label)}` : `${visible(label)}=${visible(value)}`),
});

const wayOf = (grouping: Grouping): Way => (grouping.by === 'label' ? byLabel(grouping.key) : WAYS[grouping.by]);

const orderOf = ({ compare }: Way): Order<RowGroup> => ({
  compare: (one, other) => compare(one.key, other.key),
  weigh: (group) => headsOf(group) + group.rows.size,
});

/**
 * The rows, which stand by name, in groups; groups without a node are left out. By role and by plane a node stands in
 * each group that it belongs to.
 */
export function* groupRows(named: Iterable<NodeRow>, grouping: Grouping, order: RowOrder): Steps<RowGroups> {
  const way = wayOf(grouping);
  const members = new Map<string | null, NodeRow[]>();
  yield* forEachInSteps(named, (row) => {
    for (const key of way.keysOf(row)) {
      const group = members.get(key);
      if (group === undefined) members.set(key, [row]);
      else group.push(row);
    }
  });
  const groups: RowGroup[] = [];
  for (const [key, rows] of members) {
    const group = {
      key,
      title: way.title(key),
      rows: Ordered.of(order, yield* order.sorted(rows)),
      byName: Ordered.of(BY_NAME, rows),
    };
    yield* headSteps(group);
    groups.push(group);
  }
  return Ordered.of(orderOf(way), yield* sortInSteps(groups, orderOf(way).compare));
}

/** The groups with their rows in another order. */
export function* resorted(groups: RowGroups, grouping: Grouping, order: RowOrder): Steps<RowGroups> {
  const others: RowGroup[] = [];
  for (const group of groups) others.push({ ...group, rows: Ordered.of(order, yield* order.sorted(group.byName)) });
  return Ordered.of(orderOf(wayOf(grouping)), others);
}

/** The groups with some of their rows, which keep their order; without those of which no row is left. */
export function* keptGroups(
  groups: RowGroups,
  isKept: (row: NodeRow) => boolean,
  grouping: Grouping,
  order: RowOrder,
): Steps<RowGroups> {
  const kept: RowGroup[] = [];
  for (const group of groups) {
    const some = {
      ...group,
      rows: Ordered.of(order, [...group.rows].filter(isKept)),
      byName: Ordered.of(BY_NAME, [...group.byName].filter(isKept)),
    };
    yield* headSteps(some);
    kept.push(some);
  }
  return Ordered.of(
    orderOf(wayOf(grouping)),
    kept.filter(({ rows }) => rows.size > 0),
  );
}

/** Groups after changes of some rows. */
export function* regrouped(
  groups: RowGroups,
  changes: readonly RowChange[],
  grouping: Grouping,
  order: RowOrder,
): Steps<RowGroups> {
  const way = wayOf(grouping);
  const touched = new Map<string | null, Pick<RowGroup, 'rows' | 'byName'>>();
  const replace = (key: string | null, before: NodeRow | null, after: NodeRow | null): void => {
    const { rows, byName } = touched.get(key) ??
      groupOf(groups, key, way) ?? { rows: Ordered.of(order), byName: Ordered.of(BY_NAME) };
    touched.set(key, { rows: rows.replace(before, after), byName: byName.replace(before, after) });
  };
  const keysOf = (row: NodeRow | null): readonly (string | null)[] => (row === null ? [] : way.keysOf(row));
  yield* forEachInSteps(changes, ({ before, after }) => {
    const [left, entered] = [keysOf(before), keysOf(after)];
    for (const key of left) replace(key, before, entered.includes(key) ? after : null);
    for (const key of entered) if (!left.includes(key)) replace(key, null, after);
  });
  let next = groups;
  for (const [key, nodes] of touched) {
    const group = { key, title: way.title(key), ...nodes };
    yield* headSteps(group);
    next = nodes.rows.size === 0 ? next.remove(group) : next.put(group);
  }
  return next;
}

const groupOf = (groups: RowGroups, key: string | null, { compare }: Way): RowGroup | undefined =>
  groups.find((group) => compare(key, group.key));

/** The lines on which a row stands, in each group that it belongs to; none where it is not among them. */
export function linesOfRow(groups: RowGroups, row: NodeRow, grouping: Grouping): readonly number[] {
  const way = wayOf(grouping);
  return way
    .keysOf(row)
    .flatMap((key) => {
      const group = groupOf(groups, key, way);
      const own = group?.rows.placeOf(row) ?? -1;
      return group === undefined || own === -1 ? [] : [groups.placeOf(group) + headsOf(group) + own];
    })
    .sort((one, other) => one - other);
}

/** Every label of the rows, with the number of groups that it makes; all of them in one pass. */
export function* labelGroups(rows: Iterable<NodeRow>): Steps<ReadonlyMap<string, number>> {
  let all = 0;
  const found = new Map<string, { readonly values: Set<string>; nodes: number }>();
  yield* forEachInSteps(rows, ({ node }) => {
    all += 1;
    for (const [key, value] of Object.entries(node.labels)) {
      const one = found.get(key) ?? { values: new Set<string>(), nodes: 0 };
      one.values.add(value);
      one.nodes += 1;
      found.set(key, one);
    }
  });
  return new Map([...found].map(([key, { values, nodes }]) => [key, values.size + (nodes < all ? 1 : 0)]));
}

/** Whether a node may stand in more than one group, so that groups do not add up to the whole. */
export const countsTwice = ({ by }: Grouping): boolean => by === 'role' || by === 'plane';

/** What a grouping is called, as in "by role". */
export const groupingWords = (grouping: Grouping): string =>
  grouping.by === 'label' ? visible(grouping.key) : grouping.by;
