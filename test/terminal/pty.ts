import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { createScreen } from './screen.ts';

/** The built program. */
export const CLI = join(import.meta.dirname, '../../dist/cli.js');
const NO_SIGNAL = 0;

export type PtyOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Another program than the console, such as a shell that starts it. */
  readonly command?: readonly [string, ...string[]];
};

/** The built console in a real pty, its output on a terminal in memory. */
export function openPty(args: readonly string[], options: PtyOptions = {}) {
  const { columns = 120, rows = 36, environment = {} } = options;
  const [file, ...rest] = options.command ?? [process.execPath, CLI, ...args];
  const screen = createScreen(columns, rows, { convertEol: false });
  const pty = spawn(file, rest, {
    cols: columns,
    rows,
    name: 'xterm-256color',
    encoding: null,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', TZ: 'UTC', TERM: 'xterm-256color', ...environment },
  });
  const exited = new Promise<{ exitCode: number; signal: number }>((resolve) =>
    pty.onExit(({ exitCode, signal }) => resolve({ exitCode, signal: signal ?? NO_SIGNAL })),
  );
  pty.onData((data) => screen.write(data));
  return {
    ...screen,
    pid: pty.pid,
    exited,
    /** The terminal reads nothing until it reads on; what a program writes meanwhile stays in the tty, as far as it takes it. */
    stopReading: () => pty.pause(),
    readOn: () => pty.resume(),
    /** Bytes go as they are: the package takes them, though its types do not say so. */
    press: (input: string | Buffer) => pty.write(input as string),
    kill: (signal: NodeJS.Signals) => process.kill(pty.pid, signal),
    /** Closes the master side, as a terminal window that is closed or a line that is cut. */
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
    resize(width: number, height: number) {
      screen.resize(width, height);
      pty.resize(width, height);
    },
  };
}
