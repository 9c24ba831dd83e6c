import { known, stale, type Reading } from './reading.ts';

/** How well several readings are known together: why they are not, or since when the oldest of them was true. */
export type Knowledge = { readonly missing: Reading<never> | null; readonly oldest: number | null };

export const WHOLE: Knowledge = { missing: null, oldest: null };

/** How well one reading is known. */
export function knowledgeOf(reading: Reading<unknown>): Knowledge {
  switch (reading.state) {
    case 'known':
      return WHOLE;
    case 'stale':
      return { missing: null, oldest: reading.since };
    default:
      return { missing: reading, oldest: null };
  }
}

const isDenied = ({ missing }: Knowledge): boolean => missing?.state === 'denied';

const older = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.min(one, other);

/** Of both together: what is denied says more than what is absent, and of the like the first. Associative. */
export function bothKnown(one: Knowledge, other: Knowledge): Knowledge {
  if (one === WHOLE) return other;
  if (other === WHOLE) return one;
  const missing = isDenied(other) && !isDenied(one) ? other.missing : (one.missing ?? other.missing);
  return { missing, oldest: older(one.oldest, other.oldest) };
}

/** A reading of what was made of all of them. */
export const readingOf = <T>({ missing, oldest }: Knowledge, value: T): Reading<T> =>
  missing ?? (oldest === null ? known(value) : stale(value, oldest));

/** Many readings as one, without keeping them. */
export type Together = {
  /** Takes one more reading into account. */
  add(reading: Reading<unknown>): void;
  /**
   * What is made of all of them: denied where one is denied, else absent where one is absent (with the first reason),
   * else as stale as the oldest. Of no readings it is known.
   */
  of<T>(value: T): Reading<T>;
};

export function together(): Together {
  let all = WHOLE;
  return {
    add(reading) {
      all = bothKnown(all, knowledgeOf(reading));
    },
    of: (value) => readingOf(all, value),
  };
}

/** Many readings as one of all their values. */
export function allOf<T>(readings: Iterable<Reading<T>>): Reading<readonly T[]> {
  const all = together();
  const values: T[] = [];
  for (const reading of readings) {
    all.add(reading);
    if (reading.state === 'known' || reading.state === 'stale') values.push(reading.value);
  }
  return all.of(values);
}
