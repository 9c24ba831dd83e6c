import { addAmounts, NO_AMOUNTS, subtractAmounts, type NodeAmounts } from '../kubernetes/amounts.ts';
import type { AmountsAndPods } from './site.ts';

export const NOTHING: AmountsAndPods = { ...NO_AMOUNTS, pods: 0 };

export const plus = (one: AmountsAndPods, other: AmountsAndPods): AmountsAndPods => ({
  ...addAmounts(one, other),
  pods: one.pods + other.pods,
});

export const minus = (one: AmountsAndPods, other: AmountsAndPods): AmountsAndPods => ({
  ...subtractAmounts(one, other),
  pods: one.pods - other.pods,
});

/** The amounts where all of them are told, else null: what is told in part is in no sum. */
export function toldInFull({ cpu, memory, ephemeralStorage, pods }: NodeAmounts): AmountsAndPods | null {
  if (cpu === null || memory === null || ephemeralStorage === null || pods === null) return null;
  return { cpu, memory, ephemeralStorage, pods };
}

/** The larger of the shares that CPU and memory are of a whole; of nothing, no share. */
export const dominantShare = (
  part: Pick<NodeAmounts, 'cpu' | 'memory'>,
  whole: Pick<AmountsAndPods, 'cpu' | 'memory'>,
): number => Math.max(shareOf(part.cpu, whole.cpu), shareOf(part.memory, whole.memory));

/** A share of a whole; of nothing, or of what is not told, no share. */
export const shareOf = (part: number | null, whole: number): number =>
  part === null || whole === 0 ? 0 : part / whole;
