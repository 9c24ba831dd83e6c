import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { whileAllowed } from './bound.ts';
import type { Call } from './command.ts';
import { BadAnswerError, UsageError } from './exit.ts';
import { KUBECONFIG_LINE } from './sandbox-lines.ts';

/** A cluster in a box that runs for this command alone. */
export type Demo = {
  readonly kubeconfig: string;
  /** Where this cluster's trail is kept, apart from the operator's own. */
  readonly stateFolder: string;
  /** Ends it and removes what it wrote. */
  stop(): Promise<void>;
};

/** How long it may take to end by itself, in ms. */
const ENDING = 2_000;

/** One that could not be started has no id, and never exits. */
const ended = (child: ChildProcess): Promise<void> =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));

async function end(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  const patience = setTimeout(() => child.kill('SIGKILL'), ENDING);
  await ended(child);
  clearTimeout(patience);
}

/** Resolves when the sandbox has written its kubeconfig; rejects with what it said when it ends before. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith(KUBECONFIG_LINE)) resolve();
      });
    child.once('error', (error) =>
      reject(new BadAnswerError(`The cluster in a box could not start: ${error.message}.`, { cause: error })),
    );
    // Once it is closed, all that it said has come.
    child.once('close', (code) => {
      const sentence = said.trim() || `The cluster in a box ended at once (exit code ${String(code)}).`;
      reject(code === 2 ? new UsageError(sentence) : new BadAnswerError(sentence));
    });
  });
}

/**
 * Starts a cluster in a box as a child process that ends when this process does, however that ends: it stops once its
 * standard input closes. It has a session of its own, so that keys typed in the terminal never reach it. `happened`: what
 * its scene brings after a while has happened by then.
 */
export async function startDemo({ flags, surroundings, signal }: Call, happened: boolean): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'metalk8s-demo-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const [program, ...first] = surroundings.program;
  const scene = [...(flags.scene === undefined ? [] : ['--scene', flags.scene]), ...(happened ? ['--happened'] : [])];
  const child = spawn(program, [...first, 'sandbox', '--stop-with-stdin', '--kubeconfig', kubeconfig, ...scene], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // A child that is gone cannot be told to stop.
  child.stdin.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await whileAllowed(signal, ready(child));
    return { kubeconfig, stateFolder: join(folder, 'state'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
