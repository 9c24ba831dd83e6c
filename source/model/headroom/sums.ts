import { NO_AMOUNTS, type NodeAmounts } from '../kubernetes/amounts.ts';
import { absent, known, type Reading } from '../reading.ts';
import type { AmountsAndPods } from './site.ts';

export const NOTHING: AmountsAndPods = { ...NO_AMOUNTS, pods: 0 };

/** What nodes tell together, resource by resource: a node that leaves one out still counts for the others. */
export type Told = NodeAmounts & {
  readonly nodes: number;
};

export const NOBODY: Told = { nodes: 0, cpu: null, memory: null, ephemeralStorage: null, pods: null };

/** What one node tells. */
export const toldOf = ({ cpu, memory, ephemeralStorage, pods }: NodeAmounts): Told => ({
  nodes: 1,
  cpu,
  memory,
  ephemeralStorage,
  pods,
});

const plus = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : one + other;

/** What both tell. Associative, as far as sums stay below 2^53. */
export const bothTold = (one: Told, other: Told): Told =>
  one.nodes === 0
    ? other
    : other.nodes === 0
      ? one
      : {
          nodes: one.nodes + other.nodes,
          cpu: plus(one.cpu, other.cpu),
          memory: plus(one.memory, other.memory),
          ephemeralStorage: plus(one.ephemeralStorage, other.ephemeralStorage),
          pods: plus(one.pods, other.pods),
        };

const capped = (sum: number | null): number | null => (sum === null ? null : Math.min(Number.MAX_SAFE_INTEGER, sum));

/**
 * The sum as a reading, capped at 2^53-1: known as nothing where there are no nodes; absent where none of them tells
 * anything.
 */
export function toldReading({ nodes, cpu, memory, ephemeralStorage, pods }: Told): Reading<NodeAmounts> {
  if (nodes === 0) return known(NOTHING);
  return cpu === null && memory === null && ephemeralStorage === null && pods === null
    ? absent('no node here says what it offers')
    : known({
        cpu: capped(cpu),
        memory: capped(memory),
        ephemeralStorage: capped(ephemeralStorage),
        pods: capped(pods),
      });
}

/** What many nodes tell together. */
export const toldSum = (amounts: Iterable<NodeAmounts>): Reading<NodeAmounts> => {
  let sum = NOBODY;
  for (const one of amounts) sum = bothTold(sum, toldOf(one));
  return toldReading(sum);
};

const left = (whole: number | null, taken: number): number | null => (whole === null ? null : whole - taken);

/** What is left of what a node offers: negative where it is over-committed, null where it does not say. */
export const leftOf = (offered: NodeAmounts, taken: AmountsAndPods): NodeAmounts => ({
  cpu: left(offered.cpu, taken.cpu),
  memory: left(offered.memory, taken.memory),
  ephemeralStorage: left(offered.ephemeralStorage, taken.ephemeralStorage),
  pods: left(offered.pods, taken.pods),
});

type Machine = Pick<NodeAmounts, 'cpu' | 'memory'>;

/** The larger of the shares that CPU and memory are of a whole. */
export const dominantShare = (part: Machine, whole: Machine): number =>
  Math.max(shareOf(part.cpu, whole.cpu), shareOf(part.memory, whole.memory));

/** A share of a whole; of nothing, or of what is not told, no share. */
export const shareOf = (part: number | null, whole: number | null): number =>
  part === null || whole === null || whole === 0 ? 0 : part / whole;
