import type { Clock } from './clock.ts';

/**
 * Asks with a signal that aborts after `milliseconds` of the clock, and when `signal` does. Rejects with `late()` when
 * the time was up, also where `ask` does not heed its signal; otherwise as `ask` does.
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
    return await Promise.race([ask(limit.signal), aborted(limit.signal)]);
  } catch (error) {
    if (limit.signal.reason === timeIsUp) throw late();
    throw error;
  } finally {
    cancel();
    signal?.removeEventListener('abort', follow);
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
