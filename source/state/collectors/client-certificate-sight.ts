import type { ClientCount } from '../../links/control-plane/reader.ts';
import type { ClientCertificates } from '../../model/control-plane/control-plane.ts';
import { countedBetween } from '../../model/histogram.ts';

/** Gives what is told of a count, by the one before it; `now` is ms since the epoch. */
export type ClientCertificateSight = (count: ClientCount, now: number) => ClientCertificates;

/**
 * Remembers what an API server counted when it was asked before, since what it counts since it began holds certificates
 * that were renewed meanwhile. Another server, and one that began anew, has nothing before it.
 */
export function createClientCertificateSight(): ClientCertificateSight {
  let before: (ClientCount & { readonly at: number }) | null = null;
  return (count, now) => {
    const last = before?.where === count.where ? before : null;
    before = { ...count, at: now };
    if (last === null) return heldBy(count, null);
    const rise = countedBetween(last.histogram, count.histogram);
    return heldBy({ ...count, histogram: rise }, rise === count.histogram ? null : last.at);
  };
}

/** Bounds between which the one lies that held shortest. */
function heldBy({ where, histogram: { bounds, counts } }: ClientCount, since: number | null): ClientCertificates {
  const shortest = counts.findIndex((count) => count > 0);
  const bound = bounds[shortest] ?? Infinity;
  return {
    where,
    since,
    requests: counts.at(-1) ?? NaN,
    atLeast: shortest === -1 ? null : (bounds[Math.max(shortest - 1, 0)] ?? null),
    below: bound === Infinity ? null : bound,
  };
}
