import type { Kind } from '../../../state/headroom.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { createMeasure, type Ordered } from '../../../state/ordered.ts';

/** What machines have together: CPU in millicores, memory in bytes; null as soon as one of them does not say. */
export type Capacity = { readonly cpu: number | null; readonly memory: number | null };

const NONE: Capacity = { cpu: 0, memory: 0 };

const plus = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : one + other;

const measures = new WeakMap<Kind, (rows: Ordered<NodeRow>) => Capacity>();

/** What the machines of a kind have; after a change only what changed is looked at. */
export function capacityOf(kind: Kind, rows: Ordered<NodeRow>): Capacity {
  const measure =
    measures.get(kind) ??
    createMeasure<NodeRow, Capacity>({
      empty: NONE,
      one: (row) => (kind.is(row) ? row.node.capacity : NONE),
      combine: (one, other) => ({ cpu: plus(one.cpu, other.cpu), memory: plus(one.memory, other.memory) }),
    });
  measures.set(kind, measure);
  return measure(rows);
}
