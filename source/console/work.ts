import type { Steps } from '../model/headroom/steps.ts';

/** What work has come to as far as it is done: the last answer, if one was ever worked out, and whether a newer is on its way. */
export type Worked<T> = { readonly value: T | null; readonly isUnderWay: boolean };

/** Work that would hold up keys if it were done at once. */
export type Work = {
  /**
   * What `begin` comes to, by a name and what it is made from: worked out once for the same ground, at once where that
   * takes no longer than a slice, else between frames. Meanwhile, and for a while after, the answer before it stands:
   * `rest` times as long as it took, so that work on what changes all the time takes a small part of the machine.
   */
  ask<T>(name: string, ground: readonly unknown[], begin: () => Steps<T>, rest?: number): Worked<T>;
  /** The same where an answer for this ground is needed at once: what is under way is brought to its end. */
  now<T>(name: string, ground: readonly unknown[], begin: () => Steps<T>): T;
  stop(): void;
};

export type Timers = {
  /** Milliseconds on a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly setTimeout: (work: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
};

/** How long work goes on before keys and frames have their turn, ms. */
const SLICE = 4;
/** How long work rests if nothing else is said, at most so many ms; and that of work which an operator waits for. */
const REST = 20;
const LONGEST_REST = 5_000;
export const NO_REST = 0;
/** Answers kept; those that nobody asked for lately go first. */
const MOST_KEPT = 8;

type Task = {
  ground: readonly unknown[];
  value: unknown;
  steps: Steps<unknown> | null;
  /** Whether an operator waits for it: then it goes before all that nobody waits for. */
  isAwaited: boolean;
  /** Milliseconds that the last answer took, and when it was there. */
  took: number;
  endedAt: number;
};

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((part, index) => part === other[index]);

/** Goes on with work for a slice; what it came to if that is its end, else null. */
function slice<T>(steps: Steps<T>, elapsed: () => number): { readonly value: T } | null {
  const began = elapsed();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step;
    if (elapsed() - began >= SLICE) return null;
  }
}

/** Does work slice by slice, the first at once; `done` is called at its end. Gives what stops it. */
export function inSlices<T>(steps: Steps<T>, timers: Timers, done: (value: T) => void): () => void {
  let next: unknown = null;
  const goOn = (): void => {
    const end = slice(steps, timers.elapsed);
    if (end === null) next = timers.setTimeout(goOn, 0);
    else done(end.value);
  };
  goOn();
  return () => timers.clearTimeout(next as never);
}

/**
 * `tell` is called when an answer is there that was not there when it was asked for, and when one that is old has rested
 * and may be asked for anew; told whether an operator waits for it, as for the first answer of its name.
 */
export function createWork(timers: Timers, tell: (isAwaited: boolean) => void): Work {
  /** The one that was asked for last stands last. */
  const tasks = new Map<string, Task>();
  let next: unknown = null;
  let rested: unknown = null;

  /** Goes on with a task for a slice; true when it is done. */
  function advance(task: Task): boolean {
    if (task.steps === null) return true;
    const began = timers.elapsed();
    const end = slice(task.steps, timers.elapsed);
    const endedAt = timers.elapsed();
    task.took += endedAt - began;
    if (end === null) return false;
    Object.assign(task, { value: end.value, steps: null, endedAt });
    return true;
  }

  function goOn(): void {
    next ??= timers.setTimeout(() => {
      next = null;
      const left = [...tasks.values()].filter(({ steps }) => steps !== null);
      const task = left.findLast(({ isAwaited }) => isAwaited) ?? left.at(-1);
      if (task === undefined) return;
      const isFirst = task.value === null;
      if (advance(task)) tell(task.isAwaited || isFirst);
      goOn();
    }, 0);
  }

  function start(task: Task, ground: readonly unknown[], steps: Steps<unknown>): void {
    Object.assign(task, { ground, steps, took: 0 });
    if (!advance(task)) goOn();
  }

  function askAgainIn(milliseconds: number): void {
    rested ??= timers.setTimeout(() => {
      rested = null;
      tell(false);
    }, milliseconds);
  }

  function kept(name: string): Task {
    const before = tasks.get(name);
    tasks.delete(name);
    const task = before ?? { ground: [], value: null, steps: null, isAwaited: false, took: 0, endedAt: -Infinity };
    tasks.set(name, task);
    for (const oldest of tasks.keys()) if (tasks.size > MOST_KEPT) tasks.delete(oldest);
    return task;
  }

  return {
    ask<T>(name: string, ground: readonly unknown[], begin: () => Steps<T>, rest = REST) {
      const task = kept(name);
      task.isAwaited = rest === NO_REST;
      if (!isSame(task.ground, ground)) {
        const wait = Math.min(task.took * rest, LONGEST_REST) - (timers.elapsed() - task.endedAt);
        // What an operator waits for is begun anew; other work, whose ground changes all the time, comes to its end first.
        if (task.isAwaited || (task.steps === null && wait <= 0)) start(task, ground, begin());
        else if (task.steps === null) askAgainIn(wait);
      }
      // The name says what kind of answer it is.
      return { value: task.value as T | null, isUnderWay: task.steps !== null };
    },
    now<T>(name: string, ground: readonly unknown[], begin: () => Steps<T>) {
      const task = kept(name);
      if (!isSame(task.ground, ground)) Object.assign(task, { ground, steps: begin(), took: 0 });
      while (!advance(task));
      return task.value as T;
    },
    stop() {
      timers.clearTimeout(next as never);
      timers.clearTimeout(rested as never);
    },
  };
}
