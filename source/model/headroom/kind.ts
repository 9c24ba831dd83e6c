import type { Candidate } from './site.ts';

/** A number for each object that rows share, so that it can be part of a key. */
const numbers = new WeakMap<object, number>();
let numbered = 0;
function numberOf(shared: object): number {
  const before = numbers.get(shared);
  if (before !== undefined) return before;
  numbered += 1;
  numbers.set(shared, numbered);
  return numbered;
}

/** The same for candidates that ask the same of nodes, whatever they claim: rows that agree share these parts. */
export const wishesOf = ({ requests, tolerations, placement }: Omit<Candidate, 'namespace' | 'claims'>): string =>
  `${numberOf(requests)},${numberOf(tolerations)},${numberOf(placement)}`;

/** The same for candidates that have the same obstacles everywhere, as the pods of one controller do. */
export const kindOf = (candidate: Candidate): string =>
  wishesOf(candidate) +
  (candidate.claims.length === 0 ? '' : JSON.stringify([candidate.namespace, ...candidate.claims]));
