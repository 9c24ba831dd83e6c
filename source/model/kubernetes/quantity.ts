/**
 * Kubernetes quantities ("100m", "1.5Gi", "2e3"), exact: whole thousand-millionths in a BigInt, never a float.
 * Source of the rules: the Kubernetes API reference on resource quantities, and the behaviour of its Go code.
 */

/** How a quantity was written, which decides how it is written back. */
type Notation = 'binary' | 'decimal' | 'exponent';

/** An exact quantity. Opaque: use the functions of this file. */
export type Quantity = { readonly nano: bigint; readonly notation: Notation };

const NANO = 1_000_000_000n;
const MILLI = 1_000_000n;
/** Kubernetes caps a quantity with a binary suffix at the largest int64. */
const BINARY_MOST = (2n ** 63n - 1n) * NANO;
/** Decimal suffixes by power of ten. */
const DECIMAL_SUFFIXES = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 } as const;
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const SUFFIX_OF_POWER = new Map<number, string>(Object.entries(DECIMAL_SUFFIXES).map(([text, power]) => [power, text]));

const GRAMMAR = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d+))$/;
/** More digits than any machine has bytes; hostile text must not cost more than a look at it. */
const MOST_DIGITS = 1000;

/** `digits` × 10^`power`, rounded away from zero to a whole number. `digits` is not negative. */
function timesPowerOfTen(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  if (digits === 0n) return 0n;
  if (power < -2 * MOST_DIGITS) return 1n;
  return divideUp(digits, 10n ** BigInt(-power));
}

/** Quotient of two numbers rounded away from zero; `by` is positive. */
function divideUp(value: bigint, by: bigint): bigint {
  const whole = value / by;
  if (whole * by === value) return whole;
  return value < 0n ? whole - 1n : whole + 1n;
}

/**
 * The quantity that `text` means, or null when it is none. As Kubernetes does it, what is finer than a
 * thousand-millionth is rounded away from zero and a binary quantity is capped at 2^63-1. Stricter than Kubernetes in
 * two things that no API server sends: at least one digit is needed, and a number of more than 1000 digits is refused.
 */
export function parseQuantity(text: string): Quantity | null {
  if (text.length > MOST_DIGITS) return null;
  const match = GRAMMAR.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = match[4] ?? '', , binary, decimal, exponent] = match;
  const digits = BigInt(whole + fraction);
  let nano: bigint;
  let notation: Notation;
  if (binary !== undefined) {
    const shift = BigInt(10 * BINARY_SUFFIXES.findIndex((suffix) => suffix === binary));
    nano = timesPowerOfTen(digits << shift, 9 - fraction.length);
    if (nano > BINARY_MOST) nano = BINARY_MOST;
    notation = nano < NANO && nano > 0n ? 'decimal' : 'binary';
  } else {
    const power =
      exponent === undefined ? DECIMAL_SUFFIXES[decimal as keyof typeof DECIMAL_SUFFIXES] : Number(exponent);
    if (power > MOST_DIGITS) return null;
    nano = timesPowerOfTen(digits, 9 + power - fraction.length);
    notation = exponent === undefined ? 'decimal' : 'exponent';
  }
  return { nano: sign === '-' ? -nano : nano, notation };
}

/**
 * Always a safe integer. Kubernetes caps at 2^63-1 what it cannot hold, the console at 2^53-1: 8 PiB, nine million
 * million cores.
 */
const capped = (value: bigint): number =>
  Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));

/** In thousandths, rounded away from zero (CPU: millicores), as Go's MilliValue; capped at 2^53-1 either way. */
export const milliValue = (quantity: Quantity): number => capped(divideUp(quantity.nano, MILLI));

/** In whole units, rounded away from zero (memory: bytes), as Go's Value; capped at 2^53-1 either way. */
export const wholeValue = (quantity: Quantity): number => capped(divideUp(quantity.nano, NANO));

/** Negative, zero or positive, as for Array.sort. How a quantity is written does not matter. */
export const compareQuantities = (one: Quantity, other: Quantity): number =>
  one.nano < other.nano ? -1 : one.nano > other.nano ? 1 : 0;

/** The exact sum, written as the first one is, or as the second when the first is zero. */
export const addQuantities = (one: Quantity, other: Quantity): Quantity => ({
  nano: one.nano + other.nano,
  notation: one.nano === 0n ? other.notation : one.notation,
});

/** Divides by `by` as long as that leaves nothing over, at most `most` times. */
function factorsOf(value: bigint, by: bigint, most: number): { rest: bigint; times: number } {
  let rest = value;
  let times = 0;
  while (times < most && rest % by === 0n) {
    rest /= by;
    times += 1;
  }
  return { rest, times };
}

/**
 * The canonical form: no fraction, the largest suffix that loses nothing, a sign only for negative values. A binary
 * quantity below 1Ki or with a fraction is written with a decimal suffix, a decimal one beyond E with an exponent.
 * (Kubernetes echoes some odd spellings, such as "+1" or "5.", as they came; their canonical form is given here.)
 */
export function formatQuantity({ nano, notation }: Quantity): string {
  if (nano === 0n) return '0';
  if (notation === 'binary' && nano % NANO === 0n && (nano >= 1024n * NANO || nano <= -1024n * NANO)) {
    const { rest, times } = factorsOf(nano / NANO, 1024n, BINARY_SUFFIXES.length - 1);
    return `${rest.toString()}${BINARY_SUFFIXES[times] ?? ''}`;
  }
  const { rest, times } = factorsOf(nano, 1000n, Infinity);
  const power = 3 * times - 9;
  const suffix = notation === 'exponent' ? undefined : SUFFIX_OF_POWER.get(power);
  return `${rest.toString()}${suffix ?? (power === 0 ? '' : `e${power}`)}`;
}
