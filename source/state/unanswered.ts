import { ConfigurationError } from '../links/kubernetes/access.ts';
import { LinkFailure, rightIn } from '../links/kubernetes/failure.ts';
import type { Unanswered } from '../model/cluster-event.ts';

/**
 * Why a question found no answer; `right` is what it needs, for a server that does not say. Throws whatever is no
 * failure of a cluster.
 */
export function unanswered(error: unknown, right: string): Unanswered {
  if (error instanceof ConfigurationError) return { kind: 'lost', why: error.message, right: null };
  if (!(error instanceof LinkFailure)) throw error;
  const why = error.message;
  if (error.kind === 'forbidden') return { kind: 'denied', why, right: rightIn(error) ?? right };
  return { kind: error.kind === 'not-found' ? 'absent' : 'lost', why, right: null };
}
