import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import type { IBufferCell, Terminal as TerminalType } from '@xterm/headless';
import { PLAIN, type Cell, type Style } from './cheapest.ts';
import { createFrameCutter } from './frames.ts';
import { createPace, slicesOf } from './pace.ts';

// The package is CommonJS whose exports Node cannot see by name.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: typeof TerminalType };

export type TerminalOptions = {
  readonly columns: number;
  readonly rows: number;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** What is read of the pty, in a trickle, as over a thin line; all that comes if left out. */
  readonly bytesPerSecond?: number;
};

/** A frame when the screen shows it: when its last byte arrived, on the clock of `performance`. */
export type Frame = { readonly at: number };

/** A program in a real pty, with its output on a terminal in memory, cut into frames. */
function openTerminal({ columns, rows, command, environment, bytesPerSecond = Infinity }: TerminalOptions) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
  const [file, ...args] = command;
  const pty = spawn(file, args, {
    cols: columns,
    rows,
    name: 'xterm-256color',
    encoding: null,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', TZ: 'UTC', TERM: 'xterm-256color', ...environment },
  });
  const exited = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  const watchers = new Set<(frame: Frame) => void>();
  const cut = createFrameCutter();
  let bytes = 0;
  let lastAt = -Infinity;

  const deliver = (chunk: Buffer) => {
    const at = performance.now();
    lastAt = at;
    bytes += chunk.length;
    for (const piece of cut(chunk))
      terminal.write(piece.bytes, () => {
        if (piece.endsFrame) for (const watch of [...watchers]) watch({ at });
      });
  };
  const pace = createPace(bytesPerSecond, () => performance.now());
  const trickle = async (chunk: Buffer) => {
    pty.pause();
    for (const slice of slicesOf(chunk, pace.slice)) {
      const wait = pace.take(slice.length);
      if (wait > 0) await pause(wait);
      deliver(slice);
    }
    pty.resume();
  };
  pty.onData((data) => {
    // Without an encoding data is bytes, whatever its type says.
    const chunk = data as unknown as Buffer;
    if (bytesPerSecond === Infinity) deliver(chunk);
    else void trickle(chunk);
  });

  const line = (y: number) => terminal.buffer.active.getLine(y);
  return {
    pid: pty.pid,
    exited,
    press: (input: string) => pty.write(input),
    kill: () => pty.kill('SIGKILL'),
    /** Bytes that have arrived so far, and when the last of them did. */
    bytes: () => bytes,
    lastAt: () => lastAt,
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    screen: (): readonly string[] => Array.from({ length: rows }, (_, y) => line(y)?.translateToString(true) ?? ''),
    cells: (y: number) => cellsOf(terminal, y),
    /** Calls back with each frame once the screen shows it, until the answer is called. */
    onFrame(watch: (frame: Frame) => void) {
      watchers.add(watch);
      return () => void watchers.delete(watch);
    },
  };
}

export type OpenTerminal = ReturnType<typeof openTerminal>;

/** Runs a program in a pty until the work is done, and ends it then. Rejects with the screen when it ends before. */
export async function withTerminal<Result>(
  options: TerminalOptions,
  work: (terminal: OpenTerminal) => Promise<Result>,
): Promise<Result> {
  const terminal = openTerminal(options);
  let hasExited = false;
  const isGone = () => hasExited;
  const ended = terminal.exited.then((): never => {
    hasExited = true;
    throw new Error(`The program ended by itself; the screen is:\n${terminal.screen().join('\n')}`);
  });
  try {
    return await Promise.race([work(terminal), ended]);
  } finally {
    ended.catch(() => undefined);
    if (!isGone()) terminal.kill();
    await terminal.exited;
  }
}

/** The cells of a row as they are drawn, from 0; blanks where nothing was. */
export function cellsOf(terminal: TerminalType, y: number): readonly Cell[] {
  const line = terminal.buffer.active.getLine(y);
  return Array.from({ length: terminal.cols }, (_, x) => {
    const cell = line?.getCell(x);
    if (cell === undefined) return { characters: ' ', style: PLAIN };
    const characters = cell.getWidth() === 0 ? '' : cell.getChars() || ' ';
    return { characters, style: styleOf(cell) };
  });
}

function styleOf(cell: IBufferCell): Style {
  return {
    weight: [...(cell.isBold() ? ['1' as const] : []), ...(cell.isDim() ? ['2' as const] : [])],
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
    strike: cell.isStrikethrough() !== 0,
    foreground: colourCode(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor(), 30),
    background: colourCode(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor(), 40),
  };
}

/** The shortest code of a colour; `base` is 30 for the foreground, 40 for the background. */
function colourCode(isDefault: boolean, isRgb: boolean, colour: number, base: 30 | 40): string {
  if (isDefault) return '';
  if (isRgb) return `${base + 8};2;${colour >> 16};${(colour >> 8) & 0xff};${colour & 0xff}`;
  if (colour < 8) return String(base + colour);
  if (colour < 16) return String(base + 60 + colour - 8);
  return `${base + 8};5;${colour}`;
}
