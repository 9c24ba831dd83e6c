import type { ClusterEvent } from '../model/cluster-event.ts';

/** Waits; resolves early when the signal is aborted. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Longest pause between two events, so that a quiet night does not hold a replay up. */
const LONGEST = 10_000;

/**
 * Gives the events to `dispatch` with the pauses that lay between them, `speed` times faster; null gives them at once.
 * Resolves after the last one or when the signal is aborted.
 */
export async function replay(
  events: AsyncIterable<ClusterEvent>,
  dispatch: (event: ClusterEvent) => void,
  given: { readonly speed: number | null; readonly pause: Pause; readonly signal: AbortSignal },
): Promise<void> {
  let last: number | null = null;
  for await (const event of events) {
    const wait = given.speed === null || last === null ? 0 : Math.min(LONGEST, (event.at - last) / given.speed);
    if (wait > 0) await given.pause(wait, given.signal);
    if (given.signal.aborted) return;
    last = event.at;
    dispatch(event);
  }
}
