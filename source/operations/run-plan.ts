import { endedRecord, sendingRecord } from './journal-records.ts';
import type { Plan, Step, StepProgress, StepResult } from './operation.ts';
import { perform } from './perform.ts';
import { refusedGuard } from './plan.ts';
import type { End, Run } from './run.ts';
import { dryRunOf, linesOf, stepWords } from './step-told.ts';

/**
 * Sends the steps one after the other, never one twice, each between two records of the journal. A step that ends
 * badly does not keep the others from being tried, unless the plan goes in order. Nothing is sent for a plan that a
 * guard refused, for a step that the dry run refused, or when the first record cannot be written.
 */
export async function runPlan(
  plan: Plan,
  run: Run,
  onProgress: (progress: StepProgress) => void = () => undefined,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of plan.steps) {
    const { task, node } = step;
    const since = run.now();
    const kept = withheld(plan, step, results, run);
    const end = kept ?? (await runStep(plan, step, run, (state) => onProgress({ task, node, state, since })));
    const result: StepResult = { task, node, ...end };
    results.push(result);
    onProgress({ task, node, state: 'ended', result, took: kept === null ? run.now() - since : null });
  }
  return results;
}

/** The end of a step that is not sent, or null. */
function withheld(plan: Plan, step: Step, before: readonly StepResult[], { signal, stop }: Run): End | null {
  const guard = refusedGuard(plan);
  if (guard) return { state: 'refused', why: guard.sentence };
  const dryRun = dryRunOf(step);
  if (dryRun?.state === 'refused') return { state: 'refused', why: dryRun.why };
  if (signal?.aborted === true || stop?.aborted === true)
    return { state: 'failed', why: `Stopped before anything was sent to ${step.node}.` };
  const broken = plan.inOrder ? before.find(({ state }) => state !== 'done') : undefined;
  if (broken)
    return { state: 'failed', why: `Nothing was sent to ${step.node}, since ${stepWords(broken)} did not come about.` };
  return null;
}

async function runStep(plan: Plan, step: Step, run: Run, on: (state: 'sending' | 'observing') => void): Promise<End> {
  const { task, node } = step;
  const command = linesOf([step], run.chosenContext).join(' && ');
  try {
    run.journal.append(sendingRecord(plan, step, { at: run.now(), who: run.who, context: run.context, command }));
  } catch (error) {
    return {
      state: 'failed',
      why: `The journal cannot be written (${words(error)}), so nothing was sent to ${node}.`,
    };
  }
  on('sending');
  const end = await perform(step, run, () => on('observing'));
  try {
    run.journal.append(endedRecord(plan.id, run.now(), { task, node, ...end }));
  } catch (error) {
    return {
      ...end,
      why: [end.why, `The end could not be written to the journal (${words(error)}).`].filter(Boolean).join(' '),
    };
  }
  return end;
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
