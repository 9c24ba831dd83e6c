import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome, Screen } from '../../screen.ts';
import type { HeadroomView } from '../../view.ts';
import { page, scrolledPage, sentences, type PageRow } from '../../widgets/page.tsx';
import { plain, styled } from '../../widgets/spans.ts';
import { SIGNS } from '../../theme.ts';
import { freeWords } from '../nodes/words.ts';
import { opens } from '../node-commands.ts';
import { headroomRows } from './headroom-rows.ts';
import { layoutFor } from './layout.ts';

const pageOf = ({ page }: HeadroomView, { width }: Context): number => page % layoutFor(width).pages.length;

function rowsOf(view: HeadroomView, context: Context): readonly PageRow[] {
  const { nodes, width } = context;
  if (nodes.rows.size === 0) return sentences('No node is known.', width, 'unknown');
  const { figureWidth, pages } = layoutFor(width);
  const blocks = pages[pageOf(view, context)] ?? pages[0];
  const { value: headroom } = context.headroomByKind();
  if (headroom === null) return sentences(`${SIGNS.progress} being worked out`, width, 'progress');
  return headroomRows(headroom, { figureWidth, blocks }, context);
}

function turned(view: HeadroomView, step: number, context: Context): Outcome<HeadroomView> {
  const count = layoutFor(context.width).pages.length;
  return { view: { ...view, page: (pageOf(view, context) + step + count) % count } };
}

function update(view: HeadroomView, command: Command, context: Context): Outcome<HeadroomView> {
  switch (command) {
    case 'back':
      return { pop: true };
    case 'next-tab':
      return turned(view, 1, context);
    case 'previous-tab':
      return turned(view, -1, context);
    default:
      return opens(command) ?? scrolledPage(view, command, rowsOf(view, context).length, context);
  }
}

function draw(view: HeadroomView, context: Context) {
  const count = layoutFor(context.width).pages.length;
  const beside = count === 1 ? [] : [styled('label', `columns ${pageOf(view, context) + 1} of ${count} `)];
  const { cluster } = context.headroom;
  const answer = cluster.nodes === 0 ? [] : [plain(' '), ...freeWords(context)];
  return page({ title: 'Headroom', beside, answer, rows: rowsOf(view, context), top: view.top, context });
}

export const headroomScreen: Screen<HeadroomView> = { scope: () => 'headroom', update, draw };
