import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome } from '../../screen.ts';
import { nothing } from '../../screen.ts';
import { planning, type NodesView, type View } from '../../view.ts';
import { edited, emptyLine, typed } from '../../widgets/line-editor.ts';
import { moved, settled, type Position } from '../../widgets/position.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { COLUMNS } from './columns.ts';
import { listHeight } from './detail.ts';
import { labelsView } from '../labels/view.ts';
import { taintsView } from '../taints/view.ts';

/** Where the list stands now: on the object of the cursor, or where it stood when that is gone. */
export function positionOf(view: NodesView, context: Pick<Context, 'list' | 'height'>): Position {
  const { list } = context;
  const found = list.indexOf(view.cursor.uid);
  const cursor = found === -1 ? view.cursor.index : found;
  return settled({ cursor, top: view.top }, list.rows.length, listHeight(context));
}

/** The node that the cursor is on, or null in an empty list. */
export const nodeUnderCursor = (view: NodesView, context: Pick<Context, 'list' | 'height'>): NodeRow | null =>
  context.list.rows[positionOf(view, context).cursor] ?? null;

const at = (view: NodesView, position: Position, context: Context): NodesView => ({
  ...view,
  cursor: { uid: context.list.rows[position.cursor]?.node.uid ?? null, index: position.cursor },
  top: position.top,
});

/** Cordon, or uncordon what is cordoned. */
export function cordonOutcome({ node }: NodeRow): Outcome<never> {
  const kind = node.cordoned ? 'uncordon' : 'cordon';
  return {
    push: planning(`${kind === 'cordon' ? 'Cordon' : 'Uncordon'} ${node.name}`),
    requests: [{ type: 'plan', node: node.name, edit: { kind } }],
  };
}

/** What each command does to the node under the cursor. */
const ON_NODE: Partial<Record<Command, (row: NodeRow) => { push?: View } & Outcome<never>>> = {
  open: ({ node }) => ({ push: { name: 'node', uid: node.uid, node: node.name, tab: 'overview', top: 0 } }),
  labels: ({ node }) => ({ push: labelsView(node) }),
  taints: ({ node }) => ({ push: taintsView(node) }),
  cordon: cordonOutcome,
};

export function updateNodes(view: NodesView, command: Command, context: Context): Outcome<NodesView> {
  const position = positionOf(view, context);
  const next = moved(position, command, context.list.rows.length, listHeight(context));
  if (next !== null) return { view: at(view, next, context) };
  const onNode = ON_NODE[command];
  if (onNode !== undefined) {
    const row = context.list.rows[position.cursor];
    return row === undefined ? nothing : { view: at(view, position, context), ...onNode(row) };
  }
  switch (command) {
    case 'filter':
      return { view: { ...at(view, position, context), filtering: true } };
    case 'keep-filter':
      return { view: { ...view, filtering: false } };
    case 'clear-filter':
    case 'clear':
      return { view: { ...view, filter: emptyLine, filtering: false } };
    case 'sort':
      return {
        push: {
          name: 'sort',
          position: {
            cursor: Math.max(
              COLUMNS.findIndex(({ id }) => id === view.sort.column),
              0,
            ),
            top: 0,
          },
        },
      };
    case 'undo':
      return { push: planning('Undo'), requests: [{ type: 'plan-undo' }] };
    default:
      return nothing;
  }
}

/** Text for the filter. The cursor stays on its object while that is in the list. */
export const typeFilter = (view: NodesView, key: string): Outcome<NodesView> => ({
  view: { ...view, filter: edited(view.filter, key) },
});

export const pasteFilter = (view: NodesView, text: string): Outcome<NodesView> => ({
  view: { ...view, filter: typed(view.filter, text.replace(/\s+/g, ' ')) },
});
