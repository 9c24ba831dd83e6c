// Names, values and selectors by chance, near enough to right ones that both answers come about.
import type { Random } from '../../../source/sandbox/random.ts';
import { pick } from '../seed/quantities.ts';

const some = (random: Random, most: number, make: () => string): string[] =>
  Array.from({ length: random.between(0, most) }, make);

const WELL = ['a', 'b', 'c', 'Z', '0', '9', 'rack', 'example.com/', 'a'.repeat(58)];
const ODD = ['-', '.', '_', '/', 'é', ' ', 'b.'.repeat(125)];

/** A key, a value or a name: mostly a few characters, now and then about as long as is allowed. */
export const text = (random: Random): string =>
  some(random, 5, () => pick(random, random.between(1, 4) > 1 ? WELL : ODD)).join('');

const KEYS = ['rack', 'rack', 'units', 'units', 'empty', 'shelf', 'in', 'example.com/rack', '_'];
const VALUES = ['r1', 'r2', 'r0', '', '3', '5', '7', '05', 'in', '-3', 'x y'];
const SIGNS = ['=', '==', '!=', '>', '<', ' in ', ' notin ', '!', ''];
const SPACES = ['', '', '', ' ', '  '];

function requirement(random: Random): string {
  const space = () => pick(random, SPACES);
  const value = () => `${space()}${pick(random, VALUES)}${space()}`;
  const sign = pick(random, SIGNS);
  const key = `${space()}${pick(random, KEYS)}${space()}`;
  const list = () => `(${[value(), ...some(random, 2, value)].join(',')})`;
  if (sign === '!') return `!${key}`;
  if (sign === '') return key;
  const takesList = sign.endsWith('in ') !== (random.between(1, 20) === 1);
  return `${key}${sign}${takesList ? list() : value()}`;
}

/** One to three requirements, one in eight with a character put in or taken out. */
export function selector(random: Random): string {
  const whole = [requirement(random), ...some(random, 2, () => requirement(random))].join(',');
  if (random.between(1, 8) > 1) return whole;
  const at = random.between(0, whole.length);
  const added = pick(random, ['', ',', '(', ')', '=', '!', '<', ' ', 'in']);
  return whole.slice(0, at) + added + whole.slice(added === '' ? at + 1 : at);
}
