import { Lines } from '../../widgets/lines.tsx';
import type { Command } from '../../keys/key-table.ts';
import { nothing, type Context, type Outcome, type Screen } from '../../screen.ts';
import type { SortView } from '../../view.ts';
import { moved, settled } from '../../widgets/position.ts';
import { drawnRow, plain, selectedRow, styled } from '../../widgets/spans.ts';
import { fit } from '../../../text/width.ts';
import { COLUMNS, titleOf } from '../nodes/columns.ts';

const TITLE_ROWS = 2;

function update(view: SortView, command: Command, context: Context): Outcome<SortView> {
  const position = moved(view.position, command, COLUMNS.length, context.height - TITLE_ROWS);
  if (position !== null) return { view: { ...view, position } };
  const column = COLUMNS[view.position.cursor];
  if (command !== 'choose' || column === undefined) return command === 'back' ? { pop: true } : nothing;
  const { sort } = context.nodesView;
  return {
    pop: true,
    // Of figures the largest come first, of names the first of the alphabet.
    sort: { column: column.id, descending: sort.column === column.id ? !sort.descending : column.align === 'right' },
  };
}

function draw(view: SortView, context: Context) {
  const { theme } = context;
  const height = context.height - TITLE_ROWS;
  const { cursor, top } = settled(view.position, COLUMNS.length, height);
  const { sort } = context.nodesView;
  const rows = COLUMNS.slice(top, top + height).map((column, index) => {
    const order = sort.column === column.id ? (sort.descending ? theme.glyphs.down : theme.glyphs.up) : ' ';
    const spans = [plain(`${order} ${fit(titleOf(column), 16)}`), styled('label', column.help)];
    return top + index === cursor
      ? selectedRow([plain(' > '), ...spans], context.width, theme)
      : drawnRow([plain('   '), ...spans], context.width, theme);
  });
  return <Lines rows={[` ${theme.heading('Sort the nodes by')}`, '', ...rows]} height={context.height} />;
}

export const sortScreen: Screen<SortView> = { scope: () => 'sort', update, draw };
