import type { Amounts } from '../../../model/kubernetes/amounts.ts';
import type { Taint } from '../../../model/kubernetes/node.ts';
import { taintWords } from '../../../text/taint.ts';
import { valueOf } from '../../../model/reading.ts';
import { TAINTED_ROLES } from '../../../product/roles.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import type { DemandMet } from '../../../product/sizing.ts';
import { bytes, cores, percent, type Rounding } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { SIGNS, type StyleName } from '../../theme.ts';
import { bar } from '../../widgets/bar.ts';
import { plain, styled, type Span } from '../../widgets/spans.ts';
import { steadyAge } from '../../../text/age.ts';
import { readingSpans, statusSpans } from '../../widgets/cells.ts';

/** What a column sorts by: numbers by size, text by the alphabet, null (unknown) always last. */
export type SortValue = number | string | null;

type Screen = { readonly now: number; readonly width: number };

/** How a column is drawn on screens from a width on. */
export type ColumnForm = {
  readonly from: number;
  readonly title: string;
  readonly cell: (row: NodeRow, screen: Screen) => readonly Span[];
  /** The text of this row grows as time goes by, so it is measured whenever the screen is drawn. */
  readonly ages?: (row: NodeRow) => boolean;
  /** The same width whatever is in it. */
  readonly fixed?: number;
};

export type Column = {
  readonly id: string;
  readonly help: string;
  readonly align: 'left' | 'right';
  /** Widest that the column grows to. */
  readonly widest: number;
  /** The higher, the sooner the column falls away when there is no room. */
  readonly rank: number;
  /** From narrow to wide; a screen narrower than the first does not show the column. */
  readonly forms: readonly [ColumnForm, ...ColumnForm[]];
  readonly sortValue: (row: NodeRow) => SortValue;
};

/** From these widths on there is room for shares; for bars, and taints spelled out; for "Ready" beside worse; for all. */
const ROOMY = 100;
export const SPELLED = 120;
const WIDE = 140;
const FULL = 180;

/** On a narrow screen a node that is something besides ready does not say that it is ready as well. */
const shortStatus = (flags: NodeRow['status']): NodeRow['status'] => {
  const notable = flags.filter(({ severity }) => severity !== 'normal');
  return notable.length === 0 ? flags : notable;
};

/** Whoever is in trouble says since when. */
const isTroubled = ({ status }: NodeRow): boolean =>
  status.some(({ severity }) => severity !== 'normal' && severity !== 'intent');

/** Rank of the columns that stay as long as any other is there. */
export const ESSENTIAL = 0;

/** What may be empty before a kubelet has registered. */
const textOrDash = (text: string): readonly Span[] => [plain(text === '' ? '-' : visible(text))];

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

