import { mapInSteps, sortInSteps, type Steps } from '../../../model/headroom/steps.ts';
import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import type { Order } from '../../../state/ordered.ts';
import { alphabetical, letters, type Letters } from '../../../text/alphabet.ts';
import type { NodesView } from '../../view.ts';
import { columnOf } from './columns.ts';

/** What a row is put in order by, worked out once for a row and an order. */
type Key = { readonly value: number | Letters | null; readonly name: Letters };

const asLetters = (value: number | Letters): Letters => (typeof value === 'number' ? letters(String(value)) : value);

/** A column has numbers or texts. */
const byValue = (one: number | Letters, other: number | Letters): number =>
  typeof one === 'number' && typeof other === 'number' ? one - other : alphabetical(asLetters(one), asLetters(other));

function compareKeys(one: Key, other: Key, direction: 1 | -1): number {
  if (one.value === null || other.value === null) {
    if (one.value !== other.value) return one.value === null ? 1 : -1;
  } else {
    const order = byValue(one.value, other.value);
    if (order !== 0) return order * direction;
  }
  return alphabetical(one.name, other.name);
}

/** The name of a node is compared in every order. */
const names = new WeakMap<ClusterNode, Letters>();
function nameOf({ node }: NodeRow): Letters {
  const before = names.get(node);
  if (before !== undefined) return before;
  const made = letters(node.name);
  names.set(node, made);
  return made;
}

/** An order of rows, and how many are put in it. */
export type RowOrder = Order<NodeRow> & { readonly sorted: (rows: Iterable<NodeRow>) => Steps<readonly NodeRow[]> };

/** By the values of a column, unknown ones last in either direction, then by name. */
export function rowOrder({ column: id, descending }: NodesView['sort']): RowOrder {
  const column = columnOf(id);
  const direction = descending ? -1 : 1;
  const made = new WeakMap<object, Key>();
  const keyOf = (row: NodeRow): Key => {
    // A Node lives longer than its row, which is made anew with each of its pods.
    const source = column?.ofNode === false ? row : row.node;
    const before = made.get(source);
    if (before !== undefined) return before;
    const value = column === undefined ? null : column.sortValue(row);
    const name = nameOf(row);
    const text = value === name.text ? name : value;
    const key = { value: typeof text === 'string' ? letters(text) : text, name };
    made.set(source, key);
    return key;
  };
  return {
    compare: (one, other) => compareKeys(keyOf(one), keyOf(other), direction),
    *sorted(rows) {
      const keyed = yield* mapInSteps(rows, (row) => ({ row, key: keyOf(row) }));
      const sorted = yield* sortInSteps(keyed, (one, other) => compareKeys(one.key, other.key, direction));
      return sorted.map(({ row }) => row);
    },
  };
}
