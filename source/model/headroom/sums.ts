import { NO_AMOUNTS, type NodeAmounts } from '../kubernetes/amounts.ts';
import { absent, known, type Reading } from '../reading.ts';
import type { AmountsAndPods } from './site.ts';

export const NOTHING: AmountsAndPods = { ...NO_AMOUNTS, pods: 0 };

const MOST = Number.MAX_SAFE_INTEGER;
const grown = (sum: number | null, part: number | null): number | null =>
  part === null ? sum : sum === null ? part : Math.min(MOST, sum + part);

/** A sum over nodes of what each tells, resource by resource: a node that leaves one out still counts for the others. */
export type ToldSum = {
  add(amounts: NodeAmounts): void;
  /** Known as nothing where there are no nodes; absent where none of them tells anything. */
  total(): Reading<NodeAmounts>;
};

export function toldSum(): ToldSum {
  let nodes = 0;
  /** Null as long as no node tells the resource. */
  const sum: { -readonly [K in keyof NodeAmounts]: NodeAmounts[K] } = {
    cpu: null,
    memory: null,
    ephemeralStorage: null,
    pods: null,
  };
  return {
    add({ cpu, memory, ephemeralStorage, pods }) {
      nodes += 1;
      sum.cpu = grown(sum.cpu, cpu);
      sum.memory = grown(sum.memory, memory);
      sum.ephemeralStorage = grown(sum.ephemeralStorage, ephemeralStorage);
      sum.pods = grown(sum.pods, pods);
    },
    total() {
      if (nodes === 0) return known(NOTHING);
      return Object.values(sum).every((amount) => amount === null)
        ? absent('no node here says what it offers')
        : known({ ...sum });
    },
  };
}

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
