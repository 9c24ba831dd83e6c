import { setTimeout as pause } from 'node:timers/promises';
import { openPty } from '../test/terminal/pty.ts';
import type { Cluster } from './cluster.ts';

export type ScreenSize = { readonly columns: number; readonly rows: number };

/** A frame has ended when this many ms pass without a byte: Ink draws at most every 17 ms while there is something. */
const FRAME_ENDED = 30;
/** A key that has drawn nothing by then draws nothing, ms. */
const KEY_PATIENCE = 5_000;
/** For what the console shows on its way to a whole picture, ms. */
const START_PATIENCE = 180_000;

/** Time from the key to the last byte of what it drew, ms, and how many bytes that was. */
export type Frame = { readonly milliseconds: number; readonly bytes: number };

export type OpenConsole = {
  readonly pid: number;
  /** When the process was started, on the clock of `performance`. */
  readonly startedAt: number;
  readonly bytes: () => number;
  /** Resolve once the screen shows it; reject with the screen when it does not in time. */
  readonly firstFrame: () => Promise<void>;
  readonly firstNodes: () => Promise<void>;
  readonly allKnown: () => Promise<void>;
  /** Resolves when nothing was drawn for as many ms. */
  readonly quietFor: (milliseconds: number) => Promise<void>;
  /** Presses a key and waits for the end of its frame; rejects when nothing is drawn. */
  readonly press: (key: string) => Promise<Frame>;
  /** Name of the node in the first row of the list. */
  readonly firstRow: () => string;
};

/** Opens the built console in a pty on the cluster, and leaves it when the work is done. */
export async function withConsole<Result>(
  cluster: Cluster,
  size: ScreenSize,
  work: (console: OpenConsole) => Promise<Result>,
): Promise<Result> {
  let bytes = 0;
  let lastAt = -Infinity;
  const startedAt = performance.now();
  const program = openPty([], {
    ...size,
    environment: cluster.environment,
    onOutput(length) {
      lastAt = performance.now();
      bytes += length;
    },
  });
  let hasExited = false;
  void program.exited.then(() => (hasExited = true));

  const exited = () => hasExited;
  const shows = (what: string, condition: (screen: readonly string[]) => boolean) =>
    program.until(condition, what, START_PATIENCE);

  const quietFor = async (milliseconds: number): Promise<void> => {
    for (let left = milliseconds; left > 0; left = milliseconds - (performance.now() - lastAt)) await pause(left);
  };

  const press = async (key: string): Promise<Frame> => {
    const before = bytes;
    const pressedAt = performance.now();
    program.press(key);
    while (bytes === before) {
      if (performance.now() - pressedAt > KEY_PATIENCE)
        throw new Error(`The key "${key}" drew nothing on this screen:\n${program.screen().join('\n')}`);
      await pause(1);
    }
    await quietFor(FRAME_ENDED);
    return { milliseconds: lastAt - pressedAt, bytes: bytes - before };
  };

  try {
    return await work({
      pid: program.pid,
      startedAt,
      bytes: () => bytes,
      firstFrame: () =>
        shows('the first frame', ([first]) => program.isAlternate() && (first?.startsWith(' metalk8s ') ?? false)),
      firstNodes: () => shows('rows of nodes', (screen) => nameInFirstRow(screen) !== ''),
      allKnown: () =>
        shows('pods and events', (screen) => ['nodes', 'pods', 'events'].every((one) => isLive(screen, one))),
      quietFor,
      press,
      firstRow: () => nameInFirstRow(program.screen()),
    });
  } finally {
    if (!exited()) program.kill('SIGKILL');
    await program.exited;
  }
}

const isLive = (screen: readonly string[], resource: string): boolean =>
  screen.some((row) => row.startsWith(' source ') && row.includes(`${resource} live`));

/** A node, not the head of a group: cursor and mark, then its name. */
const NODE_ROW = /^[> ][* ](\S+)/;

/** Name of the first node below the column titles; empty while there is none. */
function nameInFirstRow(screen: readonly string[]): string {
  const titles = screen.findIndex((row) => /^ {2}NODE\b/.test(row));
  if (titles === -1) return '';
  return screen.slice(titles + 1).flatMap((row) => NODE_ROW.exec(row)?.[1] ?? [])[0] ?? '';
}
