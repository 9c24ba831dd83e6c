import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome } from '../../screen.ts';
import { nothing } from '../../screen.ts';
import type { NodesView } from '../../view.ts';
import { edited, emptyLine, typed } from '../../widgets/line-editor.ts';
import { moved, settled, type Position } from '../../widgets/position.ts';
import { COLUMNS } from './columns.ts';
import { listHeight } from './detail.ts';
import { onNode, undoOutcome } from '../node-commands.ts';

/** Where the list stands now: on the object of the cursor, or where it stood when that is gone. */
export function positionOf(view: NodesView, context: Pick<Context, 'list' | 'height'>): Position {
  const { list } = context;
  const found = list.indexOf(view.cursor.uid);
  const cursor = found === -1 ? view.cursor.index : found;
  return settled({ cursor, top: view.top }, list.rows.length, listHeight(context));
}

const at = (view: NodesView, position: Position, context: Context): NodesView => ({
  ...view,
  cursor: { uid: context.list.rows[position.cursor]?.node.uid ?? null, index: position.cursor },
  top: position.top,
});

export function updateNodes(view: NodesView, command: Command, context: Context): Outcome<NodesView> {
  const position = positionOf(view, context);
  const next = moved(position, command, context.list.rows.length, listHeight(context));
  if (next !== null) return { view: at(view, next, context) };
  const row = context.list.rows[position.cursor];
  const done = row === undefined ? null : onNode(command, row);
  if (done !== null) return { view: at(view, position, context), ...done };
  switch (command) {
    case 'open':
      if (row === undefined) return nothing;
      return {
        view: at(view, position, context),
        push: { name: 'node', uid: row.node.uid, node: row.node.name, tab: 'overview', top: 0 },
      };
    case 'filter':
      return { view: { ...at(view, position, context), filtering: true } };
    case 'keep-filter':
      return { view: { ...view, filtering: false } };
    case 'clear-filter':
    case 'clear':
      return { view: { ...view, filter: emptyLine, filtering: false } };
    case 'sort':
      return {
        // Bound to its object before the order turns.
        view: at(view, position, context),
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
      return undoOutcome;
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
