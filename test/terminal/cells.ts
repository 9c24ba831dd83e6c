import { createRequire } from 'node:module';
import type { IBufferCell, Terminal as TerminalType } from '@xterm/headless';
import { cellWidth } from '../../source/text/width.ts';

// The package is CommonJS whose exports Node cannot see by name.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: typeof TerminalType };

const graphemes = new Intl.Segmenter();

/** Grapheme clusters and widths as the console has them, told to the emulator one code point at a time. */
function consoleWidths() {
  /** The cluster that is being written, by the number that the emulator keeps for it. */
  const clusters: string[] = [''];
  const numbers = new Map<string, number>([['', 0]]);
  const numberOf = (cluster: string): number => {
    const found = numbers.get(cluster);
    if (found !== undefined) return found;
    numbers.set(cluster, clusters.length);
    return clusters.push(cluster) - 1;
  };
  const property = (cluster: string, joins: boolean) =>
    (numberOf(cluster) << 3) | (Math.min(cellWidth(cluster), 3) << 1) | (joins ? 1 : 0);
  return {
    version: 'console',
    wcwidth: (code: number) => cellWidth(String.fromCodePoint(code)) as 0 | 1 | 2,
    charProperties(code: number, preceding: number) {
      const character = String.fromCodePoint(code);
      const before = clusters[preceding >> 3] ?? '';
      const joined = before + character;
      const joins = before !== '' && [...graphemes.segment(joined)].length === 1;
      return property(joins ? joined : character, joins);
    },
  };
}

/** What of a style is seen: on a blank, only what colours or crosses the whole cell. */
function styleOf(cell: IBufferCell): string {
  const isBlank = cell.getChars() === '' || cell.getChars() === ' ';
  const background = `${cell.getBgColorMode()}/${cell.getBgColor()}`;
  const crossing = [cell.isInverse(), cell.isUnderline(), cell.isStrikethrough(), cell.isOverline()].map(Boolean);
  const showsOnBlank = !cell.isBgDefault() || crossing.includes(true);
  if (isBlank && !showsOnBlank) return '';
  const weight = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isBlink(), cell.isInvisible()].map(Boolean);
  return `${cell.getFgColorMode()}/${cell.getFgColor()} ${background} ${[...crossing, ...weight].map(Number).join('')}`;
}

export type CellsOptions = {
  /** Whether the emulator gives every grapheme the width that the console gives it; else it has widths of its own. */
  readonly agrees?: boolean;
};

/** A terminal in memory that is looked at cell by cell. */
export function createCells(columns: number, rows: number, { agrees = true }: CellsOptions = {}) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0, convertEol: true });
  if (agrees) {
    terminal.unicode.register(consoleWidths());
    terminal.unicode.activeVersion = 'console';
  }
  return {
    write: (text: string) => terminal.write(text),
    resize: (width: number, height: number) => terminal.resize(width, height),
    /** Resolves when all that was written is drawn. */
    drawn: () => new Promise<void>((resolve) => terminal.write('', resolve)),
    textFrom: (x: number, y: number) => terminal.buffer.active.getLine(y)?.translateToString(true, x).trimEnd(),
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    text: () =>
      Array.from({ length: terminal.rows }, (_, y) => terminal.buffer.active.getLine(y)?.translateToString(true)),
    /** Every cell with its style, one line a row. */
    picture(): readonly string[] {
      return Array.from({ length: terminal.rows }, (_, y) => {
        const line = terminal.buffer.active.getLine(y);
        let style = '';
        let row = '';
        for (let x = 0; x < terminal.cols; x += 1) {
          const cell = line?.getCell(x);
          if (cell === undefined || cell.getWidth() === 0) continue;
          const own = styleOf(cell);
          if (own !== style) row += `{${own}}`;
          style = own;
          row += cell.getChars() === '' ? ' ' : cell.getChars();
        }
        return row;
      });
    },
  };
}

export type Cells = ReturnType<typeof createCells>;
