import type { Amounts } from '../model/kubernetes/amounts.ts';
import { valueOf, type Reading } from '../model/reading.ts';
import { taintWords } from '../operations/change.ts';
import type { NodeRow } from '../state/node-rows.ts';
import { age } from '../text/age.ts';
import { amountText, percent, UNKNOWN } from '../text/amounts.ts';
import { plainTable, type Column } from '../text/table.ts';

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

/** `0.73/3.7 20%`: requested, of allocatable. */
function share(requested: Reading<Amounts>, row: NodeRow, resource: Resource): string {
  const part = valueOf(requested)?.[resource] ?? null;
  const whole = row.node.allocatable[resource];
  return `${amountText(resource, part)}/${amountText(resource, whole)} ${percent(part, whole)}`;
}

const amount = (reading: Reading<Record<Resource, number | null>>, resource: Resource, round: 'nearest' | 'down') =>
  amountText(resource, valueOf(reading)?.[resource] ?? null, { round });

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
    cell: ({ limits }) => amount(limits, 'cpu', 'nearest'),
  },
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
    cell: ({ limits }) => amount(limits, 'memory', 'nearest'),
  },
  {
    title: 'PODS',
    needsPods: true,
    cell: ({ pods, node }) =>
      `${amountText('pods', valueOf(pods)?.active ?? null)}/${amountText('pods', node.allocatable.pods)}`,
  },
  { title: 'CONTROL-PLANE', cell: ({ planes }) => orUnknown(valueOf(planes.control)) },
  { title: 'WORKLOAD-PLANE', cell: ({ planes }) => orUnknown(valueOf(planes.workload)) },
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
