/** How a cell is drawn, as SGR (ECMA-48, 8.3.117) says it. Equal styles of one `createStyles` are the same object. */
export type Style = {
  /** Parameters that make it on a terminal just reset; empty for the terminal's own. */
  readonly parameters: string;
  /** Parameters of a colour, such as `31`, `38;5;208` or `38;2;1;2;3`; empty for the terminal's own. */
  readonly foreground: string;
  readonly background: string;
  /** A bit for each of `ATTRIBUTES`. */
  readonly attributes: number;
  /** Whether a blank in this style looks different from one in the terminal's own. */
  readonly showsOnBlank: boolean;
};

/** What SGR turns on and off; intensities share what turns them off. */
const ATTRIBUTES = [
  { on: 1, off: 22, showsOnBlank: false },
  { on: 2, off: 22, showsOnBlank: false },
  { on: 3, off: 23, showsOnBlank: false },
  { on: 4, off: 24, showsOnBlank: true },
  { on: 5, off: 25, showsOnBlank: false },
  { on: 7, off: 27, showsOnBlank: true },
  { on: 8, off: 28, showsOnBlank: false },
  { on: 9, off: 29, showsOnBlank: true },
  { on: 53, off: 55, showsOnBlank: true },
].map((attribute, index) => ({ ...attribute, bit: 1 << index }));

const bitsOf = (which: (attribute: (typeof ATTRIBUTES)[number]) => boolean): number =>
  ATTRIBUTES.filter(which).reduce((bits, { bit }) => bits | bit, 0);

const SHOWN_ON_BLANK = bitsOf(({ showsOnBlank }) => showsOnBlank);
const TURNED_ON = new Map(ATTRIBUTES.map(({ on, bit }) => [on, bit]));
const TURNED_OFF = new Map(ATTRIBUTES.map(({ off }) => [off, bitsOf((other) => other.off === off)]));

/** Parameters after 38 and 48 (ITU-T T.416): a place in the palette, or red, green and blue. */
const COLOUR_LENGTH: Readonly<Record<string, number>> = { '5': 2, '2': 4 };

/** Styles that are remembered; a picture has a few dozen. Beyond, equal ones may differ and are drawn again. */
const MOST_STYLES = 4_096;

/** The terminal's own. */
export const PLAIN: Style = { parameters: '', foreground: '', background: '', attributes: 0, showsOnBlank: false };

type Parts = Pick<Style, 'foreground' | 'background' | 'attributes'>;

const parametersOf = ({ foreground, background, attributes }: Parts): string =>
  [...ATTRIBUTES.filter(({ bit }) => attributes & bit).map(({ on }) => `${on}`), foreground, background]
    .filter((parameter) => parameter !== '')
    .join(';');

/** What a parameter of one number changes; null when it is none that is known. */
function changed(parts: Parts, code: number): Parts | null {
  const on = TURNED_ON.get(code);
  if (on !== undefined) return { ...parts, attributes: parts.attributes | on };
  const off = TURNED_OFF.get(code);
  if (off !== undefined) return { ...parts, attributes: parts.attributes & ~off };
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return { ...parts, foreground: `${code}` };
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) return { ...parts, background: `${code}` };
  if (code === 39) return { ...parts, foreground: '' };
  if (code === 49) return { ...parts, background: '' };
  return code === 0 ? PLAIN : null;
}

/** The styles of one picture. */
export type Styles = {
  /** The style after an SGR with these parameters; ones that are not known change nothing. */
  readonly after: (style: Style, parameters: string) => Style;
};

export function createStyles(): Styles {
  const known = new Map<string, Style>([['', PLAIN]]);
  const styleOf = (parts: Parts): Style => {
    const parameters = parametersOf(parts);
    const found = known.get(parameters);
    if (found !== undefined) return found;
    if (known.size >= MOST_STYLES) {
      known.clear();
      known.set('', PLAIN);
    }
    const { foreground, background, attributes } = parts;
    const showsOnBlank = background !== '' || (attributes & SHOWN_ON_BLANK) !== 0;
    const made = { parameters, foreground, background, attributes, showsOnBlank };
    known.set(parameters, made);
    return made;
  };
  return {
    after(style, parameters) {
      let parts: Parts = style;
      const codes = parameters.split(';');
      for (let at = 0; at < codes.length; at += 1) {
        const code = Number(codes[at]);
        const length = code === 38 || code === 48 ? COLOUR_LENGTH[codes[at + 1] ?? ''] : undefined;
        if (length === undefined) {
          parts = changed(parts, code) ?? parts;
          continue;
        }
        const colour = codes.slice(at, at + length + 1).join(';');
        parts = code === 38 ? { ...parts, foreground: colour } : { ...parts, background: colour };
        at += length;
      }
      return styleOf(parts);
    },
  };
}

/** The shortest SGR that leads from one style to the other; empty when they are the same. */
export function transition(from: Style, to: Style): string {
  if (from === to) return '';
  if (to.parameters === '') return '\u001b[m';
  const anew = `\u001b[0;${to.parameters}m`;
  const off = ATTRIBUTES.filter(({ bit }) => from.attributes & ~to.attributes & bit);
  const codes = new Set(off.map((attribute) => attribute.off));
  const on = ATTRIBUTES.filter(
    (attribute) => to.attributes & attribute.bit && (!(from.attributes & attribute.bit) || codes.has(attribute.off)),
  );
  const changes = [
    ...codes,
    ...on.map((attribute) => attribute.on),
    ...(from.foreground === to.foreground ? [] : [to.foreground === '' ? '39' : to.foreground]),
    ...(from.background === to.background ? [] : [to.background === '' ? '49' : to.background]),
  ].join(';');
  if (changes === '') return '';
  return changes.length + 3 <= anew.length ? `\u001b[${changes}m` : anew;
}
