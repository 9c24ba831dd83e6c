/** Multipliers of the quantity suffixes that this world itself writes. */
const SUFFIXES: Readonly<Record<string, number>> = {
  '': 1,
  m: 1 / 1000,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** A quantity as a number in its base unit (cores, bytes); not a number for what this world never writes. */
export function amount(quantity: string): number {
  const [, digits = '', suffix = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  return digits === '' ? Number.NaN : Number(digits) * (SUFFIXES[suffix] ?? Number.NaN);
}
