import type { ClusterNode } from '../model/kubernetes/node.ts';
import { LinkFailure } from '../links/kubernetes/failure.ts';
import { holdsAfter } from './change.ts';
import type { NodeReading, NodeWriting } from './node-link.ts';
import type { DryRun, NodePlan, NodeStep } from './operation.ts';
import { verdictOn } from './refusal.ts';

/** Dry runs on their way at one time. */
const AT_ONCE = 4;

/**
 * Asks the server what it would say to each step, changing nothing. Never rejects for what the cluster says: no
 * answer, and a webhook that cannot take part, are told as not checked.
 */
export async function dryRunPlan(
  plan: NodePlan,
  writer: NodeWriting,
  reader: NodeReading,
  signal?: AbortSignal,
): Promise<NodePlan> {
  const steps = [...plan.steps];
  const waiting = steps.keys();
  const worker = async () => {
    for (const place of waiting) {
      const step = steps[place];
      if (step) steps[place] = { ...step, dryRun: await dryRunStep(step, writer, reader, signal) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { ...plan, steps };
}

async function dryRunStep(
  step: NodeStep,
  writer: NodeWriting,
  reader: NodeReading,
  signal?: AbortSignal,
): Promise<DryRun> {
  let answer: ClusterNode;
  try {
    answer = await writer.patchNode({ name: step.node, patch: step.patch, dryRun: true, ...(signal && { signal }) });
  } catch (error) {
    if (cannotDryRun(error)) return { state: 'not-checked', why: error.detail ?? error.message };
    const { state, why } = await verdictOn(step, error, reader, signal);
    return state === 'conflict' || state === 'refused' ? { state: 'refused', why } : { state: 'not-checked', why };
  }
  return step.changes.every((change) => holdsAfter(answer, change))
    ? { state: 'accepted' }
    : {
        state: 'refused',
        why: `The server would take it and change it on the way (a webhook), so that ${step.node} would not hold what is asked.`,
      };
}

/** An admission webhook with side effects makes the API server refuse every dry run with 400 (Kubernetes: dry-run). */
const cannotDryRun = (error: unknown): error is LinkFailure =>
  error instanceof LinkFailure &&
  error.status === 400 &&
  /does not support dry run/i.test(error.detail ?? error.message);
