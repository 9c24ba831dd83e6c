import type { ClusterNode } from '../model/kubernetes/node.ts';
import { realClock, type Clock } from '../links/kubernetes/clock.ts';
import type { Store } from '../state/store.ts';
import { holdsAfter, subject } from './change.ts';
import { endedRecord, sendingRecord } from './journal-records.ts';
import type { Journal } from './journal.ts';
import { kubectlLines } from './kubectl-lines.ts';
import type { NodeReading, NodeWriting } from './node-link.ts';
import { lookAt, PATIENCE, seenInPicture, watchFor } from './observe.ts';
import type { Patience, Sight, Watching } from './observe.ts';
import type { Plan, Step, StepProgress, StepResult } from './operation.ts';
import { refusedGuard } from './plan.ts';
import { verdictOn } from './refusal.ts';
import { list } from '../text/words.ts';

/** What a run needs. Without a live picture (`store` null) effects are seen by reading the node. */
export type Run = {
  readonly writer: NodeWriting;
  readonly reader: NodeReading;
  readonly journal: Journal;
  readonly store: Store | null;
  readonly now: () => number;
  readonly who: string;
  readonly context: string;
  /** Set when the operator chose the context in place of the current one; the kubectl lines name it. */
  readonly chosenContext?: string | undefined;
  readonly patience?: Patience;
  /** The time in which effects are waited for; that of this machine unless given. */
  readonly clock?: Clock | undefined;
  /** Stops before the next step; what was sent is still looked at once. */
  readonly signal?: AbortSignal;
};

/**
 * Sends the steps one after the other, never one twice, each between two records of the journal. A step that ends
 * badly does not keep the others from being tried. Nothing is sent for a plan that a guard refused, for a step that
 * the dry run refused, or when the first record cannot be written.
 */
export async function runPlan(
  plan: Plan,
  run: Run,
  onProgress: (progress: StepProgress) => void = () => undefined,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of plan.steps) {
    const result = withheld(plan, step, run) ?? (await runStep(plan, step, run, onProgress));
    results.push(result);
    onProgress({ node: step.node, state: 'ended', result });
  }
  return results;
}

/** The end of a step that is not sent, or null. */
function withheld(plan: Plan, step: Step, { signal }: Run): StepResult | null {
  const guard = refusedGuard(plan);
  if (guard) return { node: step.node, state: 'refused', why: guard.sentence };
  if (step.dryRun.state === 'refused') return { node: step.node, state: 'refused', why: step.dryRun.why };
  if (signal?.aborted === true)
    return { node: step.node, state: 'failed', why: `Stopped before anything was sent to ${step.node}.` };
  return null;
}

async function runStep(
  plan: Plan,
  step: Step,
  run: Run,
  onProgress: (progress: StepProgress) => void,
): Promise<StepResult> {
  const command = kubectlLines([step], run.chosenContext).join(' && ');
  try {
    run.journal.append(sendingRecord(plan, step, { at: run.now(), who: run.who, context: run.context, command }));
  } catch (error) {
    return {
      node: step.node,
      state: 'failed',
      why: `The journal cannot be written (${words(error)}), so nothing was sent to ${step.node}.`,
    };
  }
  onProgress({ node: step.node, state: 'sending' });
  const result = await sendAndObserve(step, run, () => onProgress({ node: step.node, state: 'observing' }));
  try {
    run.journal.append(endedRecord(plan.id, run.now(), result));
  } catch (error) {
    return {
      ...result,
      why: [result.why, `The end could not be written to the journal (${words(error)}).`].filter(Boolean).join(' '),
    };
  }
  return result;
}

const watchingOf = ({ clock = realClock, signal = new AbortController().signal }: Run): Watching => ({ clock, signal });

async function sendAndObserve(step: Step, run: Run, observing: () => void): Promise<StepResult> {
  const ended = (state: StepResult['state'], why: string | null): StepResult => ({ node: step.node, state, why });
  let answer: ClusterNode;
  try {
    // The signal of the run is not passed on: a request on its way is waited for, so that its end is known.
    answer = await run.writer.patchNode({ name: step.node, patch: step.patch, dryRun: false });
  } catch (error) {
    const { state, why } = await verdictOn(step, error, run.reader);
    observing();
    return state === 'look' ? lookAfterSilence(step, run, why) : ended(state, why);
  }
  observing();
  const missing = step.changes.filter((change) => !holdsAfter(answer, change));
  if (missing.length > 0)
    return ended(
      'failed',
      `The server took the request and did not make it so: ${list(missing.map(subject), 4)} on ${step.node} (a webhook changed it).`,
    );
  const { bound } = run.patience ?? PATIENCE;
  if (run.store && (await seenInPicture(run.store, step, bound, watchingOf(run)))) return ended('done', null);
  return afterAnswer(step, await lookAt(step, run.reader));
}

/** The server had said yes. What cannot be looked at now was still done. */
function afterAnswer(step: Step, sight: Sight): StepResult {
  const lost = (why: string): StepResult => ({ node: step.node, state: 'failed', why });
  switch (sight) {
    case 'same':
      return lost(
        `The server made the change, and ${step.node} does not show it any more: somebody or a controller put it back.`,
      );
    case 'replaced':
      return lost(`The server made the change, and ${step.node} was re-created since.`);
    case 'gone':
      return lost(`The server made the change, and ${step.node} was deleted since.`);
    default:
      return { node: step.node, state: 'done', why: null };
  }
}

/** No answer, or one that does not tell whether the change was made: the node is asked, the request is never repeated. */
async function lookAfterSilence(step: Step, run: Run, why: string): Promise<StepResult> {
  const patience = run.patience ?? PATIENCE;
  const sight = await watchFor(step, run.reader, patience, watchingOf(run));
  if (sight === 'seen') return { node: step.node, state: 'done', why: null };
  if (sight === 'replaced' || sight === 'gone')
    return {
      node: step.node,
      state: 'conflict',
      why: `${why} Meanwhile ${step.node} was ${sight === 'gone' ? 'deleted' : 're-created'}.`,
    };
  const look =
    sight === 'same' ? `${step.node} does not show the change yet.` : `${step.node} could not be looked at either.`;
  return { node: step.node, state: 'unknown', why: `${why} ${look} Check it before trying again.` };
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
