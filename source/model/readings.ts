import { known, stale, type Reading } from './reading.ts';

/**
 * Many readings as one of all their values: denied where one is denied, else absent where one is absent (with the
 * first reason), else as stale as the oldest. Of no readings, the values are none, and known.
 */
export function allOf<T>(readings: Iterable<Reading<T>>): Reading<readonly T[]> {
  const values: T[] = [];
  let missing: Reading<never> | null = null;
  let oldest: number | null = null;
  for (const reading of readings)
    switch (reading.state) {
      case 'denied':
        return reading;
      case 'absent':
        missing ??= reading;
        break;
      case 'stale':
        oldest = Math.min(oldest ?? reading.since, reading.since);
        values.push(reading.value);
        break;
      case 'known':
        values.push(reading.value);
    }
  if (missing !== null) return missing;
  return oldest === null ? known(values) : stale(values, oldest);
}
