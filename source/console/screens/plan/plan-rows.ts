import type { Plan, StepProgress, StepResult } from '../../../operations/operation.ts';
import {
  dryRunOf,
  isSendable,
  linesByHand,
  stepKey,
  stepTitle,
  toldOf,
  type ToldLine,
} from '../../../operations/step-told.ts';
import { age, steadyAge } from '../../../text/age.ts';
import { visible } from '../../../text/visible.ts';
import { list } from '../../../text/words.ts';
import { SIGNS } from '../../theme.ts';
import type { Context } from '../../screen.ts';
import type { PlanView } from '../../view.ts';
import { plain, styled, wrapped, type Span } from '../../widgets/spans.ts';

type Row = readonly Span[];

/** Nodes that are named before the rest is counted. */
const NAMED = 5;

const TOLD: Readonly<Record<ToldLine['sign'], (text: string) => Span>> = {
  '-': (text) => styled('critical', text),
  '+': (text) => styled('progress', text),
  ' ': plain,
};

const toldRows = ({ sign, text }: ToldLine, width: number): readonly Row[] =>
  wrapped(visible(text), width - 8).map((row, index) => [TOLD[sign](`     ${index === 0 ? sign : ' '} ${row}`)]);

const RESULTS: Readonly<Record<StepResult['state'], Span>> = {
  done: plain('done, seen in the cluster'),
  conflict: styled('warning', `${SIGNS.warning} conflict`),
  refused: styled('critical', `${SIGNS.critical} refused`),
  failed: styled('critical', `${SIGNS.critical} failed`),
  unknown: styled('warning', `${SIGNS.unknown} unknown`),
};

const NOT_SENT = styled('warning', `${SIGNS.warning} not sent`);

/** Set off where something takes long enough to be told. */
const timeSpan = (text: string): Span => styled('label', text === '0s' ? '' : ` ${text}`);

function progressSpans(progress: StepProgress | undefined, now: number): Row {
  switch (progress?.state) {
    case undefined:
      return [];
    case 'sending':
      return [plain('   '), styled('progress', `${SIGNS.progress} sending`), timeSpan(steadyAge(progress.since, now))];
    case 'observing':
      return [
        plain('   '),
        styled('progress', `${SIGNS.progress} accepted, waits for the effect`),
        timeSpan(steadyAge(progress.since, now)),
      ];
    case 'ended': {
      const { result, took } = progress;
      if (took === null) return [plain('   '), result.state === 'failed' ? NOT_SENT : RESULTS[result.state]];
      return [plain('   '), RESULTS[result.state], timeSpan(age(took))];
    }
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

function stepRows(plan: Plan, view: PlanView, { width, now }: Pick<Context, 'width' | 'now'>): readonly Row[] {
  return plan.steps.flatMap((step) => {
    const progress = view.progress[stepKey(step)];
    const why = progress?.state === 'ended' ? progress.result.why : null;
    return [
      [plain(`   ${visible(stepTitle(step))}`), ...progressSpans(progress, now)],
      ...(why === null ? [] : paragraph(plain('  '), why, width)),
      ...toldOf(step).flatMap((line) => toldRows(line, width)),
    ];
  });
}

/** What the server said of the plan when asked without changing anything; nodes of which it says the same share a row. */
function dryRunRows(plan: Plan, width: number): readonly Row[] {
  const accepted = plan.steps.filter((step) => dryRunOf(step)?.state === 'accepted').map(({ node }) => node);
  const others = plan.steps.flatMap((step): readonly Row[] => {
    const { node } = step;
    const dryRun = dryRunOf(step);
    switch (dryRun?.state) {
      case undefined:
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

/** Sentences of guards that say more than that a session may write. */
const passedRows = ({ guards }: Plan, width: number): readonly Row[] =>
  guards
    .filter(({ name, state }) => state === 'passed' && name !== 'write-access')
    .flatMap(({ sentence }) => paragraph(plain('  '), sentence, width));

/** A plan in full: what is sent where, what stands against it, what the server says, what it will do, what was looked at, and the same in kubectl. */
export function planRows(plan: Plan, view: PlanView, context: Pick<Context, 'width' | 'now'>): readonly Row[] {
  const { width } = context;
  const refused = plan.guards.filter(({ state }) => state === 'refused');
  return [
    ...section(plan.inOrder ? 'Steps, one after the other' : 'Changes', [
      ...stepRows(plan, view, context),
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
    ...section('Looked at', passedRows(plan, width)),
    ...section(
      'The same with kubectl',
      linesByHand(plan).flatMap((command) => paragraph(plain('  '), command, width)),
    ),
  ];
}

/** Whether the plan can be sent: it changes something, no guard and no dry run stands against it. */
export const isPossible = (plan: Plan): boolean =>
  plan.steps.length > 0 && plan.guards.every(({ state }) => state === 'passed') && plan.steps.some(isSendable);
