import { ConfigurationError } from '../links/kubernetes/access.ts';
import { LinkFailure, type FailureKind } from '../links/kubernetes/failure.ts';
import type { End } from './run.ts';
import { REFUSALS } from './refusal.ts';

/** What the sending of a command came to: answered well, ended for good, or without an answer that tells. */
export type Sent =
  | { readonly state: 'answered' }
  | { readonly state: 'lost'; readonly why: string }
  | { readonly state: 'ended'; readonly end: End };

/** After these, what was sent may have been done. */
const WITHOUT_END: readonly FailureKind[] = ['unknown-outcome', 'timeout', 'unreachable', 'protocol'];

/** Waits for the end of a command that is run once. Rejects only with what nobody foresaw. */
export async function endOfSending(sending: Promise<void>, node: string): Promise<Sent> {
  try {
    await sending;
    return { state: 'answered' };
  } catch (error) {
    if (error instanceof ConfigurationError)
      return { state: 'ended', end: { state: 'failed', why: `${error.message} Nothing was sent to ${node}.` } };
    if (!(error instanceof LinkFailure)) throw error;
    if (!error.sent)
      return { state: 'ended', end: { state: 'failed', why: `${error.message} Nothing was sent to ${node}.` } };
    if (WITHOUT_END.includes(error.kind)) return { state: 'lost', why: error.message };
    return {
      state: 'ended',
      end: { state: REFUSALS.includes(error.kind) ? 'refused' : 'failed', why: error.message },
    };
  }
}
