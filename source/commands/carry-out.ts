import type { Plan, Step, StepProgress, StepResult } from '../operations/operation.ts';
import { isUnanswered } from '../operations/plan.ts';
import { dryRunOf, isSendable, linesByHand, stepTitle, toldOf } from '../operations/step-told.ts';
import type { Session } from '../session/session.ts';
import { visible } from '../text/visible.ts';
import { plural } from '../text/words.ts';
import { whileAllowed } from './bound.ts';
import type { Call } from './command.ts';
import { confirmed, confirmedByName } from './confirm.ts';
import { envelope } from './envelope.ts';
import { exitCode, type Exit } from './exit.ts';
import type { OperationDocument } from './kinds/operation.ts';
import { isForProgram, print, say, write } from './output.ts';
import { planText, resultText } from './plan-text.ts';

function stepDocument(step: Step): OperationDocument['operation']['plan'][number] {
  const { task, node } = step;
  const dryRun = dryRunOf(step);
  return {
    task,
    node,
    ...(step.task === 'edit'
      ? { uid: step.uid, changes: [...step.changes], patch: [...step.patch] }
      : { does: toldOf(step).map(({ text }) => text) }),
    dryRun: dryRun && { state: dryRun.state, why: dryRun.state === 'accepted' ? null : dryRun.why },
  };
}

const documentOf = (call: Call, session: Session, plan: Plan, results: readonly StepResult[]): OperationDocument => ({
  ...envelope('Operation', session.store.state, call),
  operation: {
    id: plan.id,
    name: plan.name,
    title: plan.title,
    dryRun: call.flags['dry-run'] === true,
    undoes: plan.undoes,
    confirmation: plan.confirmation,
    commands: [...linesByHand(plan)],
    plan: plan.steps.map(stepDocument),
    unchanged: [...plan.unchanged],
    guards: [...plan.guards],
    effects: [...plan.effects],
    results: [...results],
  },
});

/** Anything that did not come about is a bad answer; where only the end is unknown, something could not be told. */
function endOf(states: readonly StepResult['state'][]): Exit {
  if (states.every((state) => state === 'done')) return 'done';
  return states.every((state) => state === 'done' || state === 'unknown') ? 'untold' : 'bad';
}

/** How the plan looks before anything is sent: a step that the server takes would be done. */
const foreseen = ({ steps }: Plan): StepResult['state'][] =>
  steps.map((step) => (isSendable(step) ? 'done' : 'refused'));

/** Whether the command line answers the confirmation already. */
const isAnswered = ({ flags }: Call, { confirmation }: Plan): boolean =>
  confirmation === null ? flags.yes === true : flags.confirm !== undefined;

/** Whether the operator agrees, on the command line or asked now. */
function isAgreed(call: Call, plan: Plan, sendable: number): Promise<boolean> {
  const question = plan.steps.every(({ task }) => task === 'edit')
    ? `Change ${plural(sendable, 'node')}?`
    : `${visible(plan.title)}?`;
  if (plan.confirmation !== null) return confirmedByName(call, question, plan.confirmation);
  return isAnswered(call, plan) ? Promise.resolve(true) : confirmed(call, question);
}

/** Whether a plan is refused for want of rights or answers, and not for how the cluster is. */
const isUntold = (session: Session, plan: Plan): boolean =>
  isUnanswered(plan) ||
  (session.store.state.rights.patchNodes === false && plan.steps.every(({ task }) => task === 'edit'));

/** Tells people how each step ends as soon as it does, and of one that takes its time that it was begun. */
function reporter(call: Call) {
  const { stdout } = call.surroundings;
  let told = Promise.resolve();
  const tell = (next: () => Promise<void>) => {
    told = told.then(next);
    // That the reader has gone is told by `settled`: an operation is not broken off for it.
    told.catch(() => undefined);
  };
  return {
    onProgress: (progress: StepProgress): void => {
      if (progress.state === 'ended') tell(() => write(stdout, resultText(progress)));
      else if (progress.state === 'sending' && progress.task !== 'edit')
        tell(() => say(call, `${stepTitle(progress)} …`));
    },
    settled: () => told,
  };
}

/** Applies the plan; an operator who stops it is told where to find how far it came. */
async function applied(call: Call, session: Session, plan: Plan): Promise<readonly StepResult[]> {
  const { onProgress, settled } = reporter(call);
  try {
    const results = await whileAllowed(call.signal, session.apply(plan, isForProgram(call) ? undefined : onProgress));
    await settled();
    return results;
  } catch (error) {
    await say(call, `What was sent stands in the journal under ${plan.id}.`);
    throw error;
  }
}

/**
 * Shows a plan, has it confirmed, applies it and tells how it ended; with `--dry-run` only shows it. A step that the
 * server refuses does not keep the others from being done. Programs get one document on stdout, and the plan that an
 * operator is asked about goes to stderr then.
 */
export async function carryOut(call: Call, session: Session, plan: Plan): Promise<number> {
  const { flags, surroundings } = call;
  const finish = async (results: readonly StepResult[], exit: Exit): Promise<number> => {
    if (isForProgram(call))
      await print(call, { document: () => documentOf(call, session, plan, results), text: () => '' });
    return exitCode(exit);
  };
  const refused = plan.guards.some(({ state }) => state === 'refused');
  const sendable = foreseen(plan).filter((state) => state === 'done').length;
  const asks = !isAnswered(call, plan) && !flags['dry-run'] && !refused && sendable > 0;
  if (!isForProgram(call)) await write(surroundings.stdout, planText(plan));
  else if (asks) await write(surroundings.stderr, planText(plan));
  if (refused) {
    await say(call, 'Nothing was changed: the plan is refused.');
    return finish([], isUntold(session, plan) ? 'untold' : 'bad');
  }
  if (flags['dry-run']) return finish([], endOf(foreseen(plan)));
  if (sendable > 0 && !(await isAgreed(call, plan, sendable))) {
    await say(call, 'Nothing was changed.');
    return finish([], 'bad');
  }
  const results = await applied(call, session, plan);
  return finish(results, endOf(results.map(({ state }) => state)));
}
