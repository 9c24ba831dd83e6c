import { createSharing, sharedRows, type Sharing } from '../links/kubernetes/sharing.ts';
import type { ClusterEvent } from '../model/cluster-event.ts';

/** Waits; resolves early when the signal is aborted. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Longest pause between two events, so that a quiet night does not hold a replay up. */
const LONGEST = 10_000;

/**
 * Gives the events to `dispatch` with the pauses that lay between them, `speed` times faster; null gives them at once.
 * Pods share what they agree on, as when they are read from a cluster. Resolves after the last one or when the signal is
 * aborted.
 */
export async function replay(
  events: AsyncIterable<ClusterEvent>,
  dispatch: (event: ClusterEvent) => void,
  given: { readonly speed: number | null; readonly pause: Pause; readonly signal: AbortSignal },
): Promise<void> {
  const sharing = createSharing();
  let last: number | null = null;
  for await (const event of events) {
    const wait = given.speed === null || last === null ? 0 : Math.min(LONGEST, (event.at - last) / given.speed);
    if (wait > 0) await given.pause(wait, given.signal);
    if (given.signal.aborted) return;
    last = event.at;
    dispatch(shared(event, sharing));
  }
}

const shared = (event: ClusterEvent, sharing: Sharing): ClusterEvent =>
  'items' in event && event.resource === 'pods' ? { ...event, items: sharedRows(event.items, sharing) } : event;
