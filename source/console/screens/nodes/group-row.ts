import type { Steps } from '../../../model/headroom/steps.ts';
import { valueOf, whyNot } from '../../../model/reading.ts';
import { headroomFrom, headroomMeasure } from '../../../state/headroom-sum.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { createMeasure } from '../../../state/ordered.ts';
import { roomWords } from '../../../state/headroom-words.ts';
import { amountText, percent } from '../../../text/amounts.ts';
import { plural } from '../../../text/words.ts';
import type { Theme } from '../../theme.ts';
import { SIGNS } from '../../theme.ts';
import { joined, justified, plain, spansWidth, styled, type Span } from '../../widgets/spans.ts';
import type { RowGroup } from './row-group.ts';

/** From this width on a group says what it has left. */
const ROOMY = 110;

const headroomIn = createMeasure(headroomMeasure(() => true));

/** How many nodes do not work, and how many are cordoned. */
const statesIn = createMeasure<NodeRow, { readonly down: number; readonly cordoned: number }>({
  empty: { down: 0, cordoned: 0 },
  one: ({ status, node }) => ({
    down: status.some(({ severity }) => severity === 'critical') ? 1 : 0,
    cordoned: node.cordoned ? 1 : 0,
  }),
  combine: (one, other) => ({ down: one.down + other.down, cordoned: one.cordoned + other.cordoned }),
});

const statusWords = ({ byName }: RowGroup): readonly (readonly Span[])[] => {
  const { down, cordoned } = statesIn(byName);
  return [
    down === 0 ? [] : [styled('critical', `${SIGNS.critical} ${down} down`)],
    cordoned === 0 ? [] : [styled('intent', `${SIGNS.intent} ${cordoned} cordoned`)],
  ];
};

/** Measures what the head of a group says, bit by bit. */
export function* headSteps({ title, byName }: RowGroup): Steps<void> {
  if (title === null) return;
  yield* headroomIn.steps(byName);
  yield* statesIn.steps(byName);
}

function figures(group: RowGroup, width: number): readonly (readonly Span[])[] {
  const { allocatable, requested, free, open } = headroomFrom(headroomIn(group.byName));
  const [taken, left, whole] = [valueOf(requested), valueOf(free), valueOf(allocatable)];
  if (taken === null || left === null)
    return [[styled('unknown', `${SIGNS.unknown} ${whyNot(requested) === null ? 'free' : 'requests'}`)]];
  const figure = (name: string, resource: 'cpu' | 'memory') => {
    const of = whole?.[resource] ?? null;
    return [
      plain(`${name} ${amountText(resource, taken[resource])} of ${amountText(resource, of)}`),
      styled('label', ` ${percent(taken[resource], of)}`),
    ];
  };
  const room = `free ${roomWords(left)}`;
  const isShort = [left.cpu, left.memory].some((amount) => amount !== null && amount < 0);
  return [
    figure('cpu', 'cpu'),
    figure('mem', 'memory'),
    width < ROOMY ? [] : [isShort ? styled('warning', room) : plain(room), styled('label', ` ${open} open`)],
  ];
}

/**
 * The head of a group: its name, how many nodes it has and how they are, and its sums, from the cell `at` on where there
 * is room for them there, else at the end of the row.
 */
export function groupRow(group: RowGroup, at: number, width: number, theme: Theme): string {
  const title = [
    styled('heading', ` ${group.title ?? ''}`),
    plain('  '),
    ...joined([[styled('label', plural(group.rows.size, 'node'))], ...statusWords(group)], '  '),
  ];
  const sums = joined(figures(group, width), '   ');
  const left = Math.max(at, spansWidth(title) + 2);
  const after = Math.max(width - left - spansWidth(sums), 1);
  return justified(title, [...sums, plain(' '.repeat(after))], width, theme);
}
