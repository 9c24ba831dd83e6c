import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';

/** What emits events; a process and its streams do. */
export type Emitter = Pick<EventEmitter, 'on' | 'off'>;

/** What befalls a program that holds a terminal. */
export type TerminalEvents = {
  /** The program has to end: a signal asked for it, or the terminal is gone. */
  readonly onEnd: (exitCode: number) => void;
  /** Something asked the program to stop (SIGTSTP), as Ctrl-Z would. */
  readonly onStop: () => void;
  /** The program runs again after a stop; whoever had the terminal meanwhile may have left it in any mode. */
  readonly onContinue: () => void;
  /** A mistake that nothing caught. */
  readonly onError: (error: unknown) => void;
};

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Exit code of a program that a signal ended, as shells tell it. */
const codeOf = (signal: (typeof ENDING)[number]): number => 128 + constants.signals[signal];

/**
 * Listens for all that ends or stops a program that holds a terminal: signals, the terminal going away (end or error of
 * its streams, with or without a SIGHUP), and uncaught errors. Returns what stops listening.
 */
export function watchTerminal(
  program: Emitter,
  { stdin, stdout }: { readonly stdin: Emitter; readonly stdout: Emitter },
  events: TerminalEvents,
): () => void {
  const gone = () => events.onEnd(codeOf('SIGHUP'));
  const watched: readonly (readonly [Emitter, string, (...args: unknown[]) => void])[] = [
    ...ENDING.map((signal) => [program, signal, () => events.onEnd(codeOf(signal))] as const),
    [program, 'SIGTSTP', events.onStop],
    [program, 'SIGCONT', events.onContinue],
    [program, 'uncaughtException', (error: unknown) => events.onError(error)],
    [program, 'unhandledRejection', (error: unknown) => events.onError(error)],
    [stdin, 'end', gone],
    [stdin, 'close', gone],
    [stdin, 'error', gone],
    [stdout, 'error', gone],
  ];
  for (const [emitter, event, listener] of watched) emitter.on(event, listener);
  return () => {
    for (const [emitter, event, listener] of watched) emitter.off(event, listener);
  };
}

/**
 * Stops the whole foreground job, as the terminal itself does for Ctrl-Z, so that the shell takes over even when the
 * program was started by another one (npm, sudo). Returns when the job runs again; at once where there is no job
 * control. Listeners for SIGTSTP must be off, or nothing stops.
 */
export const stopJob = (kill: (pid: number, signal: NodeJS.Signals) => void): void => kill(0, 'SIGTSTP');
