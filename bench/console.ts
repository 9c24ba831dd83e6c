import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { probeIn, type Probe } from './ask.ts';
import type { Cluster } from './cluster.ts';
import { isAllKnown, nameInFirstRow, selectedIn, type Screen, type Selected } from './picture.ts';
import { PROGRAM } from './program.ts';
import { withTerminal, type OpenTerminal, type TerminalOptions } from './terminal.ts';

export type ScreenSize = { readonly columns: number; readonly rows: number };

/** The screen of every figure that does not name another. */
export const LARGE_SCREEN = { columns: 200, rows: 60 } as const satisfies ScreenSize;

export type ConsoleOptions = ScreenSize & Pick<TerminalOptions, 'bytesPerSecond'> & { readonly probed?: boolean };

/** A key that has moved nothing by then moves nothing, ms. */
const KEY_PATIENCE = 10_000;
/** For what the console shows on its way to a whole picture, ms. */
const START_PATIENCE = 240_000;
/** For the answer of the probe, ms. */
const PROBE_PATIENCE = 5_000;

export type OpenConsole = {
  readonly pid: number;
  /** When the process was started, on the clock of `performance`. */
  readonly startedAt: number;
  readonly terminal: OpenTerminal;
  /** Resolve once the screen shows it, with the moment; reject with the screen when it does not in time. */
  readonly firstFrame: () => Promise<number>;
  readonly firstNodes: () => Promise<number>;
  readonly allKnown: () => Promise<number>;
  /** Resolves when nothing was drawn for as many ms. */
  readonly quietFor: (milliseconds: number) => Promise<void>;
  /**
   * Presses a key and waits for the first frame in which the selection has moved: resolves with the ms from the key to its
   * last byte. Rejects when nothing moves.
   */
  readonly move: (key: string) => Promise<number>;
  /**
   * Presses a key and waits for the first frame with which the screen fulfils a condition that it does not fulfil before:
   * resolves with the ms from the key to its last byte. Rejects when nothing comes of it.
   */
  readonly answer: (key: string, condition: (screen: Screen) => boolean) => Promise<number>;
  /** The node that is selected, and in which row of the screen; null while there is none. */
  readonly selected: () => Selected | null;
  /** Name of the node in the first row of the list; empty while there is none. */
  readonly firstRow: () => string;
  /** Longest time for which the main thread of a probed console was busy since this was last asked. */
  readonly longestBlock: () => Promise<Block>;
};

/** A time at a stretch, ms: without what the thread waited for a core, and the longest with that. */
export type Block = { readonly longest: number; readonly withWaiting: number };

/** Opens the built console in a pty on the cluster, and ends it when the work is done. */
export async function withConsole<Result>(
  cluster: Cluster,
  { probed = false, ...screen }: ConsoleOptions,
  work: (console: OpenConsole) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-probe-'));
  const probe = probeIn<Block>(folder, 'probe.ts');
  const startedAt = performance.now();
  try {
    return await withTerminal(
      {
        ...screen,
        command: [process.execPath, PROGRAM],
        environment: { ...cluster.environment, ...(probed && probe.environment) },
      },
      (terminal) => work(openConsole(terminal, startedAt, probe)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openConsole(terminal: OpenTerminal, startedAt: number, probe: Probe<Block>): OpenConsole {
  const selected = () => selectedIn(terminal.screen());
  const shows = (what: string, condition: (screen: Screen) => boolean) =>
    until(terminal, `the console to show ${what}`, START_PATIENCE, () => condition(terminal.screen()));

  const answered = async (key: string, what: string, condition: () => boolean) => {
    const pressedAt = performance.now();
    const seen = until(terminal, what, KEY_PATIENCE, condition);
    terminal.press(key);
    return (await seen) - pressedAt;
  };

  return {
    pid: terminal.pid,
    startedAt,
    terminal,
    firstFrame: () =>
      shows('its head', ([first]) => terminal.isAlternate() && (first?.startsWith(' metalk8s ') ?? false)),
    firstNodes: () => shows('rows of nodes', (screen) => nameInFirstRow(screen) !== ''),
    allKnown: () => shows('all requests and headroom', isAllKnown),
    async quietFor(milliseconds) {
      for (let left = milliseconds; left > 0; left = milliseconds - (performance.now() - terminal.lastAt()))
        await pause(left);
    },
    move(key) {
      const before = selected()?.name;
      return answered(key, `the key "${key}" to move the selection`, () => {
        const now = selected()?.name;
        return now !== undefined && now !== before;
      });
    },
    async answer(key, condition) {
      if (condition(terminal.screen()))
        throw new Error(`The screen shows already what ${JSON.stringify(key)} is to bring.`);
      return answered(key, `what ${JSON.stringify(key)} brings`, () => condition(terminal.screen()));
    },
    selected,
    firstRow: () => nameInFirstRow(terminal.screen()),
    longestBlock: () => probe.ask(terminal.pid, PROBE_PATIENCE),
  };
}

/** When the last byte arrived of the first frame that fulfils a condition; the screen of now may do so already. */
function until(terminal: OpenTerminal, what: string, patience: number, condition: () => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    if (condition()) {
      resolve(performance.now());
      return;
    }
    const stop = terminal.onFrame(({ at }) => {
      if (!condition()) return;
      clearTimeout(bound);
      stop();
      resolve(at);
    });
    const bound = setTimeout(() => {
      stop();
      reject(new Error(`waited in vain for ${what}; the screen is:\n${terminal.screen().join('\n')}`));
    }, patience);
  });
}
