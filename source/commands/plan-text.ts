import { sidesOf, subject } from '../operations/change.ts';
import type { Change, DryRun, Plan, StepResult } from '../operations/operation.ts';
import { visible } from '../text/visible.ts';

/** A change as a diff: what goes with a minus, what comes with a plus. */
function diff(change: Change): string[] {
  const { before, after } = sidesOf(change);
  return [...(before === null ? [] : [`  - ${before}`]), ...(after === null ? [] : [`  + ${after}`])];
}

function checked(dryRun: DryRun): string[] {
  switch (dryRun.state) {
    case 'accepted':
      return [];
    case 'refused':
      return [`  refused by the server: ${dryRun.why}`];
    case 'not-checked':
      return [`  not checked by the server: ${dryRun.why}`];
  }
}

const lines = (...texts: readonly string[]): string => texts.map((text) => `${visible(text)}\n`).join('');

/** A plan for people: what changes on which node, what it will do, what stands against it, what kubectl would do. */
export function planText({ title, steps, unchanged, guards, effects, commands }: Plan): string {
  const refused = guards.filter(({ state }) => state === 'refused');
  return lines(
    title,
    ...steps.flatMap(({ node, changes, dryRun }) => [node, ...changes.flatMap(diff), ...checked(dryRun)]),
    ...unchanged.map((node) => `${node}: nothing to change`),
    ...effects.map(({ severity, sentence }) => (severity === 'warning' ? `Warning: ${sentence}` : sentence)),
    ...refused.map(({ sentence }) => `Refused: ${sentence}`),
    ...commands.map((command) => `Same as: ${command}`),
  );
}

const ENDS: Record<StepResult['state'], string> = {
  done: 'done',
  conflict: 'not changed, conflict',
  refused: 'refused',
  failed: 'failed',
  unknown: 'not known whether it was done',
};

/** How each step ended, a line a node. */
export const resultsText = (results: readonly StepResult[]): string =>
  lines(...results.map(({ node, state, why }) => `${node}: ${ENDS[state]}${why === null ? '' : `: ${why}`}`));

/** The changes by what they are about, on one side: as programs read the journal. */
export const sideOf = (changes: readonly Change[], side: 'before' | 'after'): Record<string, unknown> =>
  Object.fromEntries(changes.map((change) => [subject(change), change[side]]));
