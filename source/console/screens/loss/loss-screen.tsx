import { NO_LARGEST } from '../../../state/headroom-words.ts';
import { visible } from '../../../text/visible.ts';
import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome, Screen } from '../../screen.ts';
import type { LossView } from '../../view.ts';
import { page, scrolledPage, sentences, type PageRow } from '../../widgets/page.tsx';
import { styled } from '../../widgets/spans.ts';
import { opens } from '../node-commands.ts';
import { lossRows } from './loss-rows.ts';

/** The node of the page: the one it was opened on, or the largest as it stands now; null when there is none. */
function nodeOf({ node }: LossView, { nodes, loss }: Context): string | null {
  if (node === null) return loss(null).value?.node ?? null;
  return nodes.byUid(node.uid) === null ? null : node.name;
}

function rowsOf(view: LossView, context: Context): readonly PageRow[] {
  const node = nodeOf(view, context);
  if (node !== null || (view.node === null && context.loss(null).isUnderWay))
    return lossRows(view.node === null ? null : node, context);
  const why =
    view.node === null
      ? `No node is known whose loss could be worked out: ${NO_LARGEST}, or its pods are not known.`
      : `The node ${visible(view.node.name)} is no longer in the cluster: Esc goes back.`;
  return sentences(why, context.width, 'unknown');
}

function update(view: LossView, command: Command, context: Context): Outcome<LossView> {
  if (command === 'back') return { pop: true };
  return opens(command) ?? scrolledPage(view, command, rowsOf(view, context).length, context);
}

function draw(view: LossView, context: Context) {
  const rows = rowsOf(view, context);
  const node = nodeOf(view, context) ?? view.node?.name ?? null;
  const which = view.node === null && node !== null ? ', the largest node,' : '';
  const title = node === null ? 'If the largest node is lost' : `If ${visible(node)}${which} is lost`;
  return page({ title, beside: [styled('label', 'an estimate ')], rows, top: view.top, context });
}

export const lossScreen: Screen<LossView> = { scope: () => 'loss', update, draw };
