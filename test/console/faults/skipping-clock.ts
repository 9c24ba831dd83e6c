import type { Clock } from '../../../source/links/kubernetes/clock.ts';

/** Real time that a test can skip ahead of: what falls due on the way runs at once, in order. */
export function skippingClock() {
  type Timer = {
    readonly at: number;
    readonly milliseconds: number;
    readonly run: () => void;
    readonly cancel: () => void;
  };
  let skipped = 0;
  const timers = new Set<Timer>();
  const now = () => Date.now() + skipped;
  const due = (end: number) => [...timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  const clock = {
    now,
    after: (milliseconds, run) => {
      const ring = () => {
        timers.delete(timer);
        run();
      };
      const real = setTimeout(ring, milliseconds);
      const cancel = () => {
        clearTimeout(real);
        timers.delete(timer);
      };
      const timer = { at: now() + milliseconds, milliseconds, run: ring, cancel };
      timers.add(timer);
      return cancel;
    },
  } satisfies Clock;
  return {
    ...clock,
    /** The same time for whoever takes it as the functions of the platform. */
    timers: {
      now,
      elapsed: now,
      setTimeout: (run: () => void, milliseconds: number) => clock.after(milliseconds, run),
      clearTimeout: (cancel: (() => void) | null) => cancel?.(),
    },
    /** How long each that waits has been told to wait, ms. */
    waits: () => [...timers].map(({ milliseconds }) => milliseconds),
    jump(milliseconds: number) {
      const end = now() + milliseconds;
      for (let next = due(end); next !== undefined; next = due(end)) {
        skipped += Math.max(next.at - now(), 0);
        next.cancel();
        next.run();
      }
      skipped += Math.max(end - now(), 0);
    },
  };
}
