/**
 * A figure as the console knows it: one of four values, never zero for unknown.
 * `since` is when a stale value was last known to be true (ms since the epoch).
 */
export type Reading<T> =
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'stale'; readonly value: T; readonly since: number }
  | { readonly state: 'denied'; readonly right: string }
  | { readonly state: 'absent'; readonly why: string };

export const known = <T>(value: T): Reading<T> => ({ state: 'known', value });
export const stale = <T>(value: T, since: number): Reading<T> => ({ state: 'stale', value, since });
export const denied = (right: string): Reading<never> => ({ state: 'denied', right });
export const absent = (why: string): Reading<never> => ({ state: 'absent', why });

/** The same kind of reading with its value, if it has one, turned into another. */
export function mapReading<T, U>(reading: Reading<T>, turn: (value: T) => U): Reading<U> {
  switch (reading.state) {
    case 'known':
      return known(turn(reading.value));
    case 'stale':
      return stale(turn(reading.value), reading.since);
    default:
      return reading;
  }
}

/** The value of a known or stale reading, else null. */
export const valueOf = <T>(reading: Reading<T>): T | null =>
  reading.state === 'known' || reading.state === 'stale' ? reading.value : null;

/** Why a reading has no value, as a clause without a full stop; null when it has one. */
export function whyNot(reading: Reading<unknown>): string | null {
  switch (reading.state) {
    case 'denied':
      return `the right "${reading.right}" is missing`;
    case 'absent':
      return reading.why.replace(/\.$/, '');
    default:
      return null;
  }
}
