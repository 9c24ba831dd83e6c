import { pause, type Clock } from '../../links/kubernetes/clock.ts';
import type { AttentionOf } from '../attention.ts';
import type { Store } from '../store.ts';

/** When something is asked. */
export type Rhythm = {
  readonly store: Store;
  readonly attention: AttentionOf;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** ms from one time to the next as things stand now; null is not at all. */
  readonly every: () => number | null;
  /** Whether there is somebody to ask; looked at with each event. */
  readonly may: () => boolean;
  /** ms that pass before the first time, once it may, as things stand now. */
  readonly after?: () => number;
};

/**
 * Asks by the rhythm until the signal aborts, and resolves then: as soon as it may, and sooner than was meant where
 * somebody begins to look. What is under way is waited for. Rejects as `ask` does, unless the signal has aborted.
 */
export async function askByRhythm(rhythm: Rhythm, ask: () => Promise<void>): Promise<void> {
  const { clock, signal, every, may, after } = rhythm;
  let from: number | null = null;
  let last = -Infinity;
  while (!signal.aborted) {
    if (!may()) {
      await change(rhythm, Infinity);
      continue;
    }
    from ??= clock.now();
    const often = every();
    const wait =
      often === null ? Infinity : Math.max(after === undefined ? from : from + after(), last + often) - clock.now();
    if (wait > 0) {
      await change(rhythm, wait);
      continue;
    }
    last = clock.now();
    try {
      await ask();
    } catch (error) {
      if (!aborted(signal)) throw error;
    }
  }
}

const aborted = (signal: AbortSignal): boolean => signal.aborted;

/** Resolves after `wait` ms, or before when the attention or who may be asked changes, and at the abort. */
async function change({ store, attention, clock, signal, may }: Rhythm, wait: number): Promise<void> {
  const changed = new AbortController();
  const end = () => changed.abort();
  const leaves = [attention.subscribe(end), ...(may() ? [] : [store.subscribe(() => may() && end())])];
  signal.addEventListener('abort', end);
  if (Number.isFinite(wait)) await pause(clock, wait, changed.signal);
  else await new Promise((resolve) => changed.signal.addEventListener('abort', resolve, { once: true }));
  signal.removeEventListener('abort', end);
  for (const leave of leaves) leave();
}
