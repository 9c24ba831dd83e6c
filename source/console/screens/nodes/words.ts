import { valueOf, whyNot, type Reading } from '../../../model/reading.ts';
import { bothTold, NOBODY, toldOf, toldReading, type Told } from '../../../model/headroom/sums.ts';
import { createMeasure } from '../../../state/ordered.ts';
import {
  fateWords,
  holeWords,
  shortLeft,
  shortMoves,
  NO_HOLE,
  NO_LARGEST,
  openWords,
  whyNothingOpen,
} from '../../../state/headroom-words.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { amountText } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { missingWords } from '../../frame/trouble.ts';
import type { Context } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import { joined, plain, styled, type Span } from '../../widgets/spans.ts';

/** From this width on what is free is told of what there is. */
const ROOMY = 100;
/** From this width on the largest hole and a loss share a row. */
const SHARED = 140;
/** A body that is lower than this is for the list. */
const LOWEST = 16;

type Size = Pick<Context, 'height' | 'width'>;

/** Rows that stand above the list. */
export const wordsHeight = ({ height, width }: Size): number => (height < LOWEST ? 0 : width < SHARED ? 3 : 2);

const FIGURES = [
  { name: 'cpu', resource: 'cpu', from: 0 },
  { name: 'mem', resource: 'memory', from: 0 },
  { name: 'disk', resource: 'ephemeralStorage', from: ROOMY },
  { name: 'pods', resource: 'pods', from: 0 },
] as const;

const unknown = (why = ''): Span => styled('unknown', `${SIGNS.unknown} ${visible(why)}`.trimEnd());

/** Why nothing can be said of any node, in a few words; null when they have been read. */
const nodesMissing = ({ cluster }: Pick<Context, 'cluster'>): string | null =>
  missingWords('nodes', cluster.resources.nodes.status);

/** What is missing in a few words: the frame says why, once. */
const missing = ({ cluster }: Context, reading: Reading<unknown>): string =>
  missingWords('pods', cluster.resources.pods.status) ?? whyNot(reading) ?? 'not known';

/** What the open nodes offer together. */
const offeredByOpen = createMeasure<NodeRow, Told>({
  empty: NOBODY,
  one: ({ node, open }) => (open ? toldOf(node.allocatable) : NOBODY),
  combine: bothTold,
});

/** What is free for workloads, of what the open nodes have, and how many these are. */
export function freeWords(context: Context): readonly Span[] {
  const { nodes, headroom, width } = context;
  const title = styled('heading', 'FREE FOR WORKLOADS  ');
  const nobody = nodesMissing(context);
  if (nobody !== null) return [title, unknown(nobody)];
  const { cluster } = headroom;
  const reading = cluster.freeForWorkloads;
  const free = valueOf(reading);
  if (free === null) return [title, unknown(missing(context, reading))];
  const none = whyNothingOpen(cluster);
  if (none !== null) return [title, styled('warning', `${SIGNS.warning} ${none}`)];
  const whole = valueOf(toldReading(offeredByOpen(nodes.rows)));
  const figure = ({ name, resource }: (typeof FIGURES)[number]): readonly Span[] => {
    const left = free[resource];
    const text = `${name} ${amountText(resource, left, { round: 'down' })}`;
    return [
      left !== null && left < 0 ? styled('warning', `${SIGNS.warning} ${text}`) : plain(text),
      ...(width < ROOMY ? [] : [styled('label', ` of ${amountText(resource, whole?.[resource] ?? null)}`)]),
    ];
  };
  const stale: readonly Span[] = reading.state === 'stale' ? [styled('unknown', `${SIGNS.unknown} as last seen`)] : [];
  return [
    title,
    ...joined(
      [...FIGURES.filter(({ from }) => width >= from).map(figure), [styled('label', openWords(cluster.open))], stale],
      '   ',
    ),
  ];
}

function holeSpans({ cluster, headroom, hole: largest }: Context): readonly Span[] {
  const title = styled('heading', 'LARGEST HOLE  ');
  if (nodesMissing({ cluster }) !== null || valueOf(headroom.cluster.free) === null) return [title, unknown()];
  const hole = largest();
  return [title, plain(hole === null ? `none: ${NO_HOLE}` : visible(holeWords(hole)))];
}

/** What happens when the largest node is lost: what goes wrong first, for a narrow screen cuts the end of the row. */
function lossSpans(context: Context): readonly Span[] {
  const { value: loss, isUnderWay } = context.loss(null);
  if (loss === null) {
    const title = styled('heading', 'IF THE LARGEST NODE IS LOST  ');
    if (isUnderWay) return [title, styled('progress', `${SIGNS.progress} being worked out`)];
    const untold = nodesMissing(context) !== null || valueOf(context.headroom.cluster.requested) === null;
    return [title, unknown(untold ? '' : NO_LARGEST)];
  }
  const bad = fateWords(loss).map(({ short }) => short);
  const rest = [...(bad.length === 0 || loss.fits ? [shortMoves(loss)] : []), shortLeft(loss)];
  return [
    styled('heading', `IF ${visible(loss.node)} IS LOST  `),
    ...(bad.length === 0 ? [] : [styled('warning', `${SIGNS.warning} ${bad.join('; ')}`), plain('; ')]),
    plain(visible(rest.join('; '))),
  ];
}

/** The answers of the screen in words: what is left, what fits at most, what a loss would cost. */
export function headroomWords(context: Context): readonly (readonly Span[])[] {
  const rows = wordsHeight(context);
  if (rows === 0) return [];
  const [free, hole, loss] = [freeWords(context), holeSpans(context), lossSpans(context)];
  return rows === 2 ? [free, joined([hole, loss], '    ')] : [free, hole, loss];
}
