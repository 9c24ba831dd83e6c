import type { Area, Reason, Verdict } from '../../../checks/verdict/verdict.ts';
import { visible } from '../../../text/visible.ts';
import { VERDICT_STYLES } from '../../frame/verdict.ts';
import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome, Screen } from '../../screen.ts';
import type { ControlPlaneView } from '../../view.ts';
import { blankRow, page, scrolledPage, sentences, type PageRow } from '../../widgets/page.tsx';
import { plain, styled } from '../../widgets/spans.ts';
import { opens } from '../node-commands.ts';
import { controlPlaneRows } from './sections.ts';

/** The areas of the verdict that this screen shows. */
const AREAS: readonly Area[] = ['control-plane', 'etcd', 'certificates', 'backup'];

const isWrong = ({ severity }: Reason): boolean => severity !== 'healthy';

const wrongIn = (context: Context): readonly Reason[] =>
  context.verdict().reasons.filter((reason) => AREAS.includes(reason.area) && isWrong(reason));

const reasonRows = ({ area, severity, sentence }: Reason, width: number): readonly PageRow[] =>
  sentences(visible(`${area === 'control-plane' ? '' : `${area}: `}${sentence}.`), width, VERDICT_STYLES[severity]);

/** Reasons that are told above the sections; the others are told there. */
const MOST_REASONS = 4;

function rowsOf(context: Context): readonly PageRow[] {
  const wrong = wrongIn(context);
  const more = wrong.length - MOST_REASONS;
  return [
    ...wrong.slice(0, MOST_REASONS).flatMap((reason) => reasonRows(reason, context.width)),
    ...(more > 0 ? [[styled('label' as const, `   and ${more} more, below`)]] : []),
    ...(wrong.length === 0 ? [] : [blankRow]),
    ...controlPlaneRows(context.controlPlane(), context),
  ];
}

const HEADLINES: Readonly<Record<Verdict, string>> = {
  healthy: 'All that can be seen from here is well.',
  unknown: 'Not all of it is known.',
  degraded: 'Not all of it is well.',
  'at-risk': 'The cluster is at risk.',
};

/** The worst of what is wrong, in words; the reasons follow it. */
function answerOf(context: Context): PageRow {
  const [worst] = wrongIn(context);
  const severity = worst?.severity ?? 'healthy';
  const style = VERDICT_STYLES[severity];
  return [style === null ? plain(` ${HEADLINES[severity]}`) : styled(style, ` ${HEADLINES[severity]}`)];
}

function update(view: ControlPlaneView, command: Command, context: Context): Outcome<ControlPlaneView> {
  if (command === 'back') return { pop: true };
  return opens(command) ?? scrolledPage(view, command, rowsOf(context).length, context);
}

const draw = (view: ControlPlaneView, context: Context) =>
  page({ title: 'Control plane', answer: answerOf(context), rows: rowsOf(context), top: view.top, context });

export const controlPlaneScreen: Screen<ControlPlaneView> = {
  scope: () => 'control-plane',
  attention: 'control-plane',
  update,
  draw,
};