/** What is left to be requested: never rounded to more than there is. */
const freeColumn = (
  resource: keyof Amounts,
  title: string,
  what: string,
  from: number,
  amount: (value: number, rounding: Rounding) => string,
): Column => ({
  id: `${resource}-free`,
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

const usedColumn = (
  resource: 'cpu' | 'memory',
  title: string,
  what: string,
  amount: (value: number) => string,
): Column => ({
  id: `${resource}-used`,
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

/** A sign, or where there is room a word, for a machine that is small for its roles. */
const SIZE_WORDS: Readonly<Record<DemandMet, { readonly style: StyleName; readonly word: string } | null>> = {
  yes: null,
  tight: { style: 'intent', word: 'tight' },
  no: { style: 'warning', word: 'small' },
};

function rolesCell(row: NodeRow, { width }: Screen): readonly Span[] {
  const size = SIZE_WORDS[valueOf(row.demandMet) ?? 'yes'];
  const marks = textOrDash(row.marks);
  if (size === null) return marks;
  return [...marks, styled(size.style, width >= SPELLED ? ` ${SIGNS.warning} ${size.word}` : ` ${SIGNS.warning}`)];
}

const shareOf = (row: NodeRow, resource: 'cpu' | 'memory'): SortValue => {
  const requested = valueOf(row.requested);
  const whole = row.node.allocatable[resource];
  return requested === null || whole === null || whole === 0 ? null : requested[resource] / whole;
};

/** Without the domain that all condition taints share, which says nothing in a list. */
const taintText = (taint: Taint): string => visible(taintWords(taint).replace(/^node\.kubernetes\.io\//, ''));

/** Addresses and versions sort by their numbers, not by their letters. */
const inNumericOrder = (address: string | null): SortValue =>
  address === null ? null : address.replace(/\d+/g, (digits) => digits.padStart(5, '0'));

/** The columns in the order in which they stand. */
export const COLUMNS: readonly Column[] = [
  {
    id: 'name',
    rank: ESSENTIAL,
    help: 'name',
    align: 'left',
    widest: 40,
    forms: [{ from: 0, title: 'NODE', cell: (row) => [plain(visible(row.node.name))] }],
    sortValue: (row) => row.node.name,
  },
  {
    id: 'status',
    rank: ESSENTIAL,
    help: 'status, worst first',
    align: 'left',
    widest: 44,
    forms: [
      { from: 0, title: 'STATUS', cell: (row, { now }) => statusSpans(shortStatus(row.status), now), ages: isTroubled },
      { from: WIDE, title: 'STATUS', cell: (row, { now }) => statusSpans(row.status, now), ages: isTroubled },
    ],
    sortValue: (row) => row.severity,
  },
  {
    id: 'roles',
    rank: ESSENTIAL,
    help: `roles; a T after a role is its taint (${TAINTED_ROLES.join(', ')}), ! a machine that is small for them`,
    align: 'left',
    widest: 22,
    forms: [{ from: 0, title: 'ROLES', cell: rolesCell }],
    sortValue: (row) => row.marks,
  },
  {
    id: 'taints',
    rank: ESSENTIAL,
    help: 'taints that no role mark shows',
    align: 'left',
    widest: 36,
    forms: [
      { from: 0, title: 'TAINTS', cell: ({ otherTaints: { length } }) => [plain(length === 0 ? '-' : String(length))] },
      { from: SPELLED, title: 'TAINTS', cell: (row) => textOrDash(row.otherTaints.map(taintText).join(' ')) },
    ],
    sortValue: (row) => row.otherTaints.length,
  },
  {
    id: 'cpu',
    rank: ESSENTIAL,
    help: 'CPU that pods request, of what the node can give them',
    align: 'right',
    widest: 34,
    forms: amountForms('cpu', 'CPU', cores),
    sortValue: (row) => shareOf(row, 'cpu'),
  },
  {
    id: 'memory',
    rank: ESSENTIAL,
    help: 'memory that pods request, of what the node can give them',
    align: 'right',
    widest: 36,
    forms: amountForms('memory', 'MEM', bytes),
    sortValue: (row) => shareOf(row, 'memory'),
  },
  {
    id: 'pods',
    rank: ESSENTIAL,
    help: 'pods that hold a slot, of those that the node takes',
    align: 'right',
    widest: 11,
    forms: [
      {
        from: 0,
        title: 'PODS',
        cell: (row) => readingSpans(row.pods, ({ active }) => `${active}/${row.node.allocatable.pods ?? '?'}`),
      },
    ],
    sortValue: (row) => valueOf(row.pods)?.active ?? null,
  },
  freeColumn('cpu', 'CPU FREE', 'CPU', WIDE, cores),
  freeColumn('memory', 'MEM FREE', 'memory', WIDE, bytes),
  freeColumn('ephemeralStorage', 'DISK FREE', 'ephemeral storage', FULL, bytes),
  usedColumn('cpu', 'CPU USED', 'CPU', cores),
  usedColumn('memory', 'MEM USED', 'memory', bytes),
  {
    id: 'control',
    rank: 1,
    help: 'address on the control plane',
    align: 'left',
    widest: 39,
    forms: [{ from: 104, title: 'CONTROL IP', cell: (row) => readingSpans(row.planes.control, visible) }],
    sortValue: (row) => inNumericOrder(valueOf(row.planes.control)),
  },
  {
    id: 'workload',
    rank: 3,
    help: 'address on the workload plane',
    align: 'left',
    widest: 39,
    forms: [{ from: 132, title: 'WORKLOAD IP', cell: (row) => readingSpans(row.planes.workload, visible) }],
    sortValue: (row) => inNumericOrder(valueOf(row.planes.workload)),
  },
  {
    id: 'kubelet',
    rank: 4,
    help: 'version of the kubelet',
    align: 'left',
    widest: 16,
    forms: [{ from: 148, title: 'KUBELET', cell: (row) => textOrDash(row.node.system.kubelet) }],
    sortValue: (row) => inNumericOrder(row.node.system.kubelet),
  },
  {
    id: 'metalk8s',
    rank: 5,
    help: 'product version that the node is labelled with',
    align: 'left',
    widest: 14,
    forms: [{ from: 160, title: 'METALK8S', cell: (row) => textOrDash(row.metalk8sVersion ?? '') }],
    sortValue: (row) => inNumericOrder(row.metalk8sVersion),
  },
  {
    id: 'system',
    rank: 7,
    help: 'operating system',
    align: 'left',
    widest: 40,
    forms: [{ from: 180, title: 'SYSTEM', cell: (row) => textOrDash(row.node.system.operatingSystem) }],
    sortValue: (row) => row.node.system.operatingSystem,
  },
  {
    id: 'age',
    rank: 2,
    help: 'time since the Node was created',
    align: 'left',
    widest: 7,
    forms: [
      {
        from: 112,
        title: 'AGE',
        fixed: 6,
        cell: (row, { now }) => [plain(row.node.createdAt === null ? '?' : steadyAge(row.node.createdAt, now))],
      },
    ],
    sortValue: (row) => (row.node.createdAt === null ? null : -row.node.createdAt),
  },
];

/** The name of a column wherever it is not a head: as its first form has it. */
export const titleOf = ({ forms }: Column): string => forms[0].title;

/** The column of an id, or undefined when there is none. */
export const columnOf = (id: string): Column | undefined => COLUMNS.find((column) => column.id === id);
