import type { CellStyle, createScreen } from '../test/terminal/screen.ts';

type Screen = ReturnType<typeof createScreen>;

const CELL = { width: 8.4, height: 18 };
const MARGIN = 12;
const FONT = 'DejaVu Sans Mono, Menlo, Consolas, monospace';

/** The terminal's own colours: a dark and a light one, as operators have them. */
export const PALETTES = {
  dark: {
    background: '#16181d',
    text: '#d6d9e0',
    colours: ['#16181d', '#f0605d', '#7ec16e', '#e0b252', '#6ea8f5', '#c48ae0', '#52c0c8', '#d6d9e0'],
  },
  light: {
    background: '#ffffff',
    text: '#24292f',
    colours: ['#24292f', '#b3261e', '#2c6e1f', '#8a5a00', '#1a56c4', '#7a3aa3', '#006d77', '#57606a'],
  },
} as const;
export type Palette = keyof typeof PALETTES;

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

type Run = { text: string; x: number; cells: number; style: CellStyle };

/** The cells of a row in runs of one style, blank ends left out. */
function runsOf(screen: Screen, columns: number, y: number): readonly Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < columns; x += 1) {
    const style = screen.styleAt(x, y);
    const text = screen.charactersAt(x, y);
    const last = runs.at(-1);
    if (last !== undefined && JSON.stringify(last.style) === JSON.stringify(style)) {
      last.text += text === '' ? ' ' : text;
      last.cells += 1;
    } else runs.push({ text: text === '' ? ' ' : text, x, cells: 1, style });
  }
  return runs.filter(({ text, style }) => text.trim() !== '' || style.inverse);
}

/** A picture of a terminal. */
export function svgOf(screen: Screen, columns: number, rows: number, palette: Palette = 'dark'): string {
  const { background, text: foreground, colours } = PALETTES[palette];
  const width = columns * CELL.width + 2 * MARGIN;
  const height = rows * CELL.height + 2 * MARGIN;
  const parts = Array.from({ length: rows }, (_, y) => runsOf(screen, columns, y).map((run) => ({ ...run, y }))).flat();
  const drawn = parts.map(({ text, x, y, cells, style }) => {
    const left = (MARGIN + x * CELL.width).toFixed(1);
    const top = MARGIN + y * CELL.height;
    const ink = style.colour === null ? foreground : (colours[style.colour] ?? foreground);
    const box = style.inverse
      ? `<rect x="${left}" y="${top}" width="${(cells * CELL.width).toFixed(1)}" height="${CELL.height}" fill="${ink}"/>`
      : '';
    const fill = style.inverse ? background : ink;
    const look = `${style.bold ? ' font-weight="bold"' : ''}${style.dim ? ' opacity="0.6"' : ''}`;
    const length = (cells * CELL.width).toFixed(1);
    return `${box}<text x="${left}" y="${top + 13}" fill="${fill}"${look} textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escaped(text)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" width="${width.toFixed(0)}" height="${height}" font-family="${FONT}" font-size="14">`,
    `<rect width="100%" height="100%" rx="6" fill="${background}"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}
