import { EventEmitter } from 'node:events';
import type { Terminal } from '../../source/terminal/terminal-output.ts';

/** A terminal for `createTerminalOutput`, which can be made to take nothing for a while. */
export function createHeldTerminal(columns: number, rows: number, draw: (text: string) => void, more: object = {}) {
  const events = new EventEmitter();
  const writes: string[] = [];
  let isHeld = false;
  let untaken: (() => void)[] = [];
  const terminal = Object.assign(events, {
    isTTY: true,
    columns,
    rows,
    writable: true,
    ...more,
    write(text: string, callback?: () => void) {
      writes.push(text);
      const take = () => {
        draw(text);
        callback?.();
      };
      if (isHeld) untaken.push(take);
      else take();
      return !isHeld;
    },
  });
  return {
    terminal: terminal as unknown as Terminal,
    /** Everything that was written, a write each. */
    writes,
    hold: () => void (isHeld = true),
    release() {
      isHeld = false;
      const ready = untaken;
      untaken = [];
      for (const take of ready) take();
    },
    fail: (error: Error) => void events.emit('error', error),
    resize(width: number, height: number) {
      Object.assign(terminal, { columns: width, rows: height });
      events.emit('resize');
    },
  };
}
