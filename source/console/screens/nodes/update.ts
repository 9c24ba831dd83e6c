import type { NodeRow } from '../../../state/node-rows.ts';
import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome } from '../../screen.ts';
import { nothing } from '../../screen.ts';
import type { NodesView } from '../../view.ts';
import { edited, emptyLine, typed } from '../../widgets/line-editor.ts';
import { atTop, moved, settled, type Position } from '../../widgets/position.ts';
import { COLUMNS } from './columns.ts';
import { listHeight, type Sizes } from './detail.ts';
import { onNodes, opens } from '../node-commands.ts';
import { targetsOf } from '../targets.ts';

/** The cursor is never on the head of a group, and the head above the first node of a group is on the screen with it. */
function offHeads({ cursor, top }: Position, { list }: Sizes, upwards: boolean): Position {
  const isHead = (line: number): boolean => list.line(line)?.kind === 'group';
  const row = isHead(cursor) ? cursor + (upwards && cursor > 0 ? -1 : 1) : cursor;
  return { cursor: row, top: isHead(row - 1) ? Math.min(top, row - 1) : top };
}

/** Where the list stands now: on the object of the cursor, or where it stood when that is gone. */
export function positionOf(view: NodesView, context: Sizes): Position {
  const { list } = context;
  const found = list.lineOf(view.cursor.uid, view.cursor.index);
  const cursor = found === -1 ? view.cursor.index : found;
  return placed({ cursor, top: view.top }, context, false);
}

const placed = (position: Position, context: Sizes, upwards: boolean): Position => {
  const { cursor, top } = offHeads(settled(position, context.list.length, listHeight(context)), context, upwards);
  return offHeads(settled({ cursor, top }, context.list.length, listHeight(context)), context, upwards);
};

const UPWARDS: readonly Command[] = ['up', 'page-up'];

const rowAt = ({ list }: Context, { cursor }: Position): NodeRow | undefined => {
  const line = list.line(cursor);
  return line?.kind === 'node' ? line.row : undefined;
};

const at = (view: NodesView, position: Position, context: Context): NodesView => ({
  ...view,
  cursor: { uid: rowAt(context, position)?.node.uid ?? null, index: position.cursor },
  top: position.top,
});

/** Marks a node, or takes its mark away, and goes on to the next one. */
function marking(view: NodesView, position: Position, context: Context): NodesView {
  const uid = rowAt(context, position)?.node.uid;
  if (uid === undefined) return view;
  const marked = new Set(view.marked);
  if (!marked.delete(uid)) marked.add(uid);
  const next = moved(position, 'down', context.list.length, listHeight(context)) ?? position;
  return { ...at(view, placed(next, context, false), context), marked };
}

export function updateNodes(view: NodesView, command: Command, context: Context): Outcome<NodesView> {
  const position = positionOf(view, context);
  const next = moved(position, command, context.list.length, listHeight(context));
  if (next !== null) return { view: at(view, placed(next, context, UPWARDS.includes(command)), context) };
  const row = rowAt(context, position);
  const targets = targetsOf(view, row, context);
  const done = targets.length === 0 ? null : onNodes(command, targets);
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
    case 'mark':
      return { view: marking(view, position, context) };
    case 'clear':
      if (view.marked.size > 0) return { view: { ...view, marked: new Set() } };
      return { view: { ...view, filter: emptyLine, filtering: false } };
    case 'clear-filter':
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
    case 'group':
      return { view: at(view, position, context), push: { name: 'group', position: atTop } };
    case 'scenes':
      return scenesOutcome(context);
    default: {
      const opened = opens(command, row);
      return opened === null ? nothing : { view: at(view, position, context), ...opened };
    }
  }
}

const NO_SCENES = 'Scenes are of a cluster in a box: start the console with --demo to see them.';

function scenesOutcome({ scenes }: Context): Outcome<NodesView> {
  if (scenes === null) return { notice: { severity: 'note', sentence: NO_SCENES } };
  const now = scenes.all.findIndex(({ name }) => name === scenes.current);
  return { push: { name: 'scenes', position: { cursor: Math.max(now, 0), top: 0 } } };
}

/** Text for the filter. The cursor stays on its object while that is in the list. */
export const typeFilter = (view: NodesView, key: string): Outcome<NodesView> => ({
  view: { ...view, filter: edited(view.filter, key) },
});

export const pasteFilter = (view: NodesView, text: string): Outcome<NodesView> => ({
  view: { ...view, filter: typed(view.filter, text.replace(/\s+/g, ' ')) },
});
