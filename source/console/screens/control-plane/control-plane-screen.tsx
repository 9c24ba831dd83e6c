import type { Area, Reason, Verdict } from '../../../checks/verdict/verdict.ts';
import { worstOf } from '../../../checks/verdict/judged.ts';
import { visible } from '../../../text/visible.ts';
import { VERDICT_STYLES } from '../../frame/verdict.ts';
import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome, Screen } from '../../screen.ts';
import type { ControlPlaneView } from '../../view.ts';
import { blankRow, page, pageRoom, scrolledPage, sentences, type PageRow } from '../../widgets/page.tsx';
import { plain, styled } from '../../widgets/spans.ts';
import { opens } from '../node-commands.ts';
import { isMarked } from './pieces.ts';
import { controlPlaneRows } from './sections.ts';

/** The areas of the verdict that this screen shows; how the members of etcd are, their own screen says. */
const AREAS: readonly Area[] = ['control-plane', 'certificates', 'backup'];

/** What is only told, and leads nowhere, its section says. */
const isWrong = ({ severity, next }: Reason): boolean => severity !== 'healthy' && next !== null;

const wrongIn = (context: Context): readonly Reason[] =>
  context.verdict().reasons.filter((reason) => AREAS.includes(reason.area) && isWrong(reason));

const reasonRows = ({ area, severity, sentence }: Reason, width: number): readonly PageRow[] =>
  sentences(visible(`${area === 'control-plane' ? '' : `${area}: `}${sentence}.`), width, VERDICT_STYLES[severity]);

/** How etcd is where it is not well, in a sentence with the key that shows it. */
function etcdRows(context: Context): readonly PageRow[] {
  const etcd = context.verdict().areas.find(({ area }) => area === 'etcd');
  if (etcd === undefined || etcd.verdict === 'healthy') return [];
  return sentences(visible(`${etcd.sentence}; e shows it.`), context.width, VERDICT_STYLES[etcd.verdict]);
}

/** Reasons that are told above the sections; the others are told there. */
const MOST_REASONS = 4;

function rowsOf({ marked }: ControlPlaneView, context: Context): readonly PageRow[] {
  const { width, now } = context;
  const wrong = wrongIn(context);
  const more = wrong.length - MOST_REASONS;
  const reasons = [
    ...wrong.slice(0, MOST_REASONS).flatMap((reason) => reasonRows(reason, width)),
    ...(more > 0 ? [[styled('label' as const, `   and ${more} more, below`)]] : []),
    ...etcdRows(context),
  ];
  return [
    ...reasons,
    ...(reasons.length === 0 ? [] : [blankRow]),
    ...controlPlaneRows(context.controlPlane(), { width, now, marked }),
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
  const areas = context.verdict().areas.filter(({ area }) => area === 'etcd' || AREAS.includes(area));
  const severity = worstOf(areas.map(({ verdict }) => verdict));
  const style = VERDICT_STYLES[severity];
  return [style === null ? plain(` ${HEADLINES[severity]}`) : styled(style, ` ${HEADLINES[severity]}`)];
}

function update(view: ControlPlaneView, command: Command, context: Context): Outcome<ControlPlaneView> {
  if (command === 'back') return { pop: true };
  return opens(command) ?? scrolledPage(view, command, rowsOf(view, context).length, context);
}

/** Rows that stay above what is marked: its heading, and what is beside it. */
const ABOVE = 5;

/** Scrolled to what is marked, unless the first rows show it. */
function opened(view: ControlPlaneView, context: Context): ControlPlaneView {
  const at = rowsOf(view, context).findIndex(isMarked);
  return at < pageRoom(context) ? view : { ...view, top: at - ABOVE };
}

const draw = (view: ControlPlaneView, context: Context) =>
  page({ title: 'Control plane', answer: answerOf(context), rows: rowsOf(view, context), top: view.top, context });

export const controlPlaneScreen: Screen<ControlPlaneView> = {
  scope: () => 'control-plane',
  attention: 'control-plane',
  opened,
  update,
  draw,
};
