import { ConfigurationError } from '../links/kubernetes/access.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import { LinkFailure } from '../links/kubernetes/failure.ts';
import type { FailureKind } from '../links/kubernetes/failure.ts';
import { list } from '../text/words.ts';
import type { NodeReading } from './node-link.ts';
import type { NodeStep, StepResult } from './operation.ts';
import { movedSince } from './patch.ts';

/** What a failed request says of its step: `look` when only the node itself can tell. */
export type Verdict = { readonly state: StepResult['state'] | 'look'; readonly why: string };

/** What a link may reject with; anything else is a mistake of the program, or the abort of what was asked. */
export const isForeseen = (error: unknown): error is LinkFailure | ConfigurationError =>
  error instanceof LinkFailure || error instanceof ConfigurationError;

/** Answers by which the server says no for good; after any other failure nothing was done either, but it may be next time. */
export const REFUSALS: readonly FailureKind[] = ['unauthorized', 'forbidden', 'not-found', 'invalid'];

const UNPROCESSABLE = 422;

/**
 * How a step ended whose patch failed. A failed test and an invalid value are the same answer (422) to the API server,
 * so the node is read anew: it is a conflict only when what the patch tested has moved.
 */
export async function verdictOn(
  step: NodeStep,
  failure: unknown,
  reader: NodeReading,
  signal?: AbortSignal,
): Promise<Verdict> {
  if (failure instanceof ConfigurationError)
    return { state: 'failed', why: `${failure.message} Nothing was sent to ${step.node}.` };
  if (!(failure instanceof LinkFailure)) throw failure;
  const why = failure.message;
  if (!failure.sent) return { state: 'failed', why: `${why} Nothing was sent to ${step.node}.` };
  if (failure.status === UNPROCESSABLE || failure.kind === 'conflict')
    return conflictOrRefusal(step, failure, reader, signal);
  if (failure.kind === 'unknown-outcome') return { state: 'look', why };
  return { state: REFUSALS.includes(failure.kind) ? 'refused' : 'failed', why };
}

async function conflictOrRefusal(
  step: NodeStep,
  failure: LinkFailure,
  reader: NodeReading,
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  let now: ClusterNode;
  try {
    now = await reader.node(step.node, signal);
  } catch (error) {
    if (!(error instanceof LinkFailure)) throw error;
    return {
      state: 'refused',
      why: `${serverWords(failure)} Whether the node was changed meanwhile could not be told: ${error.message}`,
    };
  }
  const moved = movedSince(now, step.patch);
  if (moved.length > 0)
    return {
      state: 'conflict',
      why: `${step.node} was changed by somebody else meanwhile: ${list(moved, 4)}; look at it and repeat the edit.`,
    };
  return { state: 'refused', why: serverWords(failure) };
}

/** The causes that the server gives, each once, or its message. */
function serverWords(failure: LinkFailure): string {
  const causes = [
    ...new Set(failure.causes.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`))),
  ];
  return causes.length === 0 ? failure.message : `The server refuses it: ${causes.join('; ')}.`;
}
