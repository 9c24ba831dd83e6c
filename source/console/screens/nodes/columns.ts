import type { Taint } from '../../../model/kubernetes/node.ts';
import { valueOf } from '../../../model/reading.ts';
import { TAINTED_ROLES } from '../../../product/roles.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import type { DemandMet } from '../../../product/sizing.ts';
import { bytes, cores } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { SIGNS, type StyleName } from '../../theme.ts';
import { plain, styled, type Span } from '../../widgets/spans.ts';
import { steadyAge } from '../../../text/age.ts';
import { readingSpans, statusSpans, statusWidth } from '../../widgets/cells.ts';
import { ESSENTIAL, FULL, SPELLED, WIDE, type Column, type ColumnForm, type Screen, type SortValue } from './column.ts';
import { freeColumn, requestedColumn, usedColumn } from './resource-columns.ts';

/** On a narrow screen a node that is something besides ready does not say that it is ready as well. */
const shortStatus = (flags: NodeRow['status']): NodeRow['status'] => {
  const notable = flags.filter(({ severity }) => severity !== 'normal');
  return notable.length === 0 ? flags : notable;
};

/** Whoever is in trouble says since when. */
const statusForm = (from: number, flagsOf: (row: NodeRow) => NodeRow['status']): ColumnForm => ({
  from,
  title: 'STATUS',
  cell: (row, { now }) => statusSpans(flagsOf(row), now),
  widest: (row) => statusWidth(flagsOf(row)),
  worst: (row) => statusWidth(flagsOf(row).slice(0, 1)),
});

/** What may be empty before a kubelet has registered. */
const textOrDash = (text: string): readonly Span[] => [plain(text === '' ? '-' : visible(text))];

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

/**
 * Taints in a few words: without the domain that all condition taints share, which says nothing in a list, and each key
 * and value once with all its effects.
 */
function taintsText(taints: readonly Taint[]): string {
  const byIdentity = Map.groupBy(taints, ({ key, value }) => (value === '' ? key : `${key}=${value}`));
  return [...byIdentity]
    .map(([identity, alike]) => `${identity}:${alike.map(({ effect }) => effect).join(',')}`)
    .map((text) => visible(text.replace(/^node\.kubernetes\.io\//, '')))
    .join(' ');
}

/** Addresses and versions sort by their numbers, not by their letters. */
const inNumericOrder = (address: string | null): SortValue =>
  address === null ? null : address.replace(/\d+/g, (digits) => digits.padStart(5, '0'));

/** The columns in the order in which they stand. */
export const COLUMNS: readonly Column[] = [
  {
    id: 'name',
    ofNode: true,
    rank: ESSENTIAL,
    help: 'name',
    align: 'left',
    widest: 40,
    forms: [{ from: 0, title: 'NODE', cell: (row) => [plain(visible(row.node.name))] }],
    sortValue: (row) => row.node.name,
  },
  {
    id: 'status',
    ofNode: true,
    rank: ESSENTIAL,
    help: 'status, worst first',
    align: 'left',
    widest: 44,
    forms: [statusForm(0, ({ status }) => shortStatus(status)), statusForm(WIDE, ({ status }) => status)],
    sortValue: (row) => row.severity,
  },
  {
    id: 'roles',
    ofNode: true,
    rank: ESSENTIAL,
    help: `roles; a T after a role is its taint (${TAINTED_ROLES.join(', ')}), ! a machine that is small for them`,
    align: 'left',
    widest: 22,
    forms: [{ from: 0, title: 'ROLES', cell: rolesCell }],
    sortValue: (row) => row.marks,
  },
  {
    id: 'taints',
    ofNode: true,
    rank: ESSENTIAL,
    help: 'taints that no role mark shows',
    align: 'left',
    widest: 36,
    forms: [
      { from: 0, title: 'TAINTS', cell: ({ otherTaints: { length } }) => [plain(length === 0 ? '-' : String(length))] },
      { from: SPELLED, title: 'TAINTS', cell: (row) => textOrDash(taintsText(row.otherTaints)) },
    ],
    sortValue: (row) => row.otherTaints.length,
  },
  requestedColumn('cpu', 'CPU', cores),
  requestedColumn('memory', 'MEM', bytes),
  {
    id: 'pods',
    ofNode: false,
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
    ofNode: true,
    rank: 1,
    help: 'address on the control plane',
    align: 'left',
    widest: 39,
    forms: [{ from: 104, title: 'CONTROL IP', cell: (row) => readingSpans(row.planes.control, visible) }],
    sortValue: (row) => inNumericOrder(valueOf(row.planes.control)),
  },
  {
    id: 'workload',
    ofNode: true,
    rank: 3,
    help: 'address on the workload plane',
    align: 'left',
    widest: 39,
    forms: [{ from: 132, title: 'WORKLOAD IP', cell: (row) => readingSpans(row.planes.workload, visible) }],
    sortValue: (row) => inNumericOrder(valueOf(row.planes.workload)),
  },
  {
    id: 'kubelet',
    ofNode: true,
    rank: 4,
    help: 'version of the kubelet',
    align: 'left',
    widest: 16,
    forms: [{ from: 148, title: 'KUBELET', cell: (row) => textOrDash(row.node.system.kubelet) }],
    sortValue: (row) => inNumericOrder(row.node.system.kubelet),
  },
  {
    id: 'metalk8s',
    ofNode: true,
    rank: 5,
    help: 'product version that the node is labelled with',
    align: 'left',
    widest: 14,
    forms: [{ from: 160, title: 'METALK8S', cell: (row) => textOrDash(row.metalk8sVersion ?? '') }],
    sortValue: (row) => inNumericOrder(row.metalk8sVersion),
  },
  {
    id: 'system',
    ofNode: true,
    rank: 7,
    help: 'operating system',
    align: 'left',
    widest: 40,
    forms: [{ from: 180, title: 'SYSTEM', cell: (row) => textOrDash(row.node.system.operatingSystem) }],
    sortValue: (row) => row.node.system.operatingSystem,
  },
  {
    id: 'age',
    ofNode: true,
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
