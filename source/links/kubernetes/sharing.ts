import type { PodRow } from '../../model/kubernetes/pod.ts';

const MOST = 10_000;

type Share = <T>(value: T) => T;

/** One object for each distinct value. Emptied when full: then what is the same later is another object. */
function sharing(): Share {
  const held = new Map<string, unknown>();
  return (value) => {
    const key = JSON.stringify(value);
    const before = held.get(key);
    if (before !== undefined) return before as typeof value;
    if (held.size >= MOST) held.clear();
    held.set(key, value);
    return value;
  };
}

/** What rows share: `wishes` to save work, since rows of one object are placed alike; the rest to save memory. */
export type Sharing = { readonly wishes: Share; readonly rest: Share };

/**
 * Makes rows that agree share what they agree on. What they ask of nodes is kept apart, so that it stays shared however
 * many owners and claims there are.
 */
export const createSharing = (): Sharing => ({ wishes: sharing(), rest: sharing() });

/** Rows that share with each other, and with all that were shared before; what some share already is looked up once. */
export function sharedRows(rows: readonly PodRow[], { wishes, rest }: Sharing): readonly PodRow[] {
  const seen = new Map<unknown, unknown>();
  const once = <T>(value: T, share: Share): T => {
    if (!seen.has(value)) seen.set(value, share(value));
    return seen.get(value) as T;
  };
  return rows.map((row) => ({
    ...row,
    ready: once(row.ready, rest),
    owner: once(row.owner, rest),
    requests: once(row.requests, wishes),
    limits: once(row.limits, rest),
    unlimited: once(row.unlimited, rest),
    tolerations: once(row.tolerations, wishes),
    placement: once(row.placement, wishes),
    claims: once(row.claims, rest),
    ephemeralClaims: once(row.ephemeralClaims, rest),
  }));
}
