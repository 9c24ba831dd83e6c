import type { Plan, Step, StepResult } from '../operations/operation.ts';
import type { Session } from '../session/session.ts';
import { plural } from '../text/words.ts';
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

/** A guard or the server itself stands against the plan. */
const isRefused = ({ guards, steps }: Plan): boolean =>
  guards.some(({ state }) => state === 'refused') || steps.some(({ dryRun }) => dryRun.state === 'refused');

/** Anything that did not come about is a bad answer; where only the end is unknown, something could not be told. */
function endOf(results: readonly StepResult[]): Exit {
  const states = results.map(({ state }) => state);
  if (states.every((state) => state === 'done')) return 'done';
  return states.every((state) => state === 'done' || state === 'unknown') ? 'untold' : 'bad';
}

/**
 * Shows a plan, has it confirmed, applies it and tells how it ended; with `--dry-run` only shows it. Programs get one
 * document on stdout, and the plan that an operator is asked about goes to stderr then.
 */
export async function carryOut(call: Call, session: Session, plan: Plan): Promise<number> {
  const { flags, surroundings } = call;
  const finish = async (results: readonly StepResult[], exit: Exit): Promise<number> => {
    await (isForProgram(call)
      ? print(call, { document: () => documentOf(call, session, plan, results), text: () => '' })
      : write(surroundings.stdout, resultsText(results)));
    return exitCode(exit);
  };
  const asks = !flags.yes && !flags['dry-run'] && !isRefused(plan) && plan.steps.length > 0;
  if (!isForProgram(call)) await write(surroundings.stdout, planText(plan));
  else if (asks) await write(surroundings.stderr, planText(plan));
  if (flags['dry-run']) return finish([], isRefused(plan) ? 'bad' : 'done');
  if (isRefused(plan)) {
    await say(call, 'Nothing was changed: the plan is refused.');
    return finish([], 'bad');
  }
  if (plan.steps.length === 0) return finish([], 'done');
  if (!(await confirmed(call, `Change ${plural(plan.steps.length, 'node')}?`))) {
    await say(call, 'Nothing was changed.');
    return finish([], 'bad');
  }
  const results = await session.apply(plan);
  return finish(results, endOf(results));
}
