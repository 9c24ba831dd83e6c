import type { LeaderLease } from './control-plane.ts';

/** So long a renewal holds where the Lease does not say (Kubernetes: component-base, leader election), s. */
const USUAL_LEASE = 15;

/** So long a renewal holds, ms. */
export const holdsFor = ({ seconds }: Pick<LeaderLease, 'seconds'>): number => (seconds ?? USUAL_LEASE) * 1_000;

/**
 * Whether a Lease that was asked for at `at` is held. Leader election goes by when a renewal was seen and not by what it
 * says, since clocks differ (client-go: leaderelection); so does this once the Lease was seen to move, or long enough not to. Before that it
 * is held where both clocks agree that it is, else nobody knows: null.
 */
export function isHeld(
  { movedAt, renewedAt, seconds }: Pick<LeaderLease, 'movedAt' | 'renewedAt' | 'seconds'>,
  at: number,
): boolean | null {
  const held = holdsFor({ seconds });
  if (movedAt !== null) return at - movedAt <= held;
  return renewedAt !== null && Math.abs(at - renewedAt) <= held ? true : null;
}
