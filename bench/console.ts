import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Cluster } from './cluster.ts';
import { PROGRAM } from './program.ts';
import { openTerminal, type OpenTerminal, type TerminalOptions } from './terminal.ts';

export type ScreenSize = { readonly columns: number; readonly rows: number };

/** The screen of every figure that does not name another. */
export const LARGE_SCREEN = { columns: 200, rows: 60 } as const satisfies ScreenSize;

export type ConsoleOptions = ScreenSize & Pick<TerminalOptions, 'bytesPerSecond'> & { readonly probed?: boolean };

/** A key that has moved nothing by then moves nothing, ms. */
const KEY_PATIENCE = 10_000;
/** For what the console shows on its way to a whole picture, ms. */
const START_PATIENCE = 240_000;
/** For the answer of the probe, and between looks for it, ms. */
const PROBE_PATIENCE = 5_000;
const PROBE_LOOK = 2;

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
  /** The node that is selected, and in which row of the screen; null while there is none. */
  readonly selected: () => Selected | null;
  /** Name of the node in the first row of the list; empty while there is none. */
  readonly firstRow: () => string;
  /** Longest time for which the main thread of a probed console was busy since this was last asked, ms. */
  readonly longestBlock: () => Promise<number>;
};

export type Selected = { readonly name: string; readonly y: number };

/** Opens the built console in a pty on the cluster, and ends it when the work is done. */
export async function withConsole<Result>(
  cluster: Cluster,
  { probed = false, ...screen }: ConsoleOptions,
  work: (console: OpenConsole) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-probe-'));
  const startedAt = performance.now();
  const terminal = openTerminal({
    ...screen,
    command: [process.execPath, PROGRAM],
    environment: { ...cluster.environment, ...(probed && probeIn(folder)) },
  });
  let hasExited = false;
  const isGone = () => hasExited;
  const ended = terminal.exited.then((): never => {
    hasExited = true;
    throw new Error(`The console ended by itself; the screen is:\n${terminal.screen().join('\n')}`);
  });
  try {
    return await Promise.race([work(openConsole(terminal, startedAt, join(folder, 'probe'))), ended]);
  } finally {
    ended.catch(() => undefined);
    if (!isGone()) terminal.kill();
    await terminal.exited;
    rmSync(folder, { recursive: true, force: true });
  }
}

const probeIn = (folder: string): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'probe.ts')).href}`,
  BENCH_PROBE: join(folder, 'probe'),
});

function openConsole(terminal: OpenTerminal, startedAt: number, probe: string): OpenConsole {
  const selected = () => selectedIn(terminal.screen());
  const shows = (what: string, condition: (screen: readonly string[]) => boolean) =>
    until(terminal, `the console to show ${what}`, START_PATIENCE, () => condition(terminal.screen()));

  let asked = 0;
  const longestBlock = async () => {
    asked += 1;
    process.kill(terminal.pid, 'SIGUSR2');
    const askedAt = performance.now();
    while (performance.now() - askedAt < PROBE_PATIENCE) {
      await pause(PROBE_LOOK);
      if (!existsSync(probe)) continue;
      const told = JSON.parse(readFileSync(probe, 'utf8')) as { asked: number; longest: number };
      if (told.asked === asked) return told.longest;
    }
    throw new Error('The probe in the console did not answer.');
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
    async move(key) {
      const before = selected()?.name;
      const pressedAt = performance.now();
      const moved = until(terminal, `the key "${key}" to move the selection`, KEY_PATIENCE, () => {
        const now = selected()?.name;
        return now !== undefined && now !== before;
      });
      terminal.press(key);
      return (await moved) - pressedAt;
    },
    selected,
    firstRow: () => nameInFirstRow(terminal.screen()),
    longestBlock,
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

/** Nodes and pods are live, and no sum of the head is unknown any more, where it is drawn. */
const isAllKnown = (screen: readonly string[]): boolean =>
  ['nodes', 'pods'].every((one) => screen.some((row) => row.startsWith(' source ') && row.includes(`${one} live`))) &&
  !screen.some((row) => row.startsWith(' FREE FOR WORKLOADS ') && row.includes('?'));

/** A node, not the head of a group: cursor and mark, then its name. */
const NODE_ROW = /^[> ][* ](\S+)/;

/** Where the list begins, below the column titles; -1 while there is none. */
const titlesIn = (screen: readonly string[]): number => screen.findIndex((row) => /^ {2}NODE\b/.test(row));

function nameInFirstRow(screen: readonly string[]): string {
  const titles = titlesIn(screen);
  if (titles === -1) return '';
  return screen.slice(titles + 1).flatMap((row) => NODE_ROW.exec(row)?.[1] ?? [])[0] ?? '';
}

function selectedIn(screen: readonly string[]): Selected | null {
  const titles = titlesIn(screen);
  const y = screen.findIndex((row, index) => index > titles && row.startsWith('>'));
  const name = NODE_ROW.exec(screen[y] ?? '')?.[1];
  return titles === -1 || name === undefined ? null : { name, y };
}
