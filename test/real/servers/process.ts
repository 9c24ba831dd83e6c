// Servers as child processes: watched, quoted when they fail, and gone when the tests are gone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** A running server. */
export type ServerProcess = {
  readonly name: string;
  readonly pid: number;
  /** How the process ended ("exit 1", "SIGKILL"), or null while it runs. */
  ending(): string | null;
  /** The last lines that it wrote. */
  lastWords(): string;
  /** Sends a signal by process id: SIGSTOP freezes it, SIGCONT lets it go on. */
  signal(name: NodeJS.Signals): void;
  /** Ends it (at once, unless told a gentler signal) and resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
};

const KEPT_CHARACTERS = 8_000;
const SHOWN_LINES = 25;

/**
 * Starts a program. The kernel kills it when the thread that started it dies (`setpriv --pdeathsig`), so nothing stays behind
 * when the tests are killed. It inherits no environment but PATH.
 * `enter` stands before the program: words that make it run on a machine of its own.
 * @throws when the program cannot be started
 */
export async function startProcess(
  name: string,
  program: string,
  flags: readonly string[],
  enter: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...enter, program, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  let kept = '';
  let ending: string | null = null;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-KEPT_CHARACTERS);
    });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ending = signal ?? `exit ${String(code)}`;
      resolve();
    });
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${name} could not start: ${error.message}.`)));
    child.once('spawn', () => {
      if (child.pid !== undefined) resolve(child.pid);
    });
  });
  return {
    name,
    pid,
    ending: () => ending,
    lastWords: () => kept.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n'),
    signal: (signal) => void child.kill(signal),
    async stop(signal = 'SIGKILL') {
      if (ending === null) child.kill(signal);
      await gone;
    },
  };
}

/** Whether a process of this machine runs. */
export const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

/**
 * Asks again until the answer is yes.
 * @param probe true when the thing is there; an error counts as not yet
 * @throws after `seconds`, or at once when the server has ended, with what the server and the last probe said
 */
export async function waitFor(
  what: string,
  probe: () => Promise<boolean>,
  { seconds = 60, server }: { seconds?: number; server?: ServerProcess } = {},
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  let lastAnswer = 'no';
  while (performance.now() < deadline) {
    try {
      if (await probe()) return;
      lastAnswer = 'no';
    } catch (error) {
      lastAnswer = String(error);
    }
    const ending = server?.ending();
    if (ending) throw new Error(`${what}: ${server?.name ?? ''} ended (${ending}).\n${server?.lastWords() ?? ''}`);
    await after(100);
  }
  const words = server === undefined ? '' : `\n${server.name} said:\n${server.lastWords()}`;
  throw new Error(`${what}: not within ${seconds} s; the last answer was: ${lastAnswer}.${words}`);
}

/** Ports of 127.0.0.1 that nobody listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const holders = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Server>((resolve, reject) => {
          const holder = createServer();
          holder.once('error', reject);
          holder.listen(0, '127.0.0.1', () => resolve(holder));
        }),
    ),
  );
  const ports = holders.map((holder) => (holder.address() as AddressInfo).port);
  await Promise.all(holders.map((holder) => new Promise((resolve) => holder.close(resolve))));
  return ports;
}
