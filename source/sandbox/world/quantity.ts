const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The quantity that asks for nothing. */
export const NONE = '0';

/**
 * A quantity as a number in its base unit (cores, bytes), exact enough to place pods by. What is no quantity asks for
 * nothing: a pod that a client wrote badly must not stop the others.
 */
export function amount(quantity: string): number {
  const [, digits = NONE, exponent, suffix = ''] = /^([\d.]+)(?:[eE]([+-]?\d+)|([A-Za-z]*))$/.exec(quantity) ?? [];
  const factor = exponent === undefined ? (SUFFIXES[suffix] ?? 1) : 10 ** Number(exponent);
  const value = Number(digits) * factor;
  return Number.isFinite(value) ? value : 0;
}

/** Parts of a unit are rounded up, as the API does; what floating point adds to a whole number is no part. */
const whole = (value: number): number => Math.max(0, Math.ceil(value - 1e-6));

/** A quantity of CPU in whole millicores. */
export const millicores = (quantity: string): number => whole(amount(quantity) * 1000);

/** A quantity of memory, storage or of anything that is counted, in whole units. */
export const units = (quantity: string): number => whole(amount(quantity));

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Whole bytes as the API writes a binary quantity: in the largest unit that leaves a whole number. */
export function binaryQuantity(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value > 0 && value % 1024 === 0 && unit < BINARY.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value}${BINARY[unit] ?? ''}`;
}
