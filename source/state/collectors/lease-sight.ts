import type { Lease } from '../../links/control-plane/decode.ts';
import type { LeaderLease } from '../../model/control-plane/control-plane.ts';
import { holdsFor, isHeld } from '../../model/control-plane/leader.ts';

/** What was seen of Leases so far. */
export type LeaseSight = {
  /** The same Leases, with when each renewal was first seen; `now` is ms since the epoch. */
  readonly seen: (leases: readonly Lease[], now: number) => readonly LeaderLease[];
  /** It cannot be told yet whether all are held. */
  readonly isInDoubt: () => boolean;
};

/**
 * Remembers since when each Lease stands as it does, as those do who wait to become leader: by one's own clock, since
 * that of the holder may be another (client-go: leaderelection). What is seen for the first time may be old: it counts
 * once it was seen to move, or not to move for as long as it holds.
 */
export function createLeaseSight(): LeaseSight {
  let isInDoubt = false;
  const before = new Map<string, { readonly renewal: string; readonly since: number; readonly hasMoved: boolean }>();
  return {
    isInDoubt: () => isInDoubt,
    seen: (leases, now) => {
      const told = leases.map((lease) => {
        const renewal = JSON.stringify([lease.holder, lease.renewedAt]);
        const known = before.get(lease.name);
        const isSame = known?.renewal === renewal;
        const since = isSame ? known.since : now;
        const hasMoved = known !== undefined && (!isSame || known.hasMoved);
        before.set(lease.name, { renewal, since, hasMoved });
        return { ...lease, movedAt: hasMoved || now - since > holdsFor(lease) ? since : null };
      });
      isInDoubt = told.some((lease) => isHeld(lease, now) === null);
      return told;
    },
  };
}
