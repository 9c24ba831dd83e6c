import type { Clock } from './clock.ts';

const SHORTEST = 800;
const LONGEST = 30_000;
const HEALTHY = 120_000;
/** A server that asks for more than this is not obeyed to the letter: the operator waits. */
const LONGEST_ASKED = 120_000;

/** How long to wait before the next attempt: 0.8 s, doubling to 30 s, each cut by up to half at random. */
export type Backoff = {
  /** ms to wait after a failure; `asked` is the server's Retry-After, never undercut. */
  readonly next: (asked: number | null) => number;
  /** It works again from now on; two minutes of that and the waits start anew. */
  readonly healthy: () => void;
};

export function createBackoff(clock: Clock, random: () => number): Backoff {
  let failures = 0;
  let healthySince: number | null = null;
  return {
    next: (asked) => {
      if (healthySince !== null && clock.now() - healthySince >= HEALTHY) failures = 0;
      healthySince = null;
      const full = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 10));
      failures += 1;
      const wait = full * (0.5 + random() / 2);
      return asked === null ? wait : Math.max(wait, Math.min(asked, LONGEST_ASKED) + random() * 1_000);
    },
    healthy: () => {
      healthySince ??= clock.now();
    },
  };
}
