import { fit } from '../../../text/width.ts';
import { keysOf, type Command } from '../../keys/key-table.ts';
import type { Scope } from '../../keys/scopes.ts';
import { nothing, type Context, type Outcome, type Screen } from '../../screen.ts';
import type { HelpView } from '../../view.ts';
import { Lines } from '../../widgets/lines.tsx';
import { scrolled } from '../../widgets/position.ts';
import { moreSpans } from '../../widgets/more.ts';
import { drawnRow, justified, plain, styled, wrapped, type Span } from '../../widgets/spans.ts';
import { COLUMNS, titleOf } from '../nodes/columns.ts';

const HEAD_ROWS = 2;
const KEYS_WIDTH = 26;
const MARGIN = 3;

const TITLES: Partial<Record<Scope, string>> = {
  nodes: 'the list of nodes',
  node: 'the page of a node',
  sort: 'the choice of an order',
  labels: 'the form for labels',
  taints: 'the form for taints',
  roles: 'the form for roles',
  pending: 'the pending pods',
  'pending-pod': 'the page of a pending pod',
  headroom: 'the headroom',
  loss: 'what a loss would cost',
  etcd: 'the members of etcd',
  'etcd-member': 'the page of a member of etcd',
  'control-plane': 'the control plane',
  plan: 'a preview',
  answer: 'a plan that is not to be sent',
};

/** Signs that go with a meaning, whatever the colours. */
const LEGEND: readonly (readonly [Span, string])[] = [
  [styled('critical', 'X'), 'critical'],
  [styled('warning', '!'), 'a warning'],
  [styled('unknown', '?'), 'not known: the page of the node says why'],
  [styled('progress', '~'), 'in progress'],
  [styled('intent', '='), "the operator's own intent, such as cordoned"],
];

function helpRows(view: HelpView, { mayWrite, width }: Context): readonly (readonly Span[])[] {
  const room = Math.max(width - MARGIN - KEYS_WIDTH - 1, KEYS_WIDTH);
  const entry = (left: Span, text: string): readonly (readonly Span[])[] =>
    wrapped(text, room).map((row, index) => [
      plain(' '.repeat(MARGIN)),
      index === 0 ? left : plain(' '.repeat(KEYS_WIDTH)),
      plain(row),
    ]);
  const keys = keysOf(view.of, mayWrite).flatMap(({ keys: names, help }) =>
    entry(plain(fit(names.join(', '), KEYS_WIDTH)), help),
  );
  const columns =
    view.of !== 'nodes'
      ? []
      : [
          [],
          [styled('heading' as const, ' Columns; a narrow screen leaves out some')],
          ...COLUMNS.flatMap((column) => entry(plain(fit(titleOf(column), KEYS_WIDTH)), column.help)),
        ];
  return [
    ...keys,
    ...columns,
    [],
    [styled('heading' as const, ' Signs')],
    ...LEGEND.map(([sign, text]) => [plain('   '), sign, plain(`${' '.repeat(KEYS_WIDTH - 1)}${text}`)]),
  ];
}

function update(view: HelpView, command: Command, context: Context): Outcome<HelpView> {
  if (command === 'back') return { pop: true };
  const top = scrolled(view.top, command, helpRows(view, context).length, context.height - HEAD_ROWS);
  return top === null ? nothing : { view: { ...view, top } };
}

function draw(view: HelpView, context: Context) {
  const { width, height, theme } = context;
  const rows = helpRows(view, context);
  const room = height - HEAD_ROWS;
  const title = [styled('heading', ` Keys of ${TITLES[view.of] ?? 'this screen'}`)];
  const shown = rows.slice(view.top, view.top + room).map((spans) => drawnRow(spans, width, theme));
  return (
    <Lines
      rows={[justified(title, moreSpans(view.top, room, rows.length), width, theme), '', ...shown]}
      height={height}
    />
  );
}

export const helpScreen: Screen<HelpView> = { scope: () => 'help', update, draw };
