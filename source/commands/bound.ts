import { InterruptedError, TimeoutError, UsageError } from './exit.ts';
import { parseDuration } from './duration.ts';

/** The bound of a command in ms: what `--timeout` says, else the command's own; null for none. */
export function boundOf(timeout: string | undefined, seconds: number | null): number | null {
  if (timeout === undefined) return seconds === null ? null : seconds * 1_000;
  const bound = parseDuration(timeout);
  if (bound === null || bound > 2 ** 31 - 1)
    throw new UsageError(`--timeout ${timeout} is no time; write it as in 30s, 5m or 1h.`);
  return bound;
}

/** A signal that aborts when the operator interrupts or the bound has passed, with the error to end with as reason. */
export function boundedSignal(
  interrupted: AbortSignal,
  bound: number | null,
): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new InterruptedError('Interrupted.'));
  const late = () =>
    controller.abort(
      new TimeoutError(
        `No answer within ${String((bound ?? NaN) / 1_000)} s; give more time with --timeout, as in --timeout 2m.`,
      ),
    );
  const timer = bound === null ? undefined : setTimeout(late, bound);
  if (interrupted.aborted) interrupt();
  else interrupted.addEventListener('abort', interrupt, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      interrupted.removeEventListener('abort', interrupt);
    },
  };
}

/** Settles as `work` does, or rejects with the signal's reason when that aborts first. */
export function whileAllowed<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
