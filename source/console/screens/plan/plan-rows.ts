import type { Change, Plan, StepProgress, StepResult } from '../../../operations/operation.ts';
import { sidesOf } from '../../../operations/change.ts';
import { visible } from '../../../text/visible.ts';
import { list } from '../../../text/words.ts';
import { SIGNS, type StyleName } from '../../theme.ts';
import type { PlanView } from '../../view.ts';
import { plain, styled, wrapped, type Span } from '../../widgets/spans.ts';

type Row = readonly Span[];

/** Nodes that are named before the rest is counted. */
const NAMED = 5;

export function changeRows(change: Change, width: number): readonly Row[] {
  const { before, after } = sidesOf(change);
  const side = (sign: '-' | '+', style: StyleName, text: string | null): readonly Row[] =>
    text === null
      ? []
      : wrapped(visible(text), width - 8).map((row, index) => [
          styled(style, `     ${index === 0 ? sign : ' '} ${row}`),
        ]);
  return [...side('-', 'critical', before), ...side('+', 'progress', after)];
}

const RESULTS: Readonly<Record<StepResult['state'], Span>> = {
  done: plain('done, seen in the cluster'),
  conflict: styled('warning', `${SIGNS.warning} conflict`),
  refused: styled('critical', `${SIGNS.critical} refused`),
  failed: styled('critical', `${SIGNS.critical} failed`),
  unknown: styled('warning', `${SIGNS.unknown} unknown`),
};

function progressSpans(progress: StepProgress | undefined): Row {
  switch (progress?.state) {
    case undefined:
      return [];
    case 'sending':
      return [plain('   '), styled('progress', `${SIGNS.progress} sending`)];
    case 'observing':
      return [plain('   '), styled('progress', `${SIGNS.progress} accepted, waits for the effect`)];
    case 'ended':
      return [plain('   '), RESULTS[progress.result.state]];
  }
}

const heading = (text: string): Row => [styled('heading', ` ${text}`)];
const blank: Row = [];
const paragraph = (sign: Span, sentence: string, width: number): readonly Row[] =>
  wrapped(visible(sentence), width - 6).map((text, index) => [
    plain('   '),
    index === 0 ? sign : plain('  '),
    plain(text),
  ]);

function stepRows(plan: Plan, view: PlanView, width: number): readonly Row[] {
  return plan.steps.flatMap((step) => {
    const progress = view.progress[step.node];
    const why = progress?.state === 'ended' ? progress.result.why : null;
    return [
      [plain(`   ${visible(step.node)}`), ...progressSpans(progress)],
      ...(why === null ? [] : paragraph(plain('  '), why, width)),
      ...step.changes.flatMap((change) => changeRows(change, width)),
    ];
  });
}

/** What the server said of the plan when asked without changing anything; nodes of which it says the same share a row. */
function dryRunRows(plan: Plan, width: number): readonly Row[] {
  const accepted = plan.steps.filter(({ dryRun }) => dryRun.state === 'accepted').map(({ node }) => node);
  const others = plan.steps.flatMap(({ node, dryRun }): readonly Row[] => {
    switch (dryRun.state) {
      case 'accepted':
        return [];
      case 'refused':
        return paragraph(
          styled('critical', `${SIGNS.critical} `),
          `${node}: the server refuses it: ${dryRun.why}`,
          width,
        );
      case 'not-checked':
        return paragraph(
          styled('warning', `${SIGNS.warning} `),
          `${node}: not checked by the server: ${dryRun.why}`,
          width,
        );
    }
  });
  const all = `${list(accepted, NAMED)}: the server accepts it (dry run)`;
  return [...others, ...(accepted.length === 0 ? [] : paragraph(plain('  '), all, width))];
}

const section = (title: string, rows: readonly Row[]): readonly Row[] =>
  rows.length === 0 ? [] : [heading(title), ...rows, blank];

/** A plan in full: what is sent where, what stands against it, what the server says, what it will do, and the same in kubectl. */
export function planRows(plan: Plan, view: PlanView, width: number): readonly Row[] {
  const refused = plan.guards.filter(({ state }) => state === 'refused');
  return [
    ...section('Changes', [
      ...stepRows(plan, view, width),
      ...(plan.unchanged.length === 0
        ? []
        : [[styled('label' as const, `   nothing to change on ${visible(list(plan.unchanged, NAMED))}`)]]),
    ]),
    ...section(
      'Not possible',
      refused.flatMap(({ sentence }) => paragraph(styled('critical', `${SIGNS.critical} `), sentence, width)),
    ),
    ...section('Asked of the server', dryRunRows(plan, width)),
    ...section(
      'What it will do',
      plan.effects.flatMap(({ severity, sentence }) =>
        paragraph(severity === 'warning' ? styled('warning', `${SIGNS.warning} `) : plain('  '), sentence, width),
      ),
    ),
    ...section(
      'The same with kubectl',
      plan.commands.flatMap((command) => paragraph(plain('  '), command, width)),
    ),
  ];
}

/** Whether the plan can be sent: it changes something, no guard and no dry run stands against it. */
export const isPossible = (plan: Plan): boolean =>
  plan.steps.length > 0 &&
  plan.guards.every(({ state }) => state === 'passed') &&
  plan.steps.some(({ dryRun }) => dryRun.state !== 'refused');
