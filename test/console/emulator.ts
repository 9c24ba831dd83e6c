import { PassThrough, Writable } from 'node:stream';
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

/** A terminal in memory: what a program writes to `stdout` becomes cells, and `press` is the keyboard. */
export function createEmulator(columns: number, rows: number) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0, convertEol: true });
  let written = 0;
  let pending = 0;
  const idle = new Set<() => void>();

  const stdout = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        written += Buffer.byteLength(chunk);
        pending += 1;
        terminal.write(chunk, () => {
          pending -= 1;
          if (pending === 0) for (const listener of [...idle]) listener();
        });
        done();
      },
    }),
    { isTTY: true, columns, rows },
  );
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode(mode: boolean) {
      stdin.isRaw = mode;
      return stdin;
    },
    ref: () => stdin,
    unref: () => stdin,
  });

  const line = (y: number) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y);
  const row = (y: number): string => line(y)?.translateToString(true) ?? '';
  const screen = (): string[] => Array.from({ length: terminal.rows }, (_, y) => row(y));

  /** Resolves once the screen fulfils the condition; rejects with the screen when it does not in time. */
  const until = (condition: (screen: readonly string[]) => boolean, what = 'the screen to change'): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = () => {
        if (!condition(screen())) return;
        finish();
        resolve();
      };
      const bound = setTimeout(() => {
        finish();
        reject(new Error(`waited in vain for ${what}; the screen is:\n${screen().join('\n')}`));
      }, 10_000);
      const finish = () => {
        clearTimeout(bound);
        idle.delete(check);
      };
      idle.add(check);
      check();
    });

  return {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    row,
    screen,
    until,
    untilText: (text: string) => until((rows) => rows.some((one) => one.includes(text)), `"${text}"`),
    untilGone: (text: string) => until((rows) => !rows.some((one) => one.includes(text)), `"${text}" to go`),
    press: (input: string) => void stdin.write(input),
    bytes: () => written,
    /** Whether the program is on the alternate screen. */
    isAlternate: () => terminal.buffer.active.type === 'alternate',
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
    resize(width: number, height: number) {
      terminal.resize(width, height);
      Object.assign(stdout, { columns: width, rows: height });
      stdout.emit('resize');
    },
  };
}

export type Emulator = ReturnType<typeof createEmulator>;

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
} as const;
