/**
 * How meaning is drawn. Colour says only what a sign or a word says too, and always on the terminal's own background:
 * critical red, warning yellow, unknown or stale dim, in progress cyan, the operator's own intent blue.
 */
export type Style = (text: string) => string;

export const STYLE_NAMES = [
  'critical',
  'warning',
  'unknown',
  'progress',
  'intent',
  'label',
  'heading',
  'selected',
] as const;
export type StyleName = (typeof STYLE_NAMES)[number];

/** Drawing signs; the ASCII set is for terminals whose locale is not UTF-8. */
export type Glyphs = {
  readonly rule: string;
  readonly dot: string;
  readonly up: string;
  readonly down: string;
  readonly graph: GraphCells;
};

/** How curves are drawn: columns and steps of height in one cell, and the cell in which its columns are filled so high. */
export type GraphCells = {
  readonly across: number;
  readonly down: number;
  readonly cell: (filled: readonly number[]) => string;
};

export type Theme = Readonly<Record<StyleName, Style>> & {
  readonly glyphs: Glyphs;
  /** Text with the sign of a cut as this terminal can show it. */
  readonly text: Style;
};

const sgr =
  (on: number, off: number): Style =>
  (text) =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
const asItIs: Style = (text) => text;

const BOLD = sgr(1, 22);
const DIM = sgr(2, 22);
const REVERSE = sgr(7, 27);

const COLOURED: Readonly<Record<StyleName, Style>> = {
  critical: sgr(31, 39),
  warning: sgr(33, 39),
  unknown: DIM,
  progress: sgr(36, 39),
  intent: sgr(34, 39),
  label: DIM,
  heading: BOLD,
  selected: REVERSE,
};

/** Without colour: weight and reverse video are no colours, and every state has its sign. */
const COLOURLESS: Readonly<Record<StyleName, Style>> = {
  critical: BOLD,
  warning: asItIs,
  unknown: asItIs,
  progress: asItIs,
  intent: asItIs,
  label: asItIs,
  heading: BOLD,
  selected: REVERSE,
};

/** Dots of a braille pattern (Unicode, U+2800) from below, by column. */
const BRAILLE = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
] as const;

/** Braille patterns have one cell everywhere; block elements have two where East Asian widths are taken. */
const DOTS: GraphCells = {
  across: 2,
  down: 4,
  cell: (filled) => {
    const dots = BRAILLE.flatMap((column, index) => column.slice(0, filled[index])).reduce((all, dot) => all + dot, 0);
    return dots === 0 ? ' ' : String.fromCodePoint(0x2800 + dots);
  },
};
const COLONS: GraphCells = { across: 1, down: 2, cell: (filled) => ' .:'.charAt(Math.max(...filled)) };

const UNICODE: Glyphs = { rule: '─', dot: '·', up: '↑', down: '↓', graph: DOTS };
const ASCII: Glyphs = { rule: '-', dot: '-', up: '^', down: 'v', graph: COLONS };

export type ThemeOptions = { readonly colour: boolean; readonly unicode: boolean };

export const createTheme = ({ colour, unicode }: ThemeOptions): Theme => ({
  ...(colour ? COLOURED : COLOURLESS),
  glyphs: unicode ? UNICODE : ASCII,
  text: unicode ? asItIs : (text) => text.replaceAll('…', '~'),
});

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says of the terminal: NO_COLOR (no-color.org), TERM, and the locale (POSIX order). */
export function themeOptionsOf(environment: Environment): ThemeOptions {
  const noColour = environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '';
  const locale = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return {
    colour: !noColour && environment['TERM'] !== 'dumb' && environment['TERM'] !== 'vt100',
    unicode: locale !== undefined && /utf-?8/i.test(locale),
  };
}

/** The sign that goes with a meaning, one cell. */
export const SIGNS = { critical: 'X', warning: '!', unknown: '?', progress: '~', intent: '=' } as const;
