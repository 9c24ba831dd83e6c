import type { Steps } from '../../../model/headroom/steps.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { visible } from '../../../text/visible.ts';
import { fit } from '../../../text/width.ts';
import { plural } from '../../../text/words.ts';
import type { Command } from '../../keys/key-table.ts';
import { nothing, type Context, type Outcome, type Screen } from '../../screen.ts';
import type { Grouping, GroupView } from '../../view.ts';
import { Lines } from '../../widgets/lines.tsx';
import { bound, found, moved, settled } from '../../widgets/position.ts';
import { drawnRow, plain, selectedRow, styled } from '../../widgets/spans.ts';
import { labelGroups } from '../nodes/grouping.ts';

const TITLE_ROWS = 2;
const NAME_WIDTH = 34;

type Choice = { readonly grouping: Grouping; readonly name: string; readonly help: string };

const WAYS: readonly Choice[] = [
  { grouping: { by: 'group' }, name: 'group', help: 'control plane, infra, workload: each node once' },
  { grouping: { by: 'role' }, name: 'role', help: 'a node stands under each of its roles' },
  { grouping: { by: 'plane' }, name: 'plane', help: 'a node that serves both planes stands under both' },
  { grouping: { by: 'nothing' }, name: 'nothing', help: 'one list' },
];

function* choicesAmong(rows: Iterable<NodeRow>): Steps<readonly Choice[]> {
  const labels = [...(yield* labelGroups(rows))]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, groups]): Choice => ({
      grouping: { by: 'label', key },
      name: `label ${visible(key)}`,
      help: plural(groups, 'group'),
    }));
  return [...WAYS, ...labels];
}

/** The ways of grouping, then every label of a node, with how many groups it makes; worked out once while no label changes. */
const choicesOf = ({ nodes, work }: Context): readonly Choice[] =>
  work.ask('ways of grouping', [nodes.labels], () => choicesAmong(nodes.rows)).value ?? WAYS;

const keyOf = ({ grouping }: Choice): string => JSON.stringify(grouping);

const isSame = (one: Grouping, other: Grouping): boolean =>
  one.by === other.by && (one.by !== 'label' || other.by !== 'label' || one.key === other.key);

function update(view: GroupView, command: Command, context: Context): Outcome<GroupView> {
  const offered = choicesOf(context);
  const keys = offered.map(keyOf);
  const place = found(view.position, keys);
  const position = moved(place, command, offered.length, context.height - TITLE_ROWS);
  if (position !== null) return { view: { ...view, position: bound(position, keys) } };
  const choice = offered[settled(place, offered.length, context.height - TITLE_ROWS).cursor];
  if (command === 'back') return { pop: true };
  return command === 'choose' && choice !== undefined ? { pop: true, grouping: choice.grouping } : nothing;
}

function draw(view: GroupView, context: Context) {
  const { theme, width } = context;
  const offered = choicesOf(context);
  const height = context.height - TITLE_ROWS;
  const { cursor, top } = settled(found(view.position, offered.map(keyOf)), offered.length, height);
  const rows = offered.slice(top, top + height).map(({ grouping, name, help }, index) => {
    const now = isSame(grouping, context.nodesView.grouping) ? '*' : ' ';
    const spans = [plain(`${now} ${fit(name, Math.min(NAME_WIDTH, width))}  `), styled('label', help)];
    return top + index === cursor
      ? selectedRow([plain(' > '), ...spans], width, theme)
      : drawnRow([plain('   '), ...spans], width, theme);
  });
  return <Lines rows={[` ${theme.heading('Group the nodes by')}`, '', ...rows]} height={context.height} />;
}

export const groupScreen: Screen<GroupView> = { scope: () => 'group', update, draw };
