import { PassThrough, Writable } from 'node:stream';
import { createScreen } from '../terminal/screen.ts';

export { KEYS } from '../terminal/screen.ts';

/**
 * A terminal in this process: what a program writes to `stdout` becomes cells, and `press` is the keyboard. With a
 * `margin` it has so many more columns and rows than it says: what is drawn there would have wrapped or scrolled a screen.
 */
export function createEmulator(columns: number, rows: number, margin = 0) {
  const screen = createScreen(columns + margin, rows + margin, { convertEol: true });
  const stdout = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        screen.write(chunk);
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
  return {
    ...screen,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    press: (input: string | Buffer) => void stdin.write(input),
    resize(width: number, height: number) {
      // A real terminal cuts what no longer fits, which must not be taken for what is drawn in the margin.
      screen.resize(width, height);
      screen.resize(width + margin, height + margin);
      Object.assign(stdout, { columns: width, rows: height });
      stdout.emit('resize');
    },
  };
}

/** What stands outside the screen that a terminal with a margin says it has; empty for nothing. */
export function drawnOutside({ stdout, screen, row }: Pick<Emulator, 'stdout' | 'screen' | 'row'>): string {
  const { columns, rows } = stdout;
  return screen()
    .map((text, y) => (y < rows ? row(y, columns) : text).trimEnd())
    .join('');
}

export type Emulator = ReturnType<typeof createEmulator>;
