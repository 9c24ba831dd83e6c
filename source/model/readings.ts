import { known, stale, type Reading } from './reading.ts';

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
  let missing: Reading<never> | null = null;
  let oldest: number | null = null;
  return {
    add(reading) {
      if (reading.state === 'stale') oldest = oldest === null ? reading.since : Math.min(oldest, reading.since);
      else if (reading.state === 'denied') missing = missing?.state === 'denied' ? missing : reading;
      else if (reading.state === 'absent') missing ??= reading;
    },
    of: (value) => missing ?? (oldest === null ? known(value) : stale(value, oldest)),
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
