import { visible } from '../../../text/visible.ts';
import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome, Screen } from '../../screen.ts';
import type { PendingPodView } from '../../view.ts';
import { page, scrolledPage, sentences, type PageRow } from '../../widgets/page.tsx';
import { opens } from '../node-commands.ts';
import { paneRows } from '../pending/pending-words.ts';

/** All that is said of the pod, or that it waits no more. */
function rowsOf({ pod }: PendingPodView, context: Context): readonly PageRow[] {
  const { waiting, width } = context;
  const found = waiting.byUid(pod.uid);
  if (found !== null) return paneRows(found, context);
  return sentences(`The pod ${visible(pod.name)} waits for a node no more: Esc goes back.`, width);
}

function update(view: PendingPodView, command: Command, context: Context): Outcome<PendingPodView> {
  if (command === 'back') return { pop: true };
  return opens(command) ?? scrolledPage(view, command, rowsOf(view, context).length, context);
}

const draw = (view: PendingPodView, context: Context) =>
  page({ title: 'Pending pod', rows: rowsOf(view, context), top: view.top, context });

export const pendingPodScreen: Screen<PendingPodView> = { scope: () => 'pending-pod', update, draw };
