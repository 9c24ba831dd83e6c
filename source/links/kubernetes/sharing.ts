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

/**
 * What rows share: `wishes` to save work, since rows of one object are placed alike; the rest to save memory, words too,
 * of which each row that was read or sent has a copy of its own.
 */
export type Sharing = { readonly wishes: Share; readonly rest: Share; readonly words: Share };

/**
 * Makes rows that agree share what they agree on. What they ask of nodes is kept apart, so that it stays shared however
 * many owners and claims there are.
 */
export const createSharing = (): Sharing => ({ wishes: sharing(), rest: sharing(), words: sharing() });

/** Rows that share with each other, and with all that were shared before; what some share already is looked up once. */
export function sharedRows(rows: readonly PodRow[], { wishes, rest, words }: Sharing): readonly PodRow[] {
  const seen = new Map<unknown, unknown>();
  const once = <T>(value: T, share: Share): T => {
    if (!seen.has(value)) seen.set(value, share(value));
    return seen.get(value) as T;
  };
  // Each part by its name: an object that is made so takes less memory than a copy of one that was sent.
  return rows.map((row) => ({
    uid: row.uid,
    namespace: once(row.namespace, words),
    name: row.name,
    node: once(row.node, words),
    phase: once(row.phase, words),
    status: once(row.status, words),
    ready: once(row.ready, rest),
    restarts: row.restarts,
    createdAt: row.createdAt,
    deleting: row.deleting,
    mirror: row.mirror,
    owner: once(row.owner, rest),
    requests: once(row.requests, wishes),
    limits: once(row.limits, rest),
    unlimited: once(row.unlimited, rest),
    tolerations: once(row.tolerations, wishes),
    placement: once(row.placement, wishes),
    claims: once(row.claims, rest),
    ephemeralClaims: once(row.ephemeralClaims, rest),
    priority: row.priority,
    unscheduled: once(row.unscheduled, words),
  }));
}
