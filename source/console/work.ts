import type { Steps } from '../model/headroom/steps.ts';

/** What work has come to as far as it is done: the last answer, if one was ever worked out, and whether a newer is on its way. */
export type Worked<T> = { readonly value: T | null; readonly isUnderWay: boolean };

/** Work that would hold up keys if it were done at once. */
export type Work = {
  /**
   * What `begin` comes to, by a name and what it is made from: worked out once for the same ground, at once where that
   * takes no longer than a slice, else between frames. Meanwhile, and for a while after, the answer before it stands.
   */
  ask<T>(name: string, ground: readonly unknown[], begin: () => Steps<T>): Worked<T>;
  stop(): void;
};

type Timers = {
  /** Milliseconds. */
  readonly now: () => number;
  readonly setTimeout: (work: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
};

/** How long work goes on before keys and frames have their turn, ms. */
const SLICE = 4;
/** Work on what changes all the time rests this many times as long as it took, so that it takes a small part of the machine. */
const REST = 20;
/** Answers kept; those that nobody asked for lately go first. */
const MOST_KEPT = 8;

type Task = {
  ground: readonly unknown[];
  value: unknown;
  steps: Steps<unknown> | null;
  /** Milliseconds that the last answer took, and when it was there. */
  took: number;
  endedAt: number;
};

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((part, index) => part === other[index]);

/** `tell` is called when an answer is there that was not there when it was asked for. */
export function createWork(timers: Timers, tell: () => void): Work {
  /** The one that was asked for last stands last. */
  const tasks = new Map<string, Task>();
  let next: unknown = null;

  /** Goes on with a task for a slice; true when it is done. */
  function advance(task: Task): boolean {
    const began = timers.now();
    for (;;) {
      const step = task.steps?.next();
      const now = timers.now();
      if (step === undefined || step.done === true) {
        if (step !== undefined) task.value = step.value;
        task.steps = null;
        task.took += now - began;
        task.endedAt = now;
        return true;
      }
      if (now - began >= SLICE) {
        task.took += now - began;
        return false;
      }
    }
  }

  function goOn(): void {
    next ??= timers.setTimeout(() => {
      next = null;
      const task = [...tasks.values()].findLast(({ steps }) => steps !== null);
      if (task === undefined) return;
      if (advance(task)) tell();
      goOn();
    }, 0);
  }

  function start(task: Task, ground: readonly unknown[], steps: Steps<unknown>): void {
    Object.assign(task, { ground, steps, took: 0 });
    if (!advance(task)) goOn();
  }

  function kept(name: string): Task {
    const before = tasks.get(name);
    tasks.delete(name);
    const task = before ?? { ground: [], value: null, steps: null, took: 0, endedAt: -Infinity };
    tasks.set(name, task);
    for (const oldest of tasks.keys()) if (tasks.size > MOST_KEPT) tasks.delete(oldest);
    return task;
  }

  return {
    ask<T>(name: string, ground: readonly unknown[], begin: () => Steps<T>) {
      const task = kept(name);
      const isRested = timers.now() - task.endedAt >= task.took * REST;
      if (task.steps === null && isRested && !isSame(task.ground, ground)) start(task, ground, begin());
      // The name says what kind of answer it is.
      return { value: task.value as T | null, isUnderWay: task.steps !== null };
    },
    stop: () => timers.clearTimeout(next as never),
  };
}
