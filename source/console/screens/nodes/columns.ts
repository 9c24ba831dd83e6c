import { mapReading, valueOf } from '../../../model/reading.ts';
import type { NodeAmounts } from '../../../model/kubernetes/amounts.ts';
import { TAINTED_ROLES } from '../../../product/roles.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { bytes, cores, percent } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { plain, type Span } from '../../widgets/spans.ts';
import { readingSpans, statusSpans, steadyAge } from './cells.ts';

/** What a column sorts by: numbers by size, text by the alphabet, null (unknown) always last. */
export type SortValue = number | string | null;

export type Column = {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  readonly align: 'left' | 'right';
  /** Narrowest screen that shows the column; null is never shown but can be sorted by. */
  readonly from: number | null;
  /** Widest that the column grows to. */
  readonly widest: number;
  readonly cell: (row: NodeRow, screen: { readonly now: number; readonly width: number }) => readonly Span[];
  readonly sortValue: (row: NodeRow) => SortValue;
};

/** From this width on, taints are spelled out instead of counted. */
const SPELLED_FROM = 120;

/** On a narrow screen a node that is something besides ready does not say that it is ready as well. */
const shortStatus = (flags: NodeRow['status']): NodeRow['status'] => {
  const notable = flags.filter(({ severity }) => severity !== 'normal');
  return notable.length === 0 ? flags : notable;
};

const ofAllocatable = (
  row: NodeRow,
  resource: 'cpu' | 'memory',
  amount: (value: number) => string,
): readonly Span[] => {
  const whole: NodeAmounts[typeof resource] = row.node.allocatable[resource];
  return readingSpans(
    mapReading(row.requested, (requested) => requested[resource]),
    (requested) =>
      `${amount(requested)}/${whole === null ? '?' : amount(whole)} ${percent(requested, whole).padStart(4)}`,
  );
};

const shareOf = (row: NodeRow, resource: 'cpu' | 'memory'): SortValue => {
  const requested = valueOf(row.requested);
  const whole = row.node.allocatable[resource];
  return requested === null || whole === null || whole === 0 ? null : requested[resource] / whole;
};

const taintText = ({ key, value, effect }: { key: string; value: string; effect: string }): string =>
  visible(`${key.replace(/^node\.kubernetes\.io\//, '')}${value === '' ? '' : `=${value}`}:${effect}`);

/** Addresses sort by their numbers, not by their letters. */
const addressOrder = (address: string | null): SortValue =>
  address === null ? null : address.replace(/\d+/g, (digits) => digits.padStart(5, '0'));

/** The columns in the order in which they stand; as the screen narrows, those with a wider `from` fall away. */
export const COLUMNS: readonly Column[] = [
  {
    id: 'name',
    title: 'NODE',
    help: 'name',
    align: 'left',
    from: 0,
    widest: 40,
    cell: (row) => [plain(visible(row.node.name))],
    sortValue: (row) => row.node.name,
  },
  {
    id: 'status',
    title: 'STATUS',
    help: 'status, worst first',
    align: 'left',
    from: 0,
    widest: 44,
    cell: (row, { now, width }) => statusSpans(width < SPELLED_FROM ? shortStatus(row.status) : row.status, now),
    sortValue: (row) => row.severity,
  },
  {
    id: 'roles',
    title: 'ROLES',
    help: `roles; a T after a role is its taint (${TAINTED_ROLES.join(', ')})`,
    align: 'left',
    from: 0,
    widest: 14,
    cell: (row) => [plain(row.marks === '' ? '-' : row.marks)],
    sortValue: (row) => row.marks,
  },
  {
    id: 'taints',
    title: 'TAINTS',
    help: 'taints that no role mark shows',
    align: 'left',
    from: 0,
    widest: 36,
    cell: (row, { width }) => {
      const count = row.otherTaints.length;
      if (count === 0) return [plain('-')];
      return [plain(width < SPELLED_FROM ? String(count) : row.otherTaints.map(taintText).join(' '))];
    },
    sortValue: (row) => row.otherTaints.length,
  },
  {
    id: 'cpu',
    title: 'CPU REQ/ALLOC',
    help: 'share of allocatable CPU that is requested',
    align: 'right',
    from: 0,
    widest: 24,
    cell: (row) => ofAllocatable(row, 'cpu', cores),
    sortValue: (row) => shareOf(row, 'cpu'),
  },
  {
    id: 'memory',
    title: 'MEM REQ/ALLOC',
    help: 'share of allocatable memory that is requested',
    align: 'right',
    from: 0,
    widest: 26,
    cell: (row) => ofAllocatable(row, 'memory', bytes),
    sortValue: (row) => shareOf(row, 'memory'),
  },
  {
    id: 'pods',
    title: 'PODS',
    help: 'pods that hold a slot, of those that the node takes',
    align: 'right',
    from: 0,
    widest: 11,
    cell: (row) =>
      readingSpans(
        mapReading(row.pods, ({ active }) => active),
        (active) => `${active}/${row.node.allocatable.pods ?? '?'}`,
      ),
    sortValue: (row) => valueOf(row.pods)?.active ?? null,
  },
  {
    id: 'control',
    title: 'CONTROL IP',
    help: 'address on the control plane',
    align: 'left',
    from: 104,
    widest: 39,
    cell: (row) => readingSpans(row.planes.control, visible),
    sortValue: (row) => addressOrder(valueOf(row.planes.control)),
  },
  {
    id: 'workload',
    title: 'WORKLOAD IP',
    help: 'address on the workload plane',
    align: 'left',
    from: 140,
    widest: 39,
    cell: (row) => readingSpans(row.planes.workload, visible),
    sortValue: (row) => addressOrder(valueOf(row.planes.workload)),
  },
  {
    id: 'kubelet',
    title: 'KUBELET',
    help: 'version of the kubelet',
    align: 'left',
    from: 132,
    widest: 16,
    cell: (row) => [plain(row.node.system.kubelet === '' ? '-' : visible(row.node.system.kubelet))],
    sortValue: (row) => addressOrder(row.node.system.kubelet),
  },
  {
    id: 'metalk8s',
    title: 'METALK8S',
    help: 'product version that the node is labelled with',
    align: 'left',
    from: 160,
    widest: 14,
    cell: (row) => [plain(row.metalk8sVersion === null ? '-' : visible(row.metalk8sVersion))],
    sortValue: (row) => addressOrder(row.metalk8sVersion),
  },
  {
    id: 'system',
    title: 'SYSTEM',
    help: 'operating system',
    align: 'left',
    from: 180,
    widest: 32,
    cell: (row) => [plain(row.node.system.operatingSystem === '' ? '-' : visible(row.node.system.operatingSystem))],
    sortValue: (row) => row.node.system.operatingSystem,
  },
  {
    id: 'age',
    title: 'AGE',
    help: 'time since the Node was created',
    align: 'right',
    from: 112,
    widest: 7,
    cell: (row, { now }) => [plain(row.node.createdAt === null ? '?' : steadyAge(row.node.createdAt, now))],
    sortValue: (row) => (row.node.createdAt === null ? null : -row.node.createdAt),
  },
];

/** The column of an id, or undefined when there is none. */
export const columnOf = (id: string): Column | undefined => COLUMNS.find((column) => column.id === id);
