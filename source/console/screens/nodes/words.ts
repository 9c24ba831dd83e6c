import type { NodeAmounts } from '../../../model/kubernetes/amounts.ts';
import { valueOf, whyNot, type Reading } from '../../../model/reading.ts';
import { headroomOf } from '../../../state/headroom.ts';
import {
  fateWords,
  holeWords,
  shortLeft,
  shortMoves,
  NO_HOLE,
  NO_LARGEST,
  openWithout,
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

/** What is missing in a few words: the frame says why, once. */
const missing = ({ cluster }: Context, reading: Reading<unknown>): string =>
  missingWords('pods', cluster.resources.pods.status) ?? whyNot(reading) ?? 'not known';

const offered = new WeakMap<readonly NodeRow[], NodeAmounts | null>();

/** What the open nodes offer together, summed up once for a list; null where none says so. */
function offeredByOpen(rows: readonly NodeRow[]): NodeAmounts | null {
  const known = offered.get(rows);
  if (known !== undefined) return known;
  const sum = valueOf(headroomOf(rows.filter(({ open }) => open)).allocatable);
  offered.set(rows, sum);
  return sum;
}

/** What is free for workloads, of what the open nodes have, and how many these are. */
export function freeWords(context: Context): readonly Span[] {
  const { list, headroom, width } = context;
  const title = styled('heading', 'FREE FOR WORKLOADS  ');
  const { cluster } = headroom.headroom;
  const reading = cluster.freeForWorkloads;
  const free = valueOf(reading);
  if (free === null) return [title, unknown(missing(context, reading))];
  const none = whyNothingOpen(cluster);
  if (none !== null) return [title, styled('warning', `${SIGNS.warning} ${none}`)];
  const whole = offeredByOpen(list.all);
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

function holeSpans({ headroom: { hole, headroom } }: Context): readonly Span[] {
  const title = styled('heading', 'LARGEST HOLE  ');
  if (valueOf(headroom.cluster.free) === null) return [title, unknown()];
  return [title, plain(hole === null ? `none: ${NO_HOLE}` : visible(holeWords(hole)))];
}

/** What happens when the largest node is lost: what goes wrong first, for a narrow screen cuts the end of the row. */
function lossSpans({ headroom: { loss, headroom }, list }: Context): readonly Span[] {
  if (loss === null) {
    const isKnown = valueOf(headroom.cluster.requested) !== null;
    return [styled('heading', 'IF THE LARGEST NODE IS LOST  '), unknown(isKnown ? NO_LARGEST : '')];
  }
  const bad = fateWords(loss).map(({ short }) => short);
  const rest = [
    ...(bad.length === 0 || loss.fits ? [shortMoves(loss)] : []),
    shortLeft(loss, openWithout(list.all, loss.node)),
  ];
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
