/** Time as a parameter: tests turn it by hand. */
export type Clock = {
  /** ms since the epoch. */
  readonly now: () => number;
  /** Runs once after `milliseconds`; the result cancels it. */
  readonly after: (milliseconds: number, run: () => void) => () => void;
};

export const realClock: Clock = {
  now: Date.now,
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `milliseconds`, or at once when the signal aborts; never rejects and leaves no timer behind. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal.addEventListener('abort', done);
  });
}
