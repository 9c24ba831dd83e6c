/**
 * Kubernetes quantities ("100m", "1.5Gi", "2e3"), exact: whole thousand-millionths in a BigInt, never a float.
 * Source of the rules: the Kubernetes API reference on resource quantities, and the behaviour of its Go code.
 */

/** An exact quantity in thousand-millionths. */
export type Quantity = bigint;

const NANO = 1_000_000_000n;
const MILLI = 1_000_000n;
/** Kubernetes caps a quantity with a binary suffix at the largest int64. */
const BINARY_MOST = (2n ** 63n - 1n) * NANO;
/** Decimal suffixes by power of ten. */
const DECIMAL_SUFFIXES = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 } as const;
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;

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
  if (binary !== undefined) {
    const shift = BigInt(10 * BINARY_SUFFIXES.findIndex((suffix) => suffix === binary));
    nano = timesPowerOfTen(digits << shift, 9 - fraction.length);
    if (nano > BINARY_MOST) nano = BINARY_MOST;
  } else {
    const power =
      exponent === undefined ? DECIMAL_SUFFIXES[decimal as keyof typeof DECIMAL_SUFFIXES] : Number(exponent);
    if (power > MOST_DIGITS) return null;
    nano = timesPowerOfTen(digits, 9 + power - fraction.length);
  }
  return sign === '-' ? -nano : nano;
}

/**
 * Always a safe integer. Kubernetes caps at 2^63-1 what it cannot hold, the console at 2^53-1: 8 PiB, nine million
 * million cores.
 */
const capped = (value: bigint): number =>
  Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));

/** In thousandths, rounded away from zero (CPU: millicores), as Go's MilliValue; capped at 2^53-1 either way. */
export const milliValue = (quantity: Quantity): number => capped(divideUp(quantity, MILLI));

/** In whole units, rounded away from zero (memory: bytes), as Go's Value; capped at 2^53-1 either way. */
export const wholeValue = (quantity: Quantity): number => capped(divideUp(quantity, NANO));
