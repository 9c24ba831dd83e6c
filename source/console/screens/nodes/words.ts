import type { AmountsAndPods } from '../../../model/headroom/site.ts';
import { valueOf, whyNot, type Reading } from '../../../model/reading.ts';
import { headroomOf } from '../../../state/headroom.ts';
import { bytes, cores } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { plural } from '../../../text/words.ts';
import { missingWords } from '../../frame/trouble.ts';
import type { Context } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import { joined, plain, styled, type Span } from '../../widgets/spans.ts';

/** From this width on the largest hole and a loss share a row. */
const ROOMY = 100;
/** A body that is lower than this is for the list. */
const LOWEST = 16;

type Size = Pick<Context, 'height' | 'width'>;

/** Rows that stand above the list. */
export const wordsHeight = ({ height, width }: Size): number => (height < LOWEST ? 0 : width < ROOMY ? 3 : 2);

const down = { round: 'down' } as const;
const roomWords = ({ cpu, memory }: Pick<AmountsAndPods, 'cpu' | 'memory'>): string =>
  `cpu ${cores(cpu, down)} mem ${bytes(memory, down)}`;

const unknown = (why = ''): Span => styled('unknown', `${SIGNS.unknown} ${visible(why)}`.trimEnd());

/** What is missing in a few words: the frame says why, once. */
const missing = ({ cluster }: Context, reading: Reading<unknown>): string =>
  missingWords('pods', cluster.resources.pods.status) ?? whyNot(reading) ?? 'not known';

/** What is free for workloads, of what the open nodes have, and how many these are. */
export function freeWords(context: Context): readonly Span[] {
  const { list, headroom, width } = context;
  const title = styled('heading', 'FREE FOR WORKLOADS  ');
  const { cluster } = headroom.headroom;
  const reading = cluster.freeForWorkloads;
  const free = valueOf(reading);
  if (free === null) return [title, unknown(missing(context, reading))];
  if (cluster.open === 0) return [title, styled('warning', `${SIGNS.warning} no node takes pods without tolerations`)];
  const { allocatable } = headroomOf(list.all.filter(({ open }) => open));
  const figure = (name: string, left: string, whole: string, negative: boolean): readonly Span[] => [
    negative ? styled('warning', `${SIGNS.warning} ${name} ${left}`) : plain(`${name} ${left}`),
    styled('label', ` of ${whole}`),
  ];
  const figures = [
    figure('cpu', cores(free.cpu, down), cores(allocatable.cpu), free.cpu < 0),
    figure('mem', bytes(free.memory, down), bytes(allocatable.memory), free.memory < 0),
    figure('pods', String(free.pods), String(allocatable.pods), free.pods < 0),
  ].map((spans) => (width < ROOMY ? spans.slice(0, 1) : spans));
  const disk = figure(
    'disk',
    bytes(free.ephemeralStorage, down),
    bytes(allocatable.ephemeralStorage),
    free.ephemeralStorage < 0,
  );
  const stale: readonly Span[] = reading.state === 'stale' ? [styled('unknown', `${SIGNS.unknown} as last seen`)] : [];
  return [
    title,
    ...joined(
      [
        ...figures.slice(0, 2),
        ...(width < ROOMY ? [] : [disk]),
        ...figures.slice(2),
        [styled('label', `on ${plural(cluster.open, 'open node')}`)],
        stale,
      ],
      '   ',
    ),
  ];
}

function holeWords({ headroom: { hole, headroom } }: Context): readonly Span[] {
  const title = styled('heading', 'LARGEST HOLE  ');
  if (valueOf(headroom.cluster.free) === null) return [title, unknown()];
  if (hole === null) return [title, plain('none')];
  return [title, plain(roomWords(hole.free)), styled('label', ' on '), plain(visible(hole.node))];
}

/** What happens when the largest node is lost: whether its pods fit elsewhere, what is left then, what stays behind. */
function lossWords({ headroom: { loss, headroom } }: Context): readonly Span[] {
  if (loss === null) {
    const isKnown = valueOf(headroom.cluster.requested) !== null;
    return [styled('heading', 'IF THE LARGEST NODE FAILS  '), unknown(isKnown ? 'no node is ready' : '')];
  }
  // Bad news first: the end of the row is what a narrow screen cuts.
  const bad = [
    loss.pending.length === 0 ? null : `${plural(loss.pending.length, 'pod')} would stay pending`,
    loss.bound.length === 0 ? null : `${plural(loss.bound.length, 'pod')} held by its volumes`,
    loss.unowned.length === 0 ? null : `${plural(loss.unowned.length, 'pod')} that nothing re-creates`,
    loss.untold.length === 0 ? null : `of ${plural(loss.untold.length, 'pod')} it is not known`,
  ].filter((words) => words !== null);
  const rest = bad.length === 0 ? 'fits' : loss.fits ? ', the rest fits' : '';
  return [
    styled('heading', `IF ${visible(loss.node)} FAILS  `),
    ...(bad.length === 0 ? [] : [styled('warning', `${SIGNS.warning} ${bad.join(', ')}`)]),
    plain(`${rest}, ${roomWords(loss.left)} left`),
  ];
}

/** The answers of the screen in words: what is left, what fits at most, what a loss would cost. */
export function headroomWords(context: Context): readonly (readonly Span[])[] {
  const rows = wordsHeight(context);
  if (rows === 0) return [];
  const [free, hole, loss] = [freeWords(context), holeWords(context), lossWords(context)];
  return rows === 2 ? [free, joined([hole, loss], '    ')] : [free, hole, loss];
}
