import { age } from '../text/age.ts';
import { amountText, UNKNOWN } from '../text/amounts.ts';
import { plainTable, type Column } from '../text/table.ts';
import { list, plural } from '../text/words.ts';
import type { Waiting } from './pending-answer.ts';

type PendingColumn = Column & { readonly wide?: true; readonly cell: (waiting: Waiting, now: number) => string };

/** "untaint X on wrk-1", of the nearest node; what fits already waits for the scheduler alone. */
function help({ nearest: [first] }: Waiting): string {
  if (first === undefined) return 'a node';
  return first.obstacles.length === 0 ? 'it fits: the scheduler has yet to place it' : list(first.help);
}

/** What is told of a pod in a line; the reason of the scheduler comes last, being as long as it is. */
const COLUMNS: readonly PendingColumn[] = [
  { title: 'NAMESPACE', cell: ({ pod }) => pod.namespace },
  { title: 'NAME', cell: ({ pod }) => pod.name },
  { title: 'AGE', cell: ({ pod }, now) => (pod.createdAt === null ? UNKNOWN : age(now - pod.createdAt)) },
  { title: 'CPU', wide: true, align: 'right', cell: ({ pod }) => amountText('cpu', pod.requests.cpu) },
  { title: 'MEMORY', wide: true, align: 'right', cell: ({ pod }) => amountText('memory', pod.requests.memory) },
  { title: 'NEAREST', cell: ({ nearest: [first] }) => first?.name ?? '-' },
  { title: 'WHAT-LETS-IT-IN', cell: help },
  {
    title: 'NEXT',
    wide: true,
    cell: ({ nearest: [, ...others] }) =>
      others.map((other) => `${other.name}: ${list(other.help) || 'it fits'}`).join('; ') || '-',
  },
  {
    title: 'AGAINST',
    wide: true,
    cell: ({ against }) =>
      against.map(({ obstacle, nodes }) => `${plural(nodes, 'node')}: ${obstacle}`).join('; ') || '-',
  },
  { title: 'NOT-LOOKED-AT', wide: true, cell: ({ pod }) => list(pod.placement.unmodelled) || '-' },
  { title: 'REASON', cell: ({ pod }) => pod.unscheduled ?? UNKNOWN },
];

/** Pods that wait for a node as a table for people. */
export function pendingText(pods: readonly Waiting[], { wide, now }: { readonly wide: boolean; readonly now: number }) {
  const columns = COLUMNS.filter((column) => wide || column.wide !== true);
  return plainTable(
    columns,
    pods.map((waiting) => columns.map(({ cell }) => cell(waiting, now))),
  );
}
