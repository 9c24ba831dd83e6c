import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome, Screen } from '../../screen.ts';
import type { HeadroomView } from '../../view.ts';
import { Page, scrolledPage, sentences, type PageRow } from '../../widgets/page.tsx';
import { styled } from '../../widgets/spans.ts';
import { opens } from '../node-commands.ts';
import { headroomRows } from './headroom-rows.ts';
import { pagesFor } from './layout.ts';

const pageOf = ({ page }: HeadroomView, { width }: Context): number => page % pagesFor(width).length;

function rowsOf(view: HeadroomView, context: Context): readonly PageRow[] {
  const { list, headroom, width } = context;
  if (list.all.length === 0) return sentences('No node is known.', width, 'unknown');
  const pages = pagesFor(width);
  return headroomRows(headroom.headroom, pages[pageOf(view, context)] ?? pages[0], context);
}

function turned(view: HeadroomView, step: number, context: Context): Outcome<HeadroomView> {
  const count = pagesFor(context.width).length;
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

function Body({ view, context }: { readonly view: HeadroomView; readonly context: Context }) {
  const count = pagesFor(context.width).length;
  const beside = count === 1 ? [] : [styled('label', `columns ${pageOf(view, context) + 1} of ${count} `)];
  return <Page title="Headroom" beside={beside} rows={rowsOf(view, context)} top={view.top} context={context} />;
}

export const headroomScreen: Screen<HeadroomView> = { scope: () => 'headroom', update, Body };
