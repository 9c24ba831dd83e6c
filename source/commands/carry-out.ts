import type { Plan, Step, StepResult } from '../operations/operation.ts';
import type { Session } from '../session/session.ts';
import { plural } from '../text/words.ts';
import { whileAllowed } from './bound.ts';
import type { Call } from './command.ts';
import { confirmed } from './confirm.ts';
import { envelope } from './envelope.ts';
import { exitCode, type Exit } from './exit.ts';
import type { OperationDocument } from './kinds/operation.ts';
import { isForProgram, print, say, write } from './output.ts';
import { planText, resultsText } from './plan-text.ts';

const stepDocument = ({ node, uid, changes, patch, dryRun }: Step) => ({
  node,
  uid,
  changes: [...changes],
  patch: [...patch],
  dryRun: { state: dryRun.state, why: dryRun.state === 'accepted' ? null : dryRun.why },
});

const documentOf = (call: Call, session: Session, plan: Plan, results: readonly StepResult[]): OperationDocument => ({
  ...envelope('Operation', session.store.state, call),
  operation: {
    id: plan.id,
    name: plan.name,
    title: plan.title,
    dryRun: call.flags['dry-run'] === true,
    undoes: plan.undoes,
    commands: [...plan.commands],
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
  steps.map(({ dryRun }) => (dryRun.state === 'refused' ? 'refused' : 'done'));

/** Applies the plan; an operator who stops it is told where to find how far it came. */
async function applied(call: Call, session: Session, plan: Plan): Promise<readonly StepResult[]> {
  try {
    return await whileAllowed(call.signal, session.apply(plan));
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
    await (isForProgram(call)
      ? print(call, { document: () => documentOf(call, session, plan, results), text: () => '' })
      : write(surroundings.stdout, resultsText(results)));
    return exitCode(exit);
  };
  const refused = plan.guards.some(({ state }) => state === 'refused');
  const sendable = foreseen(plan).filter((state) => state === 'done').length;
  const asks = !flags.yes && !flags['dry-run'] && !refused && sendable > 0;
  if (!isForProgram(call)) await write(surroundings.stdout, planText(plan));
  else if (asks) await write(surroundings.stderr, planText(plan));
  if (refused) {
    await say(call, 'Nothing was changed: the plan is refused.');
    return finish([], session.store.state.rights.patchNodes === false ? 'untold' : 'bad');
  }
  if (flags['dry-run']) return finish([], endOf(foreseen(plan)));
  if (asks && !(await confirmed(call, `Change ${plural(sendable, 'node')}?`))) {
    await say(call, 'Nothing was changed.');
    return finish([], 'bad');
  }
  const results = await applied(call, session, plan);
  return finish(results, endOf(results.map(({ state }) => state)));
}
