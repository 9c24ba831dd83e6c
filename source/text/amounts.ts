import type { NodeAmounts } from '../model/kubernetes/amounts.ts';

/**
 * `down` is for what is free, which must never look like more than there is; `up` for what is missing, which must
 * suffice. Halves are rounded up.
 */
export type Rounding = { readonly round?: 'nearest' | 'down' | 'up' };

/** Drawn where a figure is not known: never a zero. */
export const UNKNOWN = '?';

/** `value` / `unit` in decimal notation with at most `places` decimals, without trailing zeros. Exact. */
function decimal(value: bigint, unit: bigint, places: number, { round = 'nearest' }: Rounding): string {
  const scale = 10n ** BigInt(places);
  const scaled = value * scale * 2n + { nearest: unit, down: 0n, up: unit * 2n - 1n }[round];
  const steps = floorDivide(scaled, unit * 2n);
  const size = (steps < 0n ? -steps : steps).toString().padStart(places + 1, '0');
  const fraction = places === 0 ? '' : size.slice(-places).replace(/0+$/, '');
  const whole = places === 0 ? size : size.slice(0, -places);
  return `${steps < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Below this, and in units below it, what `decimal` works with is exact in a number, which is much quicker. */
const MOST_EXACT = 2 ** 40;

/** The same as `decimal` for what is small enough, else null. */
function quickDecimal(value: number, unit: number, places: number, { round = 'nearest' }: Rounding): string | null {
  const scale = 10 ** places;
  if (!(Math.abs(value) < MOST_EXACT && unit * scale <= MOST_EXACT)) return null;
  const scaled = value * scale * 2 + (round === 'nearest' ? unit : round === 'down' ? 0 : unit * 2 - 1);
  const by = unit * 2;
  const steps = (scaled - (((scaled % by) + by) % by)) / by;
  const size = Math.abs(steps);
  const sign = steps < 0 ? '-' : '';
  if (places === 0) return `${sign}${size}`;
  const fraction = String(size % scale)
    .padStart(places, '0')
    .replace(/0+$/, '');
  return `${sign}${Math.floor(size / scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

const floorDivide = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;

/** The number of decimals that leaves about three digits to read. */
const placesFor = (size: number, steps: readonly (readonly [below: number, places: number])[]): number =>
  steps.find(([below]) => size < below)?.[1] ?? 0;

const CORE_PLACES = [
  [10, 3],
  [10_000, 2],
  [1_000_000, 1],
] as const;

/**
 * Millicores as cores: 0.25, 2.4, 16, 23.5. Two decimals below 10 cores, one below 1000, none above; three below a
 * hundredth of a core, so that little does not look like nothing.
 */
export function cores(millicores: number, rounding: Rounding = {}): string {
  const [whole, places] = [Math.floor(millicores), placesFor(Math.abs(millicores), CORE_PLACES)];
  return quickDecimal(whole, 1000, places, rounding) ?? decimal(BigInt(whole), 1000n, places, rounding);
}

/** Millicores as words of a sentence: "0.5 cores", "1 core". */
export function coresWords(millicores: number, rounding: Rounding = {}): string {
  const text = cores(millicores, rounding);
  return `${text} ${text === '1' ? 'core' : 'cores'}`;
}

const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const KIBI = 1024;

/** Which unit is the largest that an amount of bytes fills. */
function powerOf(value: number): number {
  let power = 0;
  while (power < UNITS.length - 1 && Math.abs(value) >= KIBI ** (power + 1)) power += 1;
  return power;
}

/** Bytes in the largest binary unit that they fill: 58.9Gi, 412Mi, 0. One decimal below 100 of the unit. */
export function bytes(amount: number, rounding: Rounding = {}): string {
  const value = Math.floor(amount);
  const power = powerOf(value);
  const text = inUnit(value, power, rounding);
  // 1023.96Mi is 1Gi once it is rounded.
  return /^-?1024$/.test(text) && power < UNITS.length - 1
    ? `${inUnit(value, power + 1, rounding)}${UNITS[power + 1] ?? ''}`
    : `${text}${UNITS[power] ?? ''}`;
}

/**
 * Two amounts of bytes that are told beside each other: each as `bytes` tells it, and where they differ but would read the
 * same, both in the largest unit in which they do not: 2052Mi and 2048Mi.
 */
export function bytesBeside(one: number, other: number, rounding: Rounding = {}): readonly [string, string] {
  const both = [Math.floor(one), Math.floor(other)] as const;
  const whole = [bytes(one, rounding), bytes(other, rounding)] as const;
  if (both[0] === both[1] || whole[0] !== whole[1]) return whole;
  const read = (power: number) => both.map((value) => `${inUnit(value, power, rounding)}${UNITS[power] ?? ''}`);
  let power = Math.max(...both.map(powerOf));
  while (power > 0 && read(power)[0] === read(power)[1]) power -= 1;
  const [first = whole[0], second = whole[1]] = read(power);
  return [first, second];
}

/** Bytes as words of a sentence: "3Gi", and where no unit would follow "512 bytes". */
export function bytesWords(amount: number, rounding: Rounding = {}): string {
  const text = bytes(amount, rounding);
  return /\d$/.test(text) ? `${text} ${text === '1' ? 'byte' : 'bytes'}` : text;
}

function inUnit(value: number, power: number, rounding: Rounding): string {
  const unit = KIBI ** power;
  const places = power > 0 && Math.abs(value) < 100 * unit ? 1 : 0;
  return quickDecimal(value, unit, places, rounding) ?? decimal(BigInt(value), BigInt(unit), places, rounding);
}

/** How a table shows an amount of each resource. */
const TEXT: Record<keyof NodeAmounts, (amount: number, rounding: Rounding) => string> = {
  cpu: cores,
  memory: bytes,
  ephemeralStorage: bytes,
  pods: String,
};

/** An amount of a resource in its own unit, or `?` when it is not known. */
export const amountText = (resource: keyof NodeAmounts, amount: number | null, rounding: Rounding = {}): string =>
  amount === null ? UNKNOWN : TEXT[resource](amount, rounding);

/**
 * Part of a whole in whole per cent, `-` when there is no whole, `?` when the part is not known. What is behind the point
 * is cut off, as kubectl does: 100% is never said while something is left.
 */
export function percent(part: number | null, whole: number | null): string {
  if (whole === null || whole === 0) return '-';
  return part === null ? UNKNOWN : `${Math.trunc((100 * part) / whole)}%`;
}
