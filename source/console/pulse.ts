import { AGE_STEP } from '../text/age.ts';
import type { Store } from '../state/store.ts';

/** One moment of the picture: a number that rises, and the time at which ages are told. */
export type Beat = { readonly count: number; readonly now: number };

/** Tells the screen when to look again: soon after a change, never more often than it can be read. */
export type Pulse = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly current: () => Beat;
  readonly stop: () => void;
};

type Timers = {
  readonly now: () => number;
  readonly setTimeout: (work: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
};

/** Changes are drawn at most this often; keys are drawn at once and do not wait for it. */
const BETWEEN_CHANGES = 250;

/** A pulse on the changes of a store and on the passing of time. The first change is told at once. */
export function createPulse(store: Store, timers: Timers): Pulse {
  const listeners = new Set<() => void>();
  const steady = () => Math.floor(timers.now() / AGE_STEP) * AGE_STEP;
  let beat: Beat = { count: 0, now: steady() };
  let lastDrawn = -Infinity;
  let change: unknown = null;
  let ageing: unknown = null;

  const tell = () => {
    beat = { count: beat.count + 1, now: steady() };
    for (const listener of listeners) listener();
  };
  const onChange = () => {
    if (change !== null) return;
    // A wall clock may be set back; nothing waits longer for that.
    const wait = Math.min(Math.max(lastDrawn + BETWEEN_CHANGES - timers.now(), 0), BETWEEN_CHANGES);
    change = timers.setTimeout(() => {
      change = null;
      lastDrawn = timers.now();
      tell();
    }, wait);
  };
  const age = () => {
    ageing = timers.setTimeout(
      () => {
        tell();
        age();
      },
      AGE_STEP - (timers.now() % AGE_STEP),
    );
  };
  const unsubscribe = store.subscribe(onChange);
  age();
  return {
    current: () => beat,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => {
      unsubscribe();
      timers.clearTimeout(change as never);
      timers.clearTimeout(ageing as never);
    },
  };
}
