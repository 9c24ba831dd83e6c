/**
 * The time of a sandbox. Everything that happens by itself in it (heartbeats, pods starting, the end of a watch) asks
 * this clock, so that a test can drive hours by hand.
 */
export type SandboxClock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after so many milliseconds; the answer cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
};

/** What a timer of Node bears; one that is set for longer would fire at once. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/** Wall time. Its timers do not keep the process alive, and wait for 24 days at most. */
export const systemClock: SandboxClock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, milliseconds), LONGEST_MILLISECONDS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export type ManualClock = SandboxClock & {
  /** Moves the time forward; what falls due runs in order, each at its own time. */
  advance(milliseconds: number): void;
};

/** A clock that stands still until it is advanced. */
export function manualClock(start = Date.UTC(2026, 0, 31, 12)): ManualClock {
  type Timer = { at: number; order: number; callback: () => void };
  let now = start;
  let order = 0;
  const timers = new Set<Timer>();
  const nextDue = (until: number): Timer | null => {
    let next: Timer | null = null;
    for (const timer of timers) {
      if (timer.at > until) continue;
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  };
  return {
    now: () => now,
    after(milliseconds, callback) {
      const timer = { at: now + Math.max(0, milliseconds), order: order++, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(milliseconds) {
      const until = now + milliseconds;
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer);
        now = timer.at;
        timer.callback();
      }
      now = until;
    },
  };
}

export type LaggingClock = SandboxClock & {
  /** Lets all the time happen that this clock is behind, in order; from then on it is the other clock. */
  catchUp(): void;
};

/** A clock that stands still some milliseconds before the present of another one, until it catches up. */
export function laggingClock(present: SandboxClock, behind: number): LaggingClock {
  type Timer = { at: number; callback: () => void; cancel: () => void };
  const past = manualClock(present.now() - behind);
  const timers = new Set<Timer>();
  let current: SandboxClock = past;
  const arm = (timer: Timer): void => {
    timer.cancel = current.after(Math.max(0, timer.at - current.now()), () => {
      timers.delete(timer);
      timer.callback();
    });
  };
  return {
    now: () => current.now(),
    after(milliseconds, callback) {
      const timer = { at: current.now() + Math.max(0, milliseconds), callback, cancel: () => undefined };
      timers.add(timer);
      arm(timer);
      return () => {
        timers.delete(timer);
        timer.cancel();
      };
    },
    catchUp() {
      past.advance(behind);
      current = present;
      for (const timer of timers) timer.cancel();
      for (const timer of timers) arm(timer);
    },
  };
}

/** Texts of the seconds that were last asked for: a whole site begins with the same few. */
const seconds = new Map<number, string>();

/** RFC 3339 in whole seconds, as metadata and conditions have it. */
export function timestamp(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000);
  const known = seconds.get(second);
  if (known !== undefined) return known;
  if (seconds.size >= 1000) seconds.clear();
  const text = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
  seconds.set(second, text);
  return text;
}

/** RFC 3339 with microseconds, as leases have it. */
export const microTimestamp = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 23)}000Z`;
