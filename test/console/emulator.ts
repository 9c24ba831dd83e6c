import { PassThrough, Writable } from 'node:stream';
import { createScreen } from '../terminal/screen.ts';

export { KEYS } from '../terminal/screen.ts';

/** A terminal in this process: what a program writes to `stdout` becomes cells, and `press` is the keyboard. */
export function createEmulator(columns: number, rows: number) {
  const screen = createScreen(columns, rows, { convertEol: true });
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
    press: (input: string) => void stdin.write(input),
    resize(width: number, height: number) {
      screen.resize(width, height);
      Object.assign(stdout, { columns: width, rows: height });
      stdout.emit('resize');
    },
  };
}

export type Emulator = ReturnType<typeof createEmulator>;
