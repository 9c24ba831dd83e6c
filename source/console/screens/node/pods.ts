import { isFinished, type PodRow } from '../../../model/kubernetes/pod.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import type { ClusterState } from '../../../state/cluster-state.ts';
import { whyNot } from '../../../model/reading.ts';
import { bytes, cores } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { cellWidth, fit } from '../../../text/width.ts';
import { plural } from '../../../text/words.ts';
import type { Context } from '../../screen.ts';
import { drawnRow, plain, styled } from '../../widgets/spans.ts';
import { steadyAge } from '../nodes/cells.ts';

/** Largest request first, measured as the larger of the shares of the node that its CPU and memory are; finished last. */
export function podsBySize(cluster: ClusterState, row: NodeRow): readonly PodRow[] {
  const { cpu, memory } = row.node.allocatable;
  const share = (part: number, whole: number | null) => (whole === null || whole === 0 ? part : part / whole);
  const size = ({ requests }: PodRow) => Math.max(share(requests.cpu, cpu), share(requests.memory, memory));
  return [...(cluster.podsByNode.get(row.node.name)?.values() ?? [])].sort(
    (one, other) =>
      Number(isFinished(one)) - Number(isFinished(other)) ||
      size(other) - size(one) ||
      one.namespace.localeCompare(other.namespace) ||
      one.name.localeCompare(other.name),
  );
}

const COLUMNS = [
  { title: 'POD', align: 'left', text: (pod: PodRow) => `${pod.namespace}/${pod.name}` },
  { title: 'STATUS', align: 'left', text: (pod: PodRow) => pod.status },
  { title: 'READY', align: 'left', text: ({ ready }: PodRow) => `${ready.containers}/${ready.of}` },
  { title: 'CPU REQ', align: 'right', text: ({ requests }: PodRow) => cores(requests.cpu) },
  { title: 'CPU LIM', align: 'right', text: ({ limits }: PodRow) => (limits.cpu === 0 ? '-' : cores(limits.cpu)) },
  { title: 'MEM REQ', align: 'right', text: ({ requests }: PodRow) => bytes(requests.memory) },
  {
    title: 'MEM LIM',
    align: 'right',
    text: ({ limits }: PodRow) => (limits.memory === 0 ? '-' : bytes(limits.memory)),
  },
  { title: 'RESTARTS', align: 'right', text: ({ restarts }: PodRow) => String(restarts) },
] as const;

const NAME_NARROWEST = 12;

/** The pods of a node as rows of text, largest request first. */
export function podRows(row: NodeRow, context: Context): readonly string[] {
  const { cluster, width, now, theme } = context;
  const why = whyNot(row.requested);
  const pods = podsBySize(cluster, row);
  if (why !== null && pods.length === 0) return [` ${theme.unknown(`? ${why}`)}`];
  if (pods.length === 0) return [` ${theme.label('no pod is bound to this node')}`];
  const cells = pods.map((pod) => COLUMNS.map((column) => visible(column.text(pod))));
  const ages = pods.map(({ createdAt }) => (createdAt === null ? '?' : steadyAge(createdAt, now)));
  const widths = COLUMNS.map(({ title }, index) =>
    Math.max(cellWidth(title), ...cells.map((row) => cellWidth(row[index] ?? ''))),
  );
  const others = widths.slice(1).reduce((sum, one) => sum + one + 2, 0) + 9;
  const name = Math.max(
    Math.min(Math.max(...cells.map((row) => cellWidth(row[0] ?? ''))), width - others - 1),
    NAME_NARROWEST,
  );
  widths.splice(0, 1, name);
  const line = (texts: readonly string[]) =>
    widths.map((width, index) => fit(texts[index] ?? '', width, COLUMNS[index]?.align)).join('  ');
  const head = theme.label(` ${line(COLUMNS.map(({ title }) => title))}  ${fit('AGE', 7, 'right')}`.trimEnd());
  const body = pods.map((pod, index) => {
    const text = `${line(cells[index] ?? [])}  ${fit(ages[index] ?? '', 7, 'right')}`;
    return drawnRow([plain(' '), isFinished(pod) ? styled('label', text) : plain(text)], width, theme);
  });
  const total = why === null ? [] : [theme.unknown(` ? ${why}; ${plural(pods.length, 'pod')} so far`)];
  return [...total, head, ...body];
}
