import type { AmountsAndPods } from '../model/headroom/site.ts';
import type { Steps } from '../model/headroom/steps.ts';
import { leftOf, shareOf } from '../model/headroom/sums.ts';
import type { NodeAmounts } from '../model/kubernetes/amounts.ts';
import { takenOn } from './headroom-sum.ts';
import type { NodeRow } from './node-rows.ts';
import { createMeasure, type Measure, type Ordered } from './ordered.ts';

/** What is free on one node; how much ephemeral storage may not be told. */
export type Hole = {
  readonly node: string;
  readonly free: Omit<AmountsAndPods, 'ephemeralStorage'> & Pick<NodeAmounts, 'ephemeralStorage'>;
};

/** What is free on a node of which pods, and all that a pod asks for as a rule, are told. */
function freeOn(row: NodeRow): Hole['free'] | null {
  const taken = takenOn(row);
  if (taken === null) return null;
  const { cpu, memory, pods, ephemeralStorage } = leftOf(row.node.allocatable, taken);
  return cpu === null || memory === null || pods === null ? null : { cpu, memory, ephemeralStorage, pods };
}

/** The largest amounts that any node offers. */
type Largest = { readonly cpu: number; readonly memory: number };
const NOTHING: Largest = { cpu: 0, memory: 0 };

const largest: Measure<NodeRow, Largest> = {
  empty: NOTHING,
  one: ({ node: { allocatable } }) => ({
    cpu: allocatable.cpu ?? NOTHING.cpu,
    memory: allocatable.memory ?? NOTHING.memory,
  }),
  combine: (one, other) => ({ cpu: Math.max(one.cpu, other.cpu), memory: Math.max(one.memory, other.memory) }),
};

/** A hole with its size: of its free CPU and memory, each as a share of the largest, the smaller one. */
type Sized = { readonly size: number; readonly hole: Hole | null };
const NO_HOLE: Sized = { size: 0, hole: null };

function sizedOn(row: NodeRow, whole: Largest): Sized {
  const free = row.open ? freeOn(row) : null;
  if (free === null || free.pods < 1) return NO_HOLE;
  const size = Math.min(shareOf(free.cpu, whole.cpu), shareOf(free.memory, whole.memory));
  return size <= 0 ? NO_HOLE : { size, hole: { node: row.node.name, free } };
}

/** The larger one; of equals the first by name. */
function larger(one: Sized, other: Sized): Sized {
  if (one.hole === null || other.hole === null) return one.hole === null ? other : one;
  if (one.size !== other.size) return one.size > other.size ? one : other;
  return one.hole.node < other.hole.node ? one : other;
}

const holes = (whole: Largest): Measure<NodeRow, Sized> => ({
  empty: NO_HOLE,
  one: (row) => sizedOn(row, whole),
  combine: larger,
});

const fold = <M>(rows: readonly NodeRow[], { empty, one, combine }: Measure<NodeRow, M>): M =>
  rows.reduce((sum, row) => combine(sum, one(row)), empty);

/**
 * The open node that takes the largest single pod: with a free pod slot, and of its free CPU and memory, each as a share
 * of the largest that any node offers, the smaller one the largest; of equals the first by name. Null where pods are
 * not known, or nothing is left.
 */
export const largestHole = (rows: readonly NodeRow[]): Hole | null => fold(rows, holes(fold(rows, largest))).hole;

/** The same for the rows of a table, of which after a change only what changed is looked at: at once, or bit by bit. */
export type LargestHole = {
  (rows: Ordered<NodeRow>): Hole | null;
  readonly steps: (rows: Ordered<NodeRow>) => Steps<void>;
};

export function createLargestHole(): LargestHole {
  const largestOf = createMeasure(largest);
  let whole = NOTHING;
  let sized = createMeasure(holes(whole));
  const holeOf = (now: Largest) => {
    // What a hole is a share of seldom changes; then all are sized anew.
    if (now.cpu !== whole.cpu || now.memory !== whole.memory) {
      whole = now;
      sized = createMeasure(holes(whole));
    }
    return sized;
  };
  function* steps(rows: Ordered<NodeRow>): Steps<void> {
    yield* largestOf.steps(rows);
    yield* holeOf(largestOf(rows)).steps(rows);
  }
  return Object.assign((rows: Ordered<NodeRow>) => holeOf(largestOf(rows))(rows).hole, { steps });
}
