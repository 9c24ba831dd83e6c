/** What a cell shows: its characters (empty for the second half of a wide one) and its style. */
export type Cell = { readonly characters: string; readonly style: Style };

/** Codes of Select Graphic Rendition (ECMA-48 8.3.117), one for each thing that is not as it is by default. */
export type Style = {
  /** Bold 1 and dim 2, which share the code that ends them. */
  readonly weight: readonly ('1' | '2')[];
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly strike: boolean;
  /** As "31", "38;5;208" or "38;2;1;2;3"; empty for the default. */
  readonly foreground: string;
  readonly background: string;
};

export const PLAIN: Style = {
  weight: [],
  italic: false,
  underline: false,
  inverse: false,
  strike: false,
  foreground: '',
  background: '',
};

const SWITCHES = [
  { of: 'italic', on: '3', off: '23' },
  { of: 'underline', on: '4', off: '24' },
  { of: 'inverse', on: '7', off: '27' },
  { of: 'strike', on: '9', off: '29' },
] as const;
const COLOURS = [
  { of: 'foreground', off: '39' },
  { of: 'background', off: '49' },
] as const;

function weightCodes(from: Style['weight'], to: Style['weight']): readonly string[] {
  const isKept = from.every((one) => to.includes(one));
  return isKept ? to.filter((one) => !from.includes(one)) : ['22', ...to];
}

const codesBetween = (from: Style, to: Style): readonly string[] => [
  ...weightCodes(from.weight, to.weight),
  ...SWITCHES.flatMap(({ of, on, off }) => (from[of] === to[of] ? [] : [to[of] ? on : off])),
  ...COLOURS.flatMap(({ of, off }) => (from[of] === to[of] ? [] : [to[of] === '' ? off : to[of]])),
];

/** The shortest sequence from one style to another: only what changes, or all anew; nothing between equals. */
function turn(from: Style, to: Style): string {
  const changes = codesBetween(from, to);
  if (changes.length === 0) return '';
  const anew = codesBetween(PLAIN, to);
  const fromReset = anew.length === 0 ? '' : ['0', ...anew].join(';');
  const codes = [changes.join(';'), fromReset].reduce((one, other) => (other.length < one.length ? other : one));
  return `\u001b[${codes}m`;
}

/** A whole row as a program writes it that knows nothing of what stood there: position, then every cell. `y` from 0. */
export function rowWritten(y: number, cells: readonly Cell[]): string {
  let style = PLAIN;
  let written = `\u001b[${y + 1}H`;
  for (const cell of cells) {
    if (cell.characters === '') continue;
    written += turn(style, cell.style) + cell.characters;
    style = cell.style;
  }
  return written + turn(style, PLAIN);
}
