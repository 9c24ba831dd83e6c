import { createGlances } from '../../source/console/glance.ts';
import { createPulse, type Pulse } from '../../source/console/pulse.ts';
import type { Store } from '../../source/state/store.ts';

/** A pulse that never beats of itself, at a time that stands still: all work is done at once. */
export const stillPulse = (store: Store, now: number): Pulse =>
  createPulse(store, { now: () => now, elapsed: () => now, setTimeout: () => null, clearTimeout: () => undefined });

/** What is taken in of a store now. */
export function glanceOf(store: Store, now: number) {
  const pulse = stillPulse(store, now);
  return createGlances(store.state, pulse.work)(pulse.current());
}
