import type { Amounts } from '../model/kubernetes/amounts.ts';
import { valueOf, type Reading } from '../model/reading.ts';
import { taintWords } from '../text/taint.ts';
import type { DemandMet } from '../product/sizing.ts';
import type { NodeRow } from '../state/node-rows.ts';
import { age } from '../text/age.ts';
import { amountText, percent, UNKNOWN } from '../text/amounts.ts';
import { plainTable, type Column } from '../text/table.ts';
import { SIZES } from '../state/node-words.ts';

type NodeColumn = Column & {
  /** Only in `-o wide`. */
  readonly wide?: true;
  /** Left out by `--no-pods`. */
  readonly needsPods?: true;
  readonly cell: (row: NodeRow, now: number) => string;
};

type Resource = 'cpu' | 'memory';

const orDash = (words: readonly string[]): string => (words.length === 0 ? '-' : words.join(','));
const orUnknown = (text: string | null): string => (text === null || text === '' ? UNKNOWN : text);

/** `0.73/3.7 19%`: requested, of allocatable, which is cut as what is free: of what is untouched both read the same. */
function share(requested: Reading<Amounts>, row: NodeRow, resource: Resource): string {
  const part = valueOf(requested)?.[resource] ?? null;
  const whole = row.node.allocatable[resource];
  const offered = amountText(resource, whole, { round: 'down' });
  return `${amountText(resource, part)}/${offered} ${percent(part, whole)}`;
}

const amount = (reading: Reading<Record<Resource, number | null>>, resource: Resource, round: 'nearest' | 'down') =>
  amountText(resource, valueOf(reading)?.[resource] ?? null, { round });

/** `1.5 (none on 3)`: what the limits add up to, and how many pods have none and may take what there is. */
function limit({ limits, unlimited }: NodeRow, resource: Resource): string {
  const without = valueOf(unlimited)?.[resource] ?? null;
  return `${amount(limits, resource, 'nearest')}${without === null || without === 0 ? '' : ` (none on ${without})`}`;
}

const sizeWord = (met: DemandMet | null): string => (met === null ? UNKNOWN : SIZES[met]);

/** What is told of a node in a line, left to right; taints come last, being as long as they are. */
const COLUMNS: readonly NodeColumn[] = [
  { title: 'NAME', cell: ({ node }) => node.name },
  { title: 'STATUS', cell: ({ status }) => orDash(status.map(({ name }) => name)) },
  { title: 'ROLES', cell: ({ roles }) => orDash([...roles].sort()) },
  { title: 'VERSION', cell: ({ node }) => orUnknown(node.system.kubelet) },
  { title: 'METALK8S', wide: true, cell: ({ metalk8sVersion }) => orUnknown(metalk8sVersion) },
  { title: 'CPU', needsPods: true, cell: (row) => share(row.requested, row, 'cpu') },
  { title: 'CPU-FREE', needsPods: true, wide: true, align: 'right', cell: ({ free }) => amount(free, 'cpu', 'down') },
  {
    title: 'CPU-LIMITS',
    needsPods: true,
    wide: true,
    align: 'right',
    cell: (row) => limit(row, 'cpu'),
  },
  { title: 'CPU-USED', wide: true, align: 'right', cell: ({ used }) => amount(used, 'cpu', 'nearest') },
  { title: 'MEMORY', needsPods: true, cell: (row) => share(row.requested, row, 'memory') },
  {
    title: 'MEMORY-FREE',
    needsPods: true,
    wide: true,
    align: 'right',
    cell: ({ free }) => amount(free, 'memory', 'down'),
  },
  {
    title: 'MEMORY-LIMITS',
    needsPods: true,
    wide: true,
    align: 'right',
    cell: (row) => limit(row, 'memory'),
  },
  { title: 'MEMORY-USED', wide: true, align: 'right', cell: ({ used }) => amount(used, 'memory', 'nearest') },
  {
    title: 'PODS',
    needsPods: true,
    cell: ({ pods, node }) =>
      `${amountText('pods', valueOf(pods)?.active ?? null)}/${amountText('pods', node.allocatable.pods)}`,
  },
  { title: 'CONTROL-PLANE', cell: ({ planes }) => orUnknown(valueOf(planes.control)) },
  { title: 'WORKLOAD-PLANE', cell: ({ planes }) => orUnknown(valueOf(planes.workload)) },
  { title: 'GROUP', wide: true, cell: ({ group }) => group },
  { title: 'SERVES', wide: true, cell: ({ serves }) => orDash(serves) },
  { title: 'OPEN', wide: true, cell: ({ open }) => (open ? 'yes' : 'no') },
  { title: 'SIZE', wide: true, cell: ({ demandMet }) => sizeWord(valueOf(demandMet)) },
  { title: 'OS', wide: true, cell: ({ node }) => orUnknown(node.system.operatingSystem) },
  { title: 'KERNEL', wide: true, cell: ({ node }) => orUnknown(node.system.kernel) },
  { title: 'RUNTIME', wide: true, cell: ({ node }) => orUnknown(node.system.containerRuntime) },
  {
    title: 'AGE',
    wide: true,
    cell: ({ node }, now) => (node.createdAt === null ? UNKNOWN : age(now - node.createdAt)),
  },
  { title: 'TAINTS', cell: ({ node }) => orDash((node.taints ?? []).map(taintWords)) },
];

/** The nodes as a table for people. */
export function nodesText(
  rows: readonly NodeRow[],
  { wide, pods, now }: { readonly wide: boolean; readonly pods: boolean; readonly now: number },
): string {
  const columns = COLUMNS.filter((column) => (wide || column.wide !== true) && (pods || column.needsPods !== true));
  return plainTable(
    columns,
    rows.map((row) => columns.map(({ cell }) => cell(row, now))),
  );
}
