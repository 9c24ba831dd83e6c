import type { NodeRow } from '../../../state/node-rows.ts';
import type { Ordered } from '../../../state/ordered.ts';

/**
 * Nodes that stand together, under a title that may hold text of the cluster, made visible; null where nothing is
 * grouped by. Without a change of its nodes or their order it is the same object.
 */
export type RowGroup = {
  readonly key: string | null;
  readonly title: string | null;
  /** As the list shows them. */
  readonly rows: Ordered<NodeRow>;
  /** The same by name: what is summed up of them stands when the list is put in another order. */
  readonly byName: Ordered<NodeRow>;
};

/** Groups as they stand below each other, each with as many positions as it has lines: its title, and its nodes. */
export type RowGroups = Ordered<RowGroup>;

/** Lines above the nodes of a group. */
export const headsOf = ({ title }: RowGroup): number => (title === null ? 0 : 1);
