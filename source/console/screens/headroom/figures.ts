import { valueOf, whyNot, type Reading } from '../../../model/reading.ts';
import type { Headroom } from '../../../state/headroom-sum.ts';
import { amountText } from '../../../text/amounts.ts';
import { SIGNS } from '../../theme.ts';
import { plain, styled, type Span } from '../../widgets/spans.ts';

export type Counted = 'cpu' | 'memory' | 'ephemeralStorage' | 'pods';

/** What is told of a resource. Pods have no limit, and what of storage or pod slots is used is not measured. */
export type Figure = 'allocatable' | 'requested' | 'limits' | 'used' | 'free' | 'freeForWorkloads';

export const FIGURE_TITLES: Readonly<Record<Figure, string>> = {
  allocatable: 'ALLOC',
  requested: 'REQ',
  limits: 'LIMITS',
  used: 'USED',
  free: 'FREE',
  freeForWorkloads: 'FOR WL',
};

export const RESOURCE_TITLES: Readonly<Record<Counted, string>> = {
  cpu: 'CPU (cores)',
  memory: 'MEMORY',
  ephemeralStorage: 'EPHEMERAL STORAGE',
  pods: 'PODS',
};

/**
 * A dash is for what the cluster does not measure, said once below, and for limits that no pod has; the sign of the
 * unknown for what is not seen.
 */
const ABSENT = '-';

type Amounts = Partial<Readonly<Record<Counted, number | null>>>;

/** What is free is told rounded down; less than nothing is a warning, its sign the minus. */
const freeSpan = (resource: Counted, amount: number): Span => {
  const text = amountText(resource, amount, { round: 'down' });
  return amount < 0 ? styled('warning', text) : plain(text);
};

function readingSpan(reading: Reading<Amounts>, resource: Counted, figure: Figure): Span {
  const amount = valueOf(reading)?.[resource] ?? null;
  if (amount === null) return styled('unknown', figure === 'used' ? ABSENT : SIGNS.unknown);
  if (figure === 'limits' && amount === 0) return plain(ABSENT);
  const isFree = figure === 'free' || figure === 'freeForWorkloads';
  const span = isFree ? freeSpan(resource, amount) : plain(amountText(resource, amount));
  return reading.state === 'stale' && span.style === null ? styled('unknown', span.text) : span;
}

/** One figure of some nodes. */
export const figureSpan = (headroom: Headroom, resource: Counted, figure: Figure): Span =>
  readingSpan(headroom[figure], resource, figure);

/**
 * Why figures are missing, or what they leave out: each reason once. What the frame says at length of missing pods is
 * `missing` here, in a few words; null when they are there.
 */
export function remarksOn(
  { nodes, untold, measured, requested, used, unlimited }: Headroom,
  missing: string | null,
): readonly string[] {
  const whyNotRequested = whyNot(requested);
  const pods = whyNotRequested === null ? null : (missing ?? whyNotRequested);
  const usedWhy = whyNot(used);
  const open = valueOf(unlimited);
  const count = (number: number, of: string) => `${number} ${number === 1 ? 'pod has' : 'pods have'} no ${of} limit`;
  const without =
    open === null
      ? []
      : [open.cpu > 0 ? count(open.cpu, 'CPU') : '', open.memory > 0 ? count(open.memory, 'memory') : ''].filter(
          (one) => one !== '',
        );
  return [
    pods === null ? '' : `${SIGNS.unknown} what pods take is not known: ${pods}.`,
    usedWhy === null ? '' : `${ABSENT} used is not known: ${usedWhy}.`,
    usedWhy === null && measured < nodes ? `used: ${measured} of ${nodes} nodes are measured.` : '',
    untold === 0
      ? ''
      : `${untold} of ${nodes} nodes do not say all of what they offer: what they leave out is in no sum.`,
    without.length === 0 ? '' : `limits do not bound what is used: ${without.join(', ')}.`,
  ].filter((remark) => remark !== '');
}
