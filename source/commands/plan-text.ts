import { subject } from '../operations/change.ts';
import type { Change, DryRun, Plan, StepProgress, StepResult } from '../operations/operation.ts';
import { dryRunOf, linesByHand, stepTitle, toldOf } from '../operations/step-told.ts';
import { age } from '../text/age.ts';
import { visible } from '../text/visible.ts';

function checked(dryRun: DryRun | null): string[] {
  switch (dryRun?.state) {
    case undefined:
      return [];
    case 'accepted':
      return [];
    case 'refused':
      return [`  refused by the server: ${dryRun.why}`];
    case 'not-checked':
      return [`  not checked by the server: ${dryRun.why}`];
  }
}

const lines = (...texts: readonly string[]): string => texts.map((text) => `${visible(text)}\n`).join('');

/** What was looked at and found well, besides that a session may write. */
const lookedAt = (guards: Plan['guards']): readonly string[] =>
  guards.filter(({ name, state }) => state === 'passed' && name !== 'write-access').map(({ sentence }) => sentence);

/** A plan for people: what is done on which node, what goes with a minus and what comes with a plus, what was looked at, what it will do, what stands against it, the lines that do it by hand. */
export function planText(plan: Plan): string {
  const { title, steps, unchanged, guards, effects } = plan;
  const refused = guards.filter(({ state }) => state === 'refused');
  return lines(
    title,
    ...steps.flatMap((step) => [
      stepTitle(step),
      ...toldOf(step).map(({ sign, text }) => `  ${sign} ${text}`),
      ...checked(dryRunOf(step)),
    ]),
    ...(steps.length > 0 ? lookedAt(guards) : []),
    ...unchanged.map((node) => `${node}: nothing to change`),
    ...effects.map(({ severity, sentence }) => (severity === 'warning' ? `Warning: ${sentence}` : sentence)),
    ...refused.map(({ sentence }) => `Refused: ${sentence}`),
    ...linesByHand(plan).map((command) => `Same as: ${command}`),
  );
}

const ENDS: Record<StepResult['state'], string> = {
  done: 'done',
  conflict: 'not changed, conflict',
  refused: 'refused',
  failed: 'failed',
  unknown: 'not known whether it was done',
};

/** How a step ended, with the time where it took some. */
export function resultText({ result, took }: Extract<StepProgress, { readonly state: 'ended' }>): string {
  const time = took === null || took < 1_000 ? '' : ` (${age(took)})`;
  const why = result.why === null ? '' : `: ${result.why}`;
  return lines(`${stepTitle(result)}: ${ENDS[result.state]}${time}${why}`);
}

/** The changes by what they are about, on one side: as programs read the journal. */
export const sideOf = (changes: readonly Change[], side: 'before' | 'after'): Record<string, unknown> =>
  Object.fromEntries(changes.map((change) => [subject(change), change[side]]));
