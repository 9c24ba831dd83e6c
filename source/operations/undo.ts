import type { ClusterNode } from '../model/kubernetes/node.ts';
import { list } from '../text/words.ts';
import { holdsAfter, inverse, subject } from './change.ts';
import { InputError } from './errors.ts';
import type { TrailItem } from './journal-records.ts';
import type { Change, Effect, JournalItem, NodePlan } from './operation.ts';
import { planChanges } from './plan.ts';
import type { Planning } from './plan.ts';
import { stepWords } from './step-told.ts';

/** What of one journal item can be taken back now. `why` says, as a clause, what cannot; null when all can. */
type Undoable = {
  readonly item: JournalItem;
  readonly node: ClusterNode | null;
  readonly changes: readonly Change[];
  readonly why: string | null;
};

/** Results after which the node may hold what was written; it is looked at in any case. */
const MAY_HOLD: readonly JournalItem['result'][] = ['done', 'unknown', 'failed'];

/**
 * The plan that takes back operation `id`, or without an id the last operation that can be: undos themselves, and what
 * was undone already, are passed over. Only what a node of the same uid still holds as it was written is taken back;
 * what is left alone is told as an effect. Throws an InputError when nothing is left to take back.
 */
export function planUndo(planning: Planning, trail: readonly TrailItem[], id?: string): NodePlan {
  const { nodes, resources } = planning.state;
  if (nodes.size === 0 && resources.nodes.status.state !== 'live')
    throw new InputError(
      'What can be undone is not known, since the nodes have not been read: wait until they are shown.',
    );
  const all = trail.map(({ item }) => item);
  const operations = Map.groupBy(all, (item) => item.id);
  const undos = Map.groupBy(all, (item) => item.undoes);
  // The trail is newest first; nodes are told in the order in which they were changed.
  const partsOf = (items: readonly JournalItem[]) => items.map((item) => undoable(planning, undos, item)).reverse();
  if (id === undefined) {
    for (const items of operations.values()) {
      if (items.every(({ operation }) => operation === 'undo')) continue;
      const parts = partsOf(items);
      if (parts.some(({ changes }) => changes.length > 0)) return planOf(planning, parts);
    }
    throw new InputError(
      'There is nothing to undo: no operation in the journal left something that its nodes still hold.',
    );
  }
  const items = operations.get(id);
  if (!items) throw new InputError(`The journal has no operation "${id}"; the command journal lists them.`);
  const parts = partsOf(items);
  if (!parts.some(({ changes }) => changes.length > 0))
    throw new InputError(
      `Operation ${id} cannot be undone: ${list(
        parts.map(({ item, why }) => `${item.object} ${why ?? ''}`),
        4,
      )}.`,
    );
  return planOf(planning, parts);
}

/** The items of undos, by the operation that they take back. */
type Undos = ReadonlyMap<string | null, readonly JournalItem[]>;

/** Whether the node was given back what the item had changed, by an undo that itself still stands. */
const isUndone = (undos: Undos, { id, object }: JournalItem): boolean =>
  (undos.get(id) ?? []).some((undo) => undo.object === object && undo.result === 'done' && !isUndone(undos, undo));

function undoable({ state }: Planning, undos: Undos, item: JournalItem): Undoable {
  const cannot = (why: string): Undoable => ({ item, node: null, changes: [], why });
  if (item.task !== 'edit')
    return cannot(`was no edit: ${stepWords({ task: item.task, node: item.object })} has no way back`);
  if (!MAY_HOLD.includes(item.result)) return cannot('was not changed by it');
  if (isUndone(undos, item)) return cannot('was given back already what it had before');
  const node = state.nodes.get(item.object);
  if (!node) return cannot('is not there any more');
  if (node.uid !== item.uid) return cannot('is another node of the same name');
  const held = item.changes.filter((change) => holdsAfter(node, change));
  const lost = item.changes.filter((change) => !holdsAfter(node, change));
  const why = lost.length === 0 ? null : `no longer holds what was written to its ${list(lost.map(subject), 4)}`;
  // The last change that was made is the first to be taken back.
  return { item, node, changes: held.map(inverse).reverse(), why };
}

function planOf(planning: Planning, parts: readonly Undoable[]): NodePlan {
  const [first] = parts;
  const left = parts.flatMap(({ item, why }): Effect[] =>
    why === null ? [] : [{ severity: 'warning', sentence: `${item.object} ${why}: that is left alone.` }],
  );
  return planChanges(planning, {
    name: 'undo',
    title: `Undo ${first?.item.operation ?? ''} on ${list(
      parts.map(({ item }) => item.object),
      3,
    )}`,
    wanted: parts.flatMap(({ node, changes }) => (node && changes.length > 0 ? [{ node, changes }] : [])),
    effects: left,
    ...(first && { undoes: first.item.id }),
  });
}
