import { Box } from 'ink';
import type { NodeRow } from '../../../state/node-rows.ts';
import { visible } from '../../../text/visible.ts';
import { fit } from '../../../text/width.ts';
import { plural } from '../../../text/words.ts';
import type { Context, Screen } from '../../screen.ts';
import type { Theme } from '../../theme.ts';
import { textOf } from '../../widgets/line-editor.ts';
import { filled, Lines } from '../../widgets/lines.tsx';
import { lineSpans } from '../../widgets/line-spans.ts';
import { drawnRow, fitSpans, justified, plain, selectedRow, styled, type Span } from '../../widgets/spans.ts';
import { Waiting } from '../../widgets/waiting.tsx';
import type { NodesView } from '../../view.ts';
import { SIGNS } from '../../theme.ts';
import { markedRows } from '../targets.ts';
import { SPELLED } from './column.ts';
import { columnOf, titleOf } from './columns.ts';
import { detailHeight, detailRows, listHeight } from './detail.ts';
import { countsTwice, groupingWords } from './grouping.ts';
import type { RowGroup } from './row-group.ts';
import { groupRow } from './group-row.ts';
import { GAP, startOf, tableWidth, type PlacedColumn } from './layout.ts';
import { headroomWords } from './words.ts';
import { pasteFilter, positionOf, typeFilter, updateNodes } from './update.ts';

const between = ' '.repeat(GAP);

/** The title: how many nodes there are, which of them are shown, in which order, and what asks for attention. */
function titleRow(view: NodesView, context: Context, theme: Theme): string {
  const { cluster, nodes, list, isListOld, waiting, width } = context;
  const all = nodes.rows.size;
  const filter = textOf(view.filter);
  const { state } = cluster.resources.nodes.status;
  const isKnown = all > 0 || state === 'live' || state === 'stale';
  const total = isKnown ? plural(all, 'node') : 'nodes';
  // What a filter leaves is not known before its list is there.
  const count = isListOld || list.nodes === all ? total : `${list.nodes} of ${total}`;
  const marked = markedRows(view, context).length;
  const left: Span[] = [styled('heading', marked === 0 ? count : `${count}, ${marked} marked`)];
  if (view.filtering) left.push(plain('   filter: '), ...lineSpans(view.filter));
  else if (filter !== '') left.push(plain('   filter: '), plain(visible(filter)));
  const pending = waiting.pods.size;
  if (pending > 0) left.push(plain('   '), styled('warning', `${SIGNS.warning} ${plural(pending, 'pod')} pending (p)`));
  return justified(left, [styled('label', `${orderWords(view, width, theme)} `)], width, theme);
}

function orderWords(view: NodesView, width: number, theme: Theme): string {
  const column = columnOf(view.sort.column);
  const sortName = (column === undefined ? view.sort.column : titleOf(column)).toLowerCase();
  const order = `sorted by ${sortName} ${view.sort.descending ? theme.glyphs.down : theme.glyphs.up}`;
  if (view.grouping.by === 'nothing') return order;
  const twice = countsTwice(view.grouping) && width >= SPELLED ? ', a node under each of its own' : '';
  return `by ${groupingWords(view.grouping)}${twice}   ${order}`;
}

const headRow = (columns: readonly PlacedColumn[], theme: Theme): string =>
  theme.label(
    `  ${columns.map(({ column, form, width }) => fit(form.title, width, column.align)).join(between)}`.trimEnd(),
  );

/** Before a row: the cursor, and the mark of a node that is marked. */
const margin = (selected: boolean, marked: boolean): Span => plain(`${selected ? '>' : ' '}${marked ? '*' : ' '}`);

/** The text of one row, at most as wide as the screen. */
function rowText(
  row: NodeRow,
  columns: readonly PlacedColumn[],
  { selected, marked }: { readonly selected: boolean; readonly marked: boolean },
  context: Context,
  theme: Theme,
): string {
  const cells = columns.flatMap(({ column, form, width }, index): readonly Span[] => [
    ...(index === 0 ? [] : [plain(between)]),
    ...fitSpans(form.cell(row, context), width, column.align),
  ]);
  const spans = [margin(selected, marked), ...cells];
  // The cursor is as wide as the table: what is not drawn need not be written when it moves.
  return selected ? selectedRow(spans, tableWidth(columns), theme) : drawnRow(spans, context.width, theme);
}

