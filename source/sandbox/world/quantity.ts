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
