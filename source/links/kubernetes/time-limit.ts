import type { Clock } from './clock.ts';

/**
 * Asks with a signal that aborts after `milliseconds` of the clock, and when `signal` does. Rejects with `late()` when
 * the time was up, otherwise as `ask` does.
 */
export async function within<T>(
  {
    clock,
    milliseconds,
    signal,
    late,
  }: {
    readonly clock: Clock;
    readonly milliseconds: number;
    readonly signal?: AbortSignal | undefined;
    readonly late: () => Error;
  },
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const follow = () => limit.abort(signal?.reason);
  if (signal?.aborted === true) follow();
  signal?.addEventListener('abort', follow);
  const timeIsUp = new Error('the time was up');
  const cancel = clock.after(milliseconds, () => limit.abort(timeIsUp));
  try {
    return await ask(limit.signal);
  } catch (error) {
    if (limit.signal.reason === timeIsUp) throw late();
    throw error;
  } finally {
    cancel();
    signal?.removeEventListener('abort', follow);
  }
}
