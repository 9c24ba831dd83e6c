import type { Waiting } from '../../../state/pending-pods.ts';
import type { Context } from '../../screen.ts';
import type { PendingView } from '../../view.ts';
import { settled, type Position } from '../../widgets/position.ts';

/** Title and column heads. */
const HEAD_ROWS = 2;
/** The pane below the list: at least this high, and no list smaller than this for it. */
const LEAST_PANE = 11;
const LEAST_LIST = 4;

/** Rows for the list and for the pane; the pane takes what the list leaves, and goes where there is no room for both. */
export function heights({ height }: Pick<Context, 'height'>, count: number): { list: number; pane: number } {
  const room = Math.max(height - HEAD_ROWS, 1);
  if (room < LEAST_PANE + Math.min(Math.max(count, 1), LEAST_LIST)) return { list: room, pane: 0 };
  const list = Math.min(Math.max(count, 1), room - LEAST_PANE);
  return { list, pane: room - list };
}

/** Where the list stands now: on the pod of the cursor, or where it stood when that is gone. */
export function positionOf(
  { cursor: { uid, index }, top }: PendingView,
  { pods, byUid }: Waiting,
  context: Pick<Context, 'height'>,
): Position {
  const pod = uid === null ? null : byUid(uid);
  return settled(
    { cursor: pod === null ? index : pods.placeOf(pod), top },
    pods.size,
    heights(context, pods.size).list,
  );
}
