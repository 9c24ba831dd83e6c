import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome, Screen } from '../../screen.ts';
import type { FitsView } from '../../view.ts';
import { edited, typed } from '../../widgets/line-editor.ts';
import { page, scrolledPage } from '../../widgets/page.tsx';
import { fitsRows } from './fits-rows.ts';

function update(view: FitsView, command: Command, context: Context): Outcome<FitsView> {
  return command === 'cancel' ? { pop: true } : scrolledPage(view, command, fitsRows(view, context).length, context);
}

function draw(view: FitsView, context: Context) {
  return page({ title: 'What would fit', rows: fitsRows(view, context), top: view.top, context });
}

export const fitsScreen: Screen<FitsView> = {
  scope: () => 'fits',
  update,
  type: (view, key) => ({ view: { ...view, line: edited(view.line, key), top: 0 } }),
  paste: (view, text) => ({ view: { ...view, line: typed(view.line, text), top: 0 } }),
  draw,
};
