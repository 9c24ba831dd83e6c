import { EventEmitter } from 'node:events';
import { painted, paintedWhole } from './paint.ts';
import { createPicture } from './picture.ts';
import type { Row } from './row.ts';

/** What is known of a terminal that is written to; a tty of Node is one. */
export type Terminal = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'isTTY' | 'write' | 'on' | 'off' | 'writable'>;

export type TerminalOutput = {
  /** What a program draws on, in place of the terminal itself. */
  readonly stream: NodeJS.WriteStream;
  /** Resolves when the terminal has taken everything, to true, or when so many ms have passed, to false. */
  readonly settled: (milliseconds: number) => Promise<boolean>;
  /** Lets go of the terminal; what is written afterwards is lost. */
  readonly close: () => void;
};

/** The alternate screen (xterm), and synchronized output, within which a terminal shows nothing of a frame half done. */
const SCREEN_SWITCH = /(\u001b\[\?1049[hl])/;
const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const SHOW_CURSOR = '\u001b[?25h';
const HIDE_CURSOR = '\u001b[?25l';

/**
 * Whether writes to a terminal wait for it. Node makes those to a tty synchronous, so that one that is not read stops
 * the whole program, and offers no other way to change that than the handle behind the stream, by which it is done for
 * pipes too. libuv has opened the tty anew for itself, so nobody else who holds it is concerned.
 */
function setWaiting(terminal: Terminal, waits: boolean): void {
  const { _handle: handle } = terminal as { readonly _handle?: { setBlocking?: (blocks: boolean) => number } | null };
  handle?.setBlocking?.(waits);
}

/**
 * Stands between a program that draws whole screens and its terminal. While the alternate screen is entered, what is
 * written becomes a picture, and the terminal is told only how it differs from what it shows: one write a frame. A frame
 * is not written while the terminal has not taken the one before; then the newest picture is compared. Everything that
 * does not draw, and all outside the alternate screen, goes through in order and is never dropped.
 */
export function createTerminalOutput(terminal: Terminal): TerminalOutput {
  const events = new EventEmitter();
  const sizeNow = () => ({ columns: Math.max(terminal.columns, 1), rows: Math.max(terminal.rows, 1) });
  let picture = createPicture(sizeNow());
  /** The rows that the terminal shows; null when that is not known. */
  let shown: readonly Row[] | null = null;
  let isEntered = false;
  let isInFrame = false;
  let isCursorShown = true;
  /** Something was drawn that the terminal was not yet told. */
  let isDue = false;
  let unfinishedWrites = 0;
  let isLost = false;
  let waiting: (() => void)[] = [];

  const isIdle = () => isLost || (unfinishedWrites === 0 && !isDue);
  const send = (text: string) => {
    if (isLost || !terminal.writable) return;
    unfinishedWrites += 1;
    terminal.write(text, () => {
      unfinishedWrites -= 1;
      showPicture();
    });
  };
  const cursorAddress = () => {
    const { x, y } = picture.cursor();
    return isCursorShown ? `\u001b[${y + 1};${x + 1}H` : '';
  };
  const showPicture = () => {
    if (isDue && unfinishedWrites === 0) {
      isDue = false;
      const rows = picture.rows();
      const bytes = shown === null ? paintedWhole(rows) : painted(shown, rows);
      shown = rows;
      if (bytes !== '') send(`${BEGIN_FRAME}${bytes}${cursorAddress()}${END_FRAME}`);
    }
    if (!isIdle()) return;
    const ready = waiting;
    waiting = [];
    for (const callback of ready) callback();
  };

  const switchScreen = (sequence: string) => {
    isEntered = sequence === ENTER;
    isDue = false;
    if (isEntered) {
      setWaiting(terminal, false);
      picture = createPicture(sizeNow());
      shown = null;
      send(sequence);
      return;
    }
    send(sequence);
    waiting.push(() => {
      if (!isEntered) setWaiting(terminal, true);
    });
  };
  const endFrame = () => {
    isInFrame = false;
    isDue = true;
    picture.endFrame();
    showPicture();
  };
  const drawLater = () => {
    if (isInFrame || isDue) return;
    isDue = true;
    queueMicrotask(showPicture);
  };
  const other = (sequence: string) => {
    if (sequence === BEGIN_FRAME) isInFrame = true;
    else if (sequence === END_FRAME) endFrame();
    else {
      if (sequence === SHOW_CURSOR || sequence === HIDE_CURSOR) isCursorShown = sequence === SHOW_CURSOR;
      send(sequence);
    }
  };
  const interpret = (text: string) => {
    for (const piece of text.split(SCREEN_SWITCH)) {
      if (piece === ENTER || piece === LEAVE) switchScreen(piece);
      else if (piece === '') continue;
      else if (!isEntered) send(piece);
      else if (picture.write(piece, other)) drawLater();
    }
  };

  const onResize = () => {
    picture = createPicture(sizeNow(), picture);
    shown = null;
    events.emit('resize');
    if (isEntered) drawLater();
  };
  const onError = (error: unknown) => {
    isLost = true;
    showPicture();
    if (events.listenerCount('error') > 0) events.emit('error', error);
  };
  const onClose = () => void events.emit('close');
  terminal.on('resize', onResize);
  terminal.on('error', onError);
  terminal.on('close', onClose);

  const settled = (milliseconds: number): Promise<boolean> =>
    new Promise((resolve) => {
      const bound = setTimeout(() => resolve(isIdle()), milliseconds);
      waiting.push(() => {
        clearTimeout(bound);
        resolve(true);
      });
      showPicture();
    });

  const stream = Object.defineProperties(events, {
    isTTY: { get: () => terminal.isTTY },
    columns: { get: () => terminal.columns },
    rows: { get: () => terminal.rows },
    writable: { get: () => !isLost && terminal.writable },
    write: {
      writable: true,
      /** As of a stream; the callback comes when the terminal has taken all that was drawn, or a newer frame instead. */
      value(chunk: string | Uint8Array, ...rest: readonly unknown[]) {
        interpret(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
        const callback = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
        if (callback !== undefined) {
          waiting.push(callback);
          if (isIdle()) process.nextTick(showPicture);
        }
        return unfinishedWrites === 0;
      },
    },
  });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    settled,
    close() {
      isLost = true;
      // Errors of writes that were under way may still come; nobody is left to be told.
      terminal.off('resize', onResize);
      terminal.off('close', onClose);
    },
  };
}
