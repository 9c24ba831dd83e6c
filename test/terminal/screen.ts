import { createRequire } from 'node:module';
import type { Terminal as TerminalType } from '@xterm/headless';

// The package is CommonJS whose exports Node cannot see by name.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: typeof TerminalType };

export type CellStyle = {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly colour: number | null;
};

/** Characters of output that are kept to look at. */
const KEPT = 1_000_000;

/** How long a test waits for a screen before it fails, unless it says otherwise, ms. */
const PATIENCE = 20_000;

/**
 * The screen of a terminal in memory. `convertEol` is what a tty does to line ends on their way out; a real pty has done
 * it already.
 */
export function createScreen(columns: number, rows: number, { convertEol }: { readonly convertEol: boolean }) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0, convertEol });
  let written = 0;
  let raw = '';
  let pending = 0;
  const idle = new Set<() => void>();

  const line = (y: number) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y);
  /** What stands in a row from a column on, without blanks at its end. */
  const row = (y: number, from = 0): string => line(y)?.translateToString(true, from) ?? '';
  const screen = (): string[] => Array.from({ length: terminal.rows }, (_, y) => row(y));

  /** Resolves once the screen fulfils the condition; rejects with the screen when it does not in time. */
  const until = (
    condition: (screen: readonly string[]) => boolean,
    what = 'the screen to change',
    patience = PATIENCE,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = () => {
        if (!condition(screen())) return;
        finish();
        resolve();
      };
      const bound = setTimeout(() => {
        finish();
        reject(new Error(`waited in vain for ${what}; the screen is:\n${screen().join('\n')}`));
      }, patience);
      const finish = () => {
        clearTimeout(bound);
        idle.delete(check);
      };
      idle.add(check);
      check();
    });

  return {
    write(chunk: string | Buffer) {
      written += Buffer.byteLength(chunk);
      raw = (raw + chunk.toString()).slice(-KEPT);
      pending += 1;
      terminal.write(chunk, () => {
        pending -= 1;
        if (pending === 0) for (const listener of [...idle]) listener();
      });
    },
    /** Calls whenever all that was written has been drawn, until the result is called. */
    onDrawn: (listener: () => void) => {
      idle.add(listener);
      return () => void idle.delete(listener);
    },
    resize: (width: number, height: number) => terminal.resize(width, height),
    row,
    screen,
    until,
    untilText: (text: string) => until((rows) => rows.some((one) => one.includes(text)), `"${text}"`),
    untilGone: (text: string) => until((rows) => !rows.some((one) => one.includes(text)), `"${text}" to go`),
    /** The last of what was written to it, as it came. */
    raw: () => raw,
    /** Bytes that were written to it so far. */
    bytes: () => written,
    /** What each cell of a row shows: a blank where nothing is, nothing for the second half of a wide character. */
    cells: (y: number): readonly string[] =>
      Array.from({ length: terminal.cols }, (_, x) => {
        const cell = line(y)?.getCell(x);
        const characters = cell?.getChars() ?? '';
        return characters === '' && cell?.getWidth() !== 0 ? ' ' : characters;
      }),
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    modes: () => ({ bracketedPaste: terminal.modes.bracketedPasteMode, mouse: terminal.modes.mouseTrackingMode }),
    /** Characters of a cell: empty for the second half of a wide one. */
    charactersAt: (x: number, y: number): string => line(y)?.getCell(x)?.getChars() ?? '',
    styleAt(x: number, y: number): CellStyle {
      const cell = line(y)?.getCell(x);
      if (cell === undefined) throw new RangeError(`no cell at ${x}, ${y}`);
      return {
        bold: cell.isBold() !== 0,
        dim: cell.isDim() !== 0,
        inverse: cell.isInverse() !== 0,
        colour: cell.isFgDefault() ? null : cell.getFgColor(),
      };
    },
  };
}

/** What keys send. */
export const KEYS = {
  enter: '\r',
  escape: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  pageUp: '\u001b[5~',
  pageDown: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
  tab: '\t',
  shiftTab: '\u001b[Z',
  backspace: '\u007f',
  ctrlC: '\u0003',
  ctrlZ: '\u001a',
} as const;
