import { Box } from 'ink';
import type { Command } from '../../keys/key-table.ts';
import { nothing, type Context, type Outcome, type Screen } from '../../screen.ts';
import { NODE_TABS, type NodeTab, type NodeView } from '../../view.ts';
import { Lines } from '../../widgets/lines.tsx';
import { moreSpans } from '../../widgets/more.ts';
import { scrolled } from '../../widgets/position.ts';
import { justified, plain, styled, type Span } from '../../widgets/spans.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { visible } from '../../../text/visible.ts';
import { statusSpans } from '../../widgets/cells.ts';
import { onNodes, opens } from '../node-commands.ts';
import { eventRows } from './events.ts';
import { labelRows } from './labels.ts';
import { Overview, overviewHeight } from './overview.tsx';
import { podRows } from './pods.ts';

/** Rows above the part that is shown: name and status, tabs, and a blank one. */
const HEAD_ROWS = 3;

type Part = { readonly title: string; readonly rows: (row: NodeRow, context: Context) => readonly string[] };

/** The parts of the page that are rows of text. The overview holds tables and is drawn by its own component. */
const PARTS: Readonly<Record<Exclude<NodeTab, 'overview'>, Part>> = {
  pods: { title: 'pods', rows: podRows },
  events: { title: 'events', rows: eventRows },
  labels: { title: 'labels and annotations', rows: labelRows },
};

/** The node of the page, or null when it is gone from the cluster. */
const rowOf = (view: NodeView, { nodes }: Context): NodeRow | null => nodes.byUid(view.uid);

const contentHeight = (view: NodeView, row: NodeRow, context: Context): number =>
  view.tab === 'overview' ? overviewHeight(row) : PARTS[view.tab].rows(row, context).length;

const tabBeside = (tab: NodeTab, step: number): NodeTab =>
  NODE_TABS[(NODE_TABS.indexOf(tab) + step + NODE_TABS.length) % NODE_TABS.length] ?? 'overview';

function update(view: NodeView, command: Command, context: Context): Outcome<NodeView> {
  switch (command) {
    case 'back':
      return { pop: true };
    case 'next-tab':
      return { view: { ...view, tab: tabBeside(view.tab, 1), top: 0 } };
    case 'previous-tab':
      return { view: { ...view, tab: tabBeside(view.tab, -1), top: 0 } };
    default: {
      const row = rowOf(view, context);
      if (row === null) return opens(command) ?? nothing;
      const height = context.height - HEAD_ROWS;
      const top = scrolled(view.top, command, contentHeight(view, row, context), height);
      if (top !== null) return { view: { ...view, top } };
      return onNodes(command, [row]) ?? opens(command, row) ?? nothing;
    }
  }
}

/** The parts of the page, the one that is shown in brackets, and where in it one is. */
function tabsRow(view: NodeView, more: readonly Span[], { width, theme }: Context): string {
  const tabs = NODE_TABS.map((tab): Span => {
    const title = tab === 'overview' ? 'overview' : PARTS[tab].title;
    return tab === view.tab ? styled('selected', `[${title}]`) : styled('label', ` ${title} `);
  });
  return justified([plain(' '), ...tabs], more, width, theme);
}

function draw(view: NodeView, context: Context) {
  const { theme } = context;
  const row = rowOf(view, context);
  const height = Math.max(context.height - HEAD_ROWS, 0);
  if (row === null) {
    const gone = `The node ${visible(view.node)} is no longer in the cluster: Esc goes back to the list.`;
    return <Lines rows={[theme.heading(` ${visible(view.node)}`), '', ` ${gone}`]} height={context.height} />;
  }
  const name: readonly Span[] = [
    plain(' '),
    styled('heading', visible(row.node.name)),
    plain('   '),
    ...statusSpans(row.status, context.now),
  ];
  const rows = view.tab === 'overview' ? null : PARTS[view.tab].rows(row, context);
  const count = rows?.length ?? overviewHeight(row);
  // What was scrolled to may be gone meanwhile.
  const top = Math.min(view.top, Math.max(count - height, 0));
  const facts: readonly Span[] = row.marks === '' ? [] : [styled('label', 'roles '), plain(row.marks)];
  const head = [
    justified(name, [...facts, plain(' ')], context.width, theme),
    tabsRow(view, moreSpans(top, height, count), context),
    '',
  ];
  if (rows !== null) return <Lines rows={[...head, ...rows.slice(top, top + height)]} height={context.height} />;
  return (
    <Box flexDirection="column" height={context.height}>
      <Lines rows={head} height={HEAD_ROWS} />
      <Overview row={row} context={context} top={top} height={height} />
    </Box>
  );
}

export const nodeScreen: Screen<NodeView> = { scope: () => 'node', update, draw };
