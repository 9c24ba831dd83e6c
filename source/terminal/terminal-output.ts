import { EventEmitter } from 'node:events';
import { writeLast } from './last-words.ts';
import { painted, paintedWhole } from './paint.ts';
import { createPicture, type ScreenSize } from './picture.ts';
import type { Row } from './row.ts';

/** What is known of a terminal that is written to; a tty of Node is one. */
export type Terminal = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'isTTY' | 'write' | 'on' | 'off' | 'writable'> & {
  readonly fd?: number;
  readonly writableLength?: number;
  /** The handle behind the stream, which Node does not document. Missing when it is no tty of Node, null when closed. */
  readonly _handle?: TerminalHandle | null;
};

type TerminalHandle = {
  /** Of the descriptor that libuv writes to. */
  readonly fd?: number;
  /** Bytes of the write under way that the terminal has not taken. */
  readonly writeQueueSize?: number;
  readonly setBlocking?: (blocks: boolean) => number;
};

export type TerminalOutput = {
  /** What a program draws on, in place of the terminal itself. */
  readonly stream: NodeJS.WriteStream;
  /** Resolves when the terminal has taken everything, to true, or when for so many ms it has taken nothing, to false. */
  readonly settled: (milliseconds: number) => Promise<boolean>;
  /**
   * For a program that ends before the terminal has settled: what is not taken, but frames, and whatever is written from
   * now on goes out at once. What the terminal does not take within so many ms is lost.
   */
  readonly atExit: (milliseconds: number) => void;
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

/** Of a terminal that does not know its own, as a serial line or one that is not set up yet; Ink takes the same. */
const USUAL_SIZE = { columns: 80, rows: 24 } as const satisfies ScreenSize;

/** In cells; a dimension that the terminal says to be 0, or does not say, is the usual one. */
function sizeOf({ columns, rows }: Partial<ScreenSize>): ScreenSize {
  const known = (cells: number | undefined, usual: number) => (cells === undefined || cells === 0 ? usual : cells);
  return { columns: known(columns, USUAL_SIZE.columns), rows: known(rows, USUAL_SIZE.rows) };
}

/**
 * Whether writes to a terminal wait for it. Node makes those to a tty synchronous, so that one that is not read stops
 * the whole program, and offers no other way to change that than the handle behind the stream, by which it is done for
 * pipes too. Done only where libuv has opened the tty anew for itself, by another descriptor, so that nobody else who
 * holds it is concerned, even when this program is killed. Where it may not, as after `su`, writes wait as ever.
 */
function setWaiting({ fd, _handle: handle }: Terminal, waits: boolean): void {
  if (handle?.fd !== undefined && handle.fd !== fd) handle.setBlocking?.(waits);
}

/** Another text whenever the terminal has taken some of what was written. */
const untakenBytes = ({ writableLength, _handle: handle }: Terminal): string =>
  [writableLength, handle?.writeQueueSize].join();

/**
 * Stands between a program that draws whole screens and its terminal. While the alternate screen is entered, what is
 * written becomes a picture, and the terminal is told only how it differs from what it shows: one write a frame. A frame
 * is not written while the terminal has not taken the one before; then the newest picture is compared. Everything that
 * does not draw, and all outside the alternate screen, goes through in order and is never dropped.
 */
export function createTerminalOutput(terminal: Terminal): TerminalOutput {
  const events = new EventEmitter();
  let picture = createPicture(sizeOf(terminal));
  /** The rows that the terminal shows; null when that is not known. */
  let shown: readonly Row[] | null = null;
  let isEntered = false;
  let isInFrame = false;
  let isCursorShown = true;
  /** Where the terminal shows its cursor, as the sequence that puts it there; empty while it is hidden. */
  let shownCursor = '';
  /** Something was drawn that the terminal was not yet told. */
  let isDue = false;
  /** Written and not taken yet, in order. */
  const untaken: string[] = [];
  /** Once the program ends: until when the terminal is waited for, ms on the clock of `performance`. */
  let deadline: number | null = null;
  let isLost = false;
  let waiting: (() => void)[] = [];

  const isIdle = () => isLost || (untaken.length === 0 && !isDue);
  const send = (text: string) => {
    if (isLost || !terminal.writable) return;
    if (deadline !== null && terminal.fd !== undefined) {
      writeLast(terminal.fd, text, deadline);
      return;
    }
    untaken.push(text);
    terminal.write(text, () => {
      untaken.shift();
      showPicture();
    });
  };
  const cursorAddress = () => {
    const { x, y } = picture.cursor();
    return isCursorShown ? `\u001b[${y + 1};${x + 1}H` : '';
  };
  const showPicture = () => {
    if (isDue && untaken.length === 0) {
      isDue = false;
      const rows = picture.rows();
      const bytes = shown === null ? paintedWhole(rows) : painted(shown, rows);
      shown = rows;
      const cursor = cursorAddress();
      if (bytes !== '') send(`${BEGIN_FRAME}${bytes}${cursor}${END_FRAME}`);
      else if (cursor !== '' && cursor !== shownCursor) send(cursor);
      shownCursor = cursor;
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
      picture = createPicture(sizeOf(terminal));
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
      send(sequence);
      if (sequence !== SHOW_CURSOR && sequence !== HIDE_CURSOR) return;
      isCursorShown = sequence === SHOW_CURSOR;
      drawLater();
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
    picture = createPicture(sizeOf(terminal), picture);
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
      let untakenBefore = untakenBytes(terminal);
      const look = () => {
        const untakenNow = untakenBytes(terminal);
        if (untakenNow === untakenBefore) resolve(isIdle());
        else bound = setTimeout(look, milliseconds);
        untakenBefore = untakenNow;
      };
      let bound = setTimeout(look, milliseconds);
      waiting.push(() => {
        clearTimeout(bound);
        resolve(true);
      });
      showPicture();
    });

  const stream = Object.defineProperties(events, {
    isTTY: { get: () => terminal.isTTY },
    columns: { get: () => sizeOf(terminal).columns },
    rows: { get: () => sizeOf(terminal).rows },
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
        return untaken.length === 0;
      },
    },
  });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    settled,
    atExit(milliseconds) {
      deadline = performance.now() + milliseconds;
      const sequences = untaken.filter((text) => !text.startsWith(BEGIN_FRAME));
      // A frame that is cut off is ended too, or the terminal would go on waiting for its rest.
      if (untaken.length > 0) send(`${END_FRAME}${sequences.join('')}`);
    },
    close() {
      isLost = true;
      // Errors of writes that were under way may still come; nobody is left to be told.
      terminal.off('resize', onResize);
      terminal.off('close', onClose);
    },
  };
}
