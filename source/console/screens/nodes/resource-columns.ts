import type { Amounts } from '../../../model/kubernetes/amounts.ts';
import { valueOf } from '../../../model/reading.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { percent, type Rounding } from '../../../text/amounts.ts';
import { bar } from '../../widgets/bar.ts';
import { readingSpans } from '../../widgets/cells.ts';
import { styled } from '../../widgets/spans.ts';
import { ESSENTIAL, FULL, ROOMY, SPELLED, type Column, type ColumnForm, type SortValue } from './column.ts';

// What pods take of a resource of a node, what they leave, and what is used.

const BAR_WIDTH = 12;

const ratio = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole === 0 ? null : part / whole;

/** Filled as far as is requested, marked where what is used ends; no bar without a whole. */
const barText = (row: NodeRow, resource: 'cpu' | 'memory', requested: Amounts): string => {
  const whole = row.node.allocatable[resource];
  const filled = ratio(requested[resource], whole);
  const used = ratio(valueOf(row.used)?.[resource] ?? null, whole);
  return filled === null ? '-'.padEnd(BAR_WIDTH) : bar(BAR_WIDTH, filled, used);
};

/** Requested of allocatable: as amounts, with the share where there is room, with a bar that also shows what is used. */
function amountForms(resource: 'cpu' | 'memory', name: string, amount: (value: number) => string): Column['forms'] {
  const amounts = (row: NodeRow, requested: Amounts): string => {
    const whole = row.node.allocatable[resource];
    return `${amount(requested[resource])}/${whole === null ? '?' : amount(whole)}`;
  };
  const share = (row: NodeRow, requested: Amounts): string =>
    percent(requested[resource], row.node.allocatable[resource]).padStart(4);
  const drawnAs =
    (...parts: readonly ((row: NodeRow, requested: Amounts) => string)[]): ColumnForm['cell'] =>
    (row) => {
      const spans = readingSpans(row.requested, (requested) => parts.map((part) => part(row, requested)).join(' '));
      const free = valueOf(row.free)?.[resource];
      // More was given away than there is.
      return free !== null && free !== undefined && free < 0 ? spans.map(({ text }) => styled('warning', text)) : spans;
    };
  const drawnBar = (row: NodeRow, requested: Amounts): string => barText(row, resource, requested);
  return [
    { from: 0, title: name, cell: drawnAs(amounts) },
    { from: ROOMY, title: `${name} REQ/ALLOC`, cell: drawnAs(amounts, share) },
    { from: SPELLED, title: `${name} REQ|USED`, cell: drawnAs(drawnBar, share) },
  ];
}

const shareOf = (row: NodeRow, resource: 'cpu' | 'memory'): SortValue => {
  const requested = valueOf(row.requested);
  const whole = row.node.allocatable[resource];
  return requested === null || whole === null || whole === 0 ? null : requested[resource] / whole;
};

/** What pods request of what the node can give them; sorted by the share. */
export const requestedColumn = (
  resource: 'cpu' | 'memory',
  name: string,
  amount: (value: number) => string,
): Column => ({
  id: resource,
  ofNode: false,
  rank: ESSENTIAL,
  help: `${resource === 'cpu' ? 'CPU' : 'memory'} that pods request, of what the node can give them`,
  align: 'right',
  widest: 36,
  forms: amountForms(resource, name, amount),
  sortValue: (row) => shareOf(row, resource),
});

/** What is left to be requested: never rounded to more than there is. */
export const freeColumn = (
  resource: keyof Amounts,
  title: string,
  what: string,
  from: number,
  amount: (value: number, rounding: Rounding) => string,
): Column => ({
  id: `${resource}-free`,
  ofNode: false,
  rank: 2,
  help: `${what} that is left to be requested`,
  align: 'right',
  widest: 10,
  forms: [
    {
      from,
      title,
      cell: (row) =>
        readingSpans(row.free, (free) => {
          const left = free[resource];
          return left === null ? '?' : amount(left, { round: 'down' });
        }),
    },
  ],
  sortValue: (row) => valueOf(row.free)?.[resource] ?? null,
});

export const usedColumn = (
  resource: 'cpu' | 'memory',
  title: string,
  what: string,
  amount: (value: number) => string,
): Column => ({
  id: `${resource}-used`,
  ofNode: false,
  rank: 6,
  help: `${what} that is used, by the metrics API`,
  align: 'right',
  widest: 10,
  forms: [
    {
      from: FULL,
      title,
      cell: (row) =>
        readingSpans(row.used, (used) => {
          const measured = used[resource];
          return measured === null ? '-' : amount(measured);
        }),
    },
  ],
  sortValue: (row) => valueOf(row.used)?.[resource] ?? null,
});
