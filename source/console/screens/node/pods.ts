import { steadyAge } from '../../../text/age.ts';
import { isFinished, type PodRow } from '../../../model/kubernetes/pod.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { podsBySize } from '../../../state/pods-by-size.ts';
import { bytes, cores } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { cellWidth, fit } from '../../../text/width.ts';
import { plural } from '../../../text/words.ts';
import { missingWords } from '../../frame/trouble.ts';
import type { Context } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import { drawnRow, plain, styled } from '../../widgets/spans.ts';

type PodColumn = {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Narrowest screen that shows the column. */
  readonly from: number;
  readonly text: (pod: PodRow, now: number) => string;
};

const limit = (amount: number, text: (amount: number) => string): string => (amount === 0 ? '-' : text(amount));

const COLUMNS: readonly PodColumn[] = [
  { title: 'POD', align: 'left', from: 0, text: (pod) => `${pod.namespace}/${pod.name}` },
  { title: 'STATUS', align: 'left', from: 0, text: (pod) => pod.status },
  { title: 'READY', align: 'left', from: 100, text: ({ ready }) => `${ready.containers}/${ready.of}` },
  { title: 'CPU REQ', align: 'right', from: 0, text: ({ requests }) => cores(requests.cpu) },
  { title: 'CPU LIM', align: 'right', from: 100, text: ({ limits }) => limit(limits.cpu, cores) },
  { title: 'MEM REQ', align: 'right', from: 0, text: ({ requests }) => bytes(requests.memory) },
  { title: 'MEM LIM', align: 'right', from: 100, text: ({ limits }) => limit(limits.memory, bytes) },
  { title: 'RESTARTS', align: 'right', from: 100, text: ({ restarts }) => String(restarts) },
  {
    title: 'AGE',
    align: 'right',
    from: 0,
    text: ({ createdAt }, now) => (createdAt === null ? '?' : steadyAge(createdAt, now)),
  },
];

const GAP = 2;
const NARROWEST_NAME = 12;
/** No column but the name grows beyond this, whatever somebody wrote into it. */
const WIDEST = 28;

/** Widths of the columns: as wide as what is in them, the name giving way so that the rest fits. */
function widthsOf(
  columns: readonly PodColumn[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const natural = columns.map(({ title }, index) => {
    const widest = cells.reduce((most, row) => Math.max(most, cellWidth(row[index] ?? '')), cellWidth(title));
    return index === 0 ? widest : Math.min(widest, WIDEST);
  });
  const total = natural.reduce((sum, one) => sum + one + GAP, 1);
  return natural.map((one, index) => (index === 0 ? Math.max(one - Math.max(total - width, 0), NARROWEST_NAME) : one));
}

/** The pods of a node as rows of text, largest request first. */
export function podRows(row: NodeRow, { cluster, width, now, theme }: Context): readonly string[] {
  const missing = missingWords('pods', cluster.resources.pods.status);
  const pods = podsBySize(cluster, row.node);
  if (pods.length === 0) {
    return [
      ` ${missing === null ? theme.label('no pod is bound to this node') : theme.unknown(`${SIGNS.unknown} ${missing}`)}`,
    ];
  }
  const columns = COLUMNS.filter(({ from }) => width >= from);
  const cells = pods.map((pod) => columns.map(({ text }) => visible(text(pod, now))));
  const widths = widthsOf(columns, cells, width);
  const line = (texts: readonly string[]) =>
    columns.map(({ align }, index) => fit(texts[index] ?? '', widths[index] ?? GAP, align)).join(' '.repeat(GAP));
  const head = theme.label(` ${line(columns.map(({ title }) => title))}`);
  const body = pods.map((pod, index) => {
    const text = line(cells[index] ?? []);
    return drawnRow([plain(' '), isFinished(pod) ? styled('label', text) : plain(text)], width, theme);
  });
  const partial =
    missing === null ? [] : [` ${theme.unknown(`${SIGNS.unknown} ${missing}; ${plural(pods.length, 'pod')} so far`)}`];
  return [...partial, head, ...body];
}
