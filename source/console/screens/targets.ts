import type { NodeRow } from '../../state/node-rows.ts';
import type { Context } from '../screen.ts';
import type { NodesView } from '../view.ts';

/** The nodes that are marked, also those that a filter hides; marks on nodes that are gone count for nothing. */
export const markedRows = (
  { marked }: Pick<NodesView, 'marked'>,
  { nodes }: Pick<Context, 'nodes'>,
): readonly NodeRow[] => [...marked].flatMap((uid) => nodes.byUid(uid) ?? []);

/** What a command is meant for: the marked nodes by name, else the node under the cursor. */
export function targetsOf(
  view: Pick<NodesView, 'marked'>,
  underCursor: NodeRow | undefined,
  context: Pick<Context, 'nodes'>,
): readonly NodeRow[] {
  const marked = markedRows(view, context);
  if (marked.length > 0) return marked.toSorted((one, other) => (one.node.name < other.node.name ? -1 : 1));
  return underCursor === undefined ? [] : [underCursor];
}
