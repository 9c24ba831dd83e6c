import type { Reading } from '../model/reading.ts';
import { valueOf, whyNot } from '../model/reading.ts';
import { instant } from '../text/age.ts';

type Told<N extends string, U> = Record<N, U | null> & Partial<Record<`${N}Why` | `${N}StaleSince`, string>>;

export const instantOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : instant(milliseconds);

/** A reading as fields of an answer: its value, or null with `<name>Why`; for a stale one also `<name>StaleSince`. */
export function told<N extends string, T, U>(name: N, reading: Reading<T>, turn: (value: T) => U): Told<N, U> {
  const value = valueOf(reading);
  const fields: Record<string, unknown> = { [name]: value === null ? null : turn(value) };
  const why = whyNot(reading);
  if (why !== null) fields[`${name}Why`] = why;
  if (reading.state === 'stale') fields[`${name}StaleSince`] = instant(reading.since);
  return fields as Told<N, U>;
}