/** Lines drawn before. */
type Texts = WeakMap<NodeRow | RowGroup, string>;

/** They are kept, also while another screen is shown, as long as columns, width and the time that ages are told at are the same. */
const keptTexts = new WeakMap<
  readonly PlacedColumn[],
  { readonly width: number; readonly now: number; readonly texts: Texts }
>();

function textsFor({ columns, width, now }: Context): Texts {
  const before = keptTexts.get(columns);
  if (before?.width === width && before.now === now) return before.texts;
  const texts: Texts = new WeakMap();
  keptTexts.set(columns, { width, now, texts });
  return texts;
}

function tableRows(
  view: NodesView,
  columns: readonly PlacedColumn[],
  context: Context,
  theme: Theme,
): readonly string[] {
  const { list, width } = context;
  const { cursor, top } = positionOf(view, context);
  const texts = textsFor(context);
  const kept = (of: NodeRow | RowGroup, make: () => string): string => {
    const before = texts.get(of);
    if (before !== undefined) return before;
    const text = make();
    texts.set(of, text);
    return text;
  };
  const rows = list.lines(top, listHeight(context)).map((line, index) => {
    if (line.kind === 'group')
      return kept(line.group, () => groupRow(line.group, startOf('cpu', columns), width, theme));
    const { row } = line;
    const [selected, marked] = [top + index === cursor, view.marked.has(row.node.uid)];
    const make = () => rowText(row, columns, { selected, marked }, context, theme);
    return selected || marked ? make() : kept(row, make);
  });
  return [headRow(columns, theme), ...rows];
}

/** What stands in an empty list: why it is empty, as far as the frame does not tell it. */
function emptyText({ cluster, nodes, isListOld }: Context, view: NodesView): string {
  const { status } = cluster.resources.nodes;
  if (isListOld) return '';
  if (nodes.rows.size > 0) return `No node contains "${visible(textOf(view.filter))}": Esc clears the filter.`;
  switch (status.state) {
    case 'live':
      return 'The cluster has no nodes.';
    case 'loading':
      return '';
    default:
      return 'No node is known.';
  }
}

function draw(view: NodesView, context: Context) {
  const { theme } = context;
  const { width, height, list, columns, now, cluster } = context;
  const paneHeight = detailHeight(context);
  const words = headroomWords(context).map((spans) => drawnRow([plain(' '), ...spans], width, theme));
  if (list.length === 0) {
    const isLoading = cluster.resources.nodes.status.state === 'loading';
    return (
      <Box flexDirection="column" height={height}>
        <Lines rows={[...words, titleRow(view, context, theme)]} height={words.length + 1} />
        {isLoading ? (
          <Waiting text="reading the nodes" height={height - words.length - 1} />
        ) : (
          <Lines rows={['', ` ${emptyText(context, view)}`]} height={height - words.length - 1} />
        )}
      </Box>
    );
  }
  const { cursor } = positionOf(view, context);
  const line = list.line(cursor);
  const selected = line?.kind === 'node' ? line.row : undefined;
  const pane =
    paneHeight === 0 || selected === undefined
      ? []
      : [
          theme.label(theme.glyphs.rule.repeat(width)),
          ...detailRows(selected, now).map((spans) => drawnRow([plain(' '), ...spans], width, theme)),
        ];
  const table = [...words, titleRow(view, context, theme), ...tableRows(view, columns, context, theme)];
  return <Lines rows={[...filled(table, height - paneHeight), ...pane]} height={height} />;
}

export const nodesScreen: Screen<NodesView> = {
  scope: ({ filtering }) => (filtering ? 'filter' : 'nodes'),
  update: updateNodes,
  type: typeFilter,
  paste: pasteFilter,
  draw,
};
