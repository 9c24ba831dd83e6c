import type { PodRow } from '../../../model/kubernetes/pod.ts';
import { steadyAge } from '../../../text/age.ts';
import { bytes, cores } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { cellWidth, fit } from '../../../text/width.ts';
import { plural } from '../../../text/words.ts';
import { missingWords } from '../../frame/trouble.ts';
import type { Command } from '../../keys/key-table.ts';
import { nothing, type Context, type Outcome, type Screen } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import type { PendingPodView, PendingView } from '../../view.ts';
import { Lines } from '../../widgets/lines.tsx';
import { moreSpans } from '../../widgets/more.ts';
import { moved } from '../../widgets/position.ts';
import { drawnRow, justified, plain, selectedRow, styled } from '../../widgets/spans.ts';
import { opens } from '../node-commands.ts';
import { heights, positionOf } from './pending-list.ts';
import { paneRows, shortReason } from './pending-words.ts';

type Column = {
  readonly title: string;
  /** Narrowest screen that shows the column. */
  readonly from: number;
  readonly align: 'left' | 'right';
  /** Widest part of the screen that it takes; null takes what is left. */
  readonly share: number | null;
  readonly text: (pod: PodRow, context: Context) => string;
};

const COLUMNS: readonly Column[] = [
  { title: 'POD', from: 0, align: 'left', share: 0.4, text: ({ namespace, name }) => visible(`${namespace}/${name}`) },
  {
    title: 'FOR',
    from: 0,
    align: 'right',
    share: 0.1,
    text: ({ createdAt }, { now }) => (createdAt === null ? SIGNS.unknown : steadyAge(createdAt, now)),
  },
  { title: 'CPU', from: 100, align: 'right', share: 0.1, text: ({ requests }) => cores(requests.cpu) },
  { title: 'MEM', from: 100, align: 'right', share: 0.1, text: ({ requests }) => bytes(requests.memory) },
  { title: 'WHY, BY THE SCHEDULER', from: 0, align: 'left', share: null, text: (pod) => visible(shortReason(pod)) },
];

const GAP = '  ';

/** The rows of the list that are shown, under their heads. */
function listRows(pods: readonly PodRow[], first: number, cursor: number, context: Context): readonly string[] {
  const { width, theme } = context;
  const columns = COLUMNS.filter(({ from }) => width >= from);
  const cells = pods.map((pod) => columns.map(({ text }) => text(pod, context)));
  const widths = columns.map(({ title, share }, index) => {
    if (share === null) return 0;
    const widest = Math.max(cellWidth(title), ...cells.map((row) => cellWidth(row[index] ?? '')));
    return Math.min(widest, Math.max(Math.floor(width * share), cellWidth(title)));
  });
  const taken = widths.reduce((sum, one) => sum + one + GAP.length, 2);
  const line = (texts: readonly string[]): string =>
    columns
      .map(({ align, share }, index) =>
        fit(texts[index] ?? '', share === null ? Math.max(width - taken + GAP.length, 1) : (widths[index] ?? 1), align),
      )
      .join(GAP);
  const rows = cells.map((texts, index) =>
    first + index === cursor
      ? selectedRow([plain(`> ${line(texts)}`)], width, theme)
      : drawnRow([plain(`  ${line(texts)}`)], width, theme),
  );
  return [drawnRow([styled('label', `  ${line(columns.map(({ title }) => title))}`)], width, theme), ...rows];
}

/** What stands in place of an empty list. */
function emptyText({ cluster }: Context): string {
  const missing = missingWords('pods', cluster.resources.pods.status);
  return missing === null ? 'No pod waits for a node.' : `${SIGNS.unknown} which pods wait is not known: ${missing}`;
}

function draw(view: PendingView, context: Context) {
  const { width, height, theme, cluster, waiting } = context;
  const { pods } = waiting;
  const { cursor, top } = positionOf(view, waiting, context);
  const { list, pane } = heights(context, pods.size);
  const missing = missingWords('pods', cluster.resources.pods.status);
  const count = `${plural(pods.size, 'pending pod')}${missing === null ? '' : ' so far'}`;
  const beside = pods.size > list ? moreSpans(top, list, pods.size) : [styled('label', 'as the scheduler takes them ')];
  const selected = pods.at(cursor)?.value;
  if (selected === undefined)
    return <Lines rows={[theme.heading(' Pending pods'), '', ` ${emptyText(context)}`]} height={height} />;
  const title = justified([styled('heading', ` ${count}`)], beside, width, theme);
  const shown = listRows(pods.slice(top, list), top, cursor, context);
  const told = pane === 0 ? [] : paneRows(selected, context);
  const room = pane - 1;
  const kept =
    told.length <= room
      ? told
      : [
          ...told.slice(0, room - 1),
          [styled('label' as const, ` … ${plural(told.length - room + 1, 'row')} more: Enter shows them`)],
        ];
  const rule = pane === 0 ? [] : [theme.label(theme.glyphs.rule.repeat(width))];
  return (
    <Lines rows={[title, ...shown, ...rule, ...kept.map((spans) => drawnRow(spans, width, theme))]} height={height} />
  );
}

const pendingPodView = ({ uid, namespace, name }: PodRow): PendingPodView => ({
  name: 'pending-pod',
  pod: { uid, name: `${namespace}/${name}` },
  top: 0,
});

function update(view: PendingView, command: Command, context: Context): Outcome<PendingView> {
  if (command === 'back') return { pop: true };
  const { waiting } = context;
  const { pods } = waiting;
  const position = positionOf(view, waiting, context);
  if (command === 'open') {
    const pod = pods.at(position.cursor)?.value;
    return pod === undefined ? nothing : { push: pendingPodView(pod) };
  }
  const next = moved(position, command, pods.size, heights(context, pods.size).list);
  if (next === null) return opens(command) ?? nothing;
  const { cursor, top } = next;
  return { view: { ...view, cursor: { uid: pods.at(cursor)?.value.uid ?? null, index: cursor }, top } };
}

export const pendingScreen: Screen<PendingView> = { scope: () => 'pending', update, draw };
