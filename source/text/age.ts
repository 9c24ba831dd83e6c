const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Below `under`, an age is told in `unit`, with what is left in `rest` behind it where that is not zero. */
type Step = {
  readonly under: number;
  readonly unit: readonly [number, string];
  readonly rest?: readonly [number, string];
};
const OLDEST: Step = { under: Infinity, unit: [YEAR, 'y'] };
const STEPS: readonly Step[] = [
  { under: 2 * MINUTE, unit: [SECOND, 's'] },
  { under: 10 * MINUTE, unit: [MINUTE, 'm'], rest: [SECOND, 's'] },
  { under: 3 * HOUR, unit: [MINUTE, 'm'] },
  { under: 8 * HOUR, unit: [HOUR, 'h'], rest: [MINUTE, 'm'] },
  { under: 2 * DAY, unit: [HOUR, 'h'] },
  { under: 8 * DAY, unit: [DAY, 'd'], rest: [HOUR, 'h'] },
  { under: 2 * YEAR, unit: [DAY, 'd'] },
  { under: 8 * YEAR, unit: [YEAR, 'y'], rest: [DAY, 'd'] },
];

/**
 * A duration in ms, as kubectl tells ages: two figures while that says something (4m12s, 3h5m, 2y30d), rounded down.
 * A negative one is the skew of two clocks: 0s.
 */
export function age(milliseconds: number): string {
  const time = Math.max(0, milliseconds);
  const { unit, rest } = STEPS.find(({ under }) => time < under) ?? OLDEST;
  const text = `${Math.floor(time / unit[0])}${unit[1]}`;
  const left = rest === undefined ? 0 : Math.floor((time % unit[0]) / rest[0]);
  return rest === undefined || left === 0 ? text : `${text}${left}${rest[1]}`;
}

/** Cells of the longest age below two years, as 9m50s. */
export const WIDEST_AGE = 5;

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** The time of day of an instant (ms since the epoch) in the zone of this process: HH:MM:SS. */
export function clock(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** An instant (ms since the epoch) in RFC 3339, UTC, whole seconds, as Kubernetes writes it. */
export const instant = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** Whether a number is an instant that a Date can hold (ECMAScript: ±8.64e15 ms). */
export const isInstant = (at: number): boolean => Math.abs(at) <= 8.64e15;

/** Ages that are drawn again and again move in steps of this, ms, so that a quiet screen stays quiet. */
export const AGE_STEP = 10_000;

/** How long ago something was, for a screen: told at steps of AGE_STEP. */
export const steadyAge = (since: number, now: number): string =>
  age(Math.floor(Math.max(now - since, 0) / AGE_STEP) * AGE_STEP);
