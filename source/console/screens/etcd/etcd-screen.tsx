import { valueOf } from '../../../model/reading.ts';
import { outlookWords, quorumPieces } from '../../../state/etcd-words.ts';
import type { EtcdPicture } from '../../../state/etcd.ts';
import { visible } from '../../../text/visible.ts';
import { VERDICT_STYLES } from '../../frame/verdict.ts';
import type { Command } from '../../keys/key-table.ts';
import { nothing, type Context, type Outcome, type Screen } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import type { EtcdView } from '../../view.ts';
import { Lines } from '../../widgets/lines.tsx';
import { sentences, type PageRow } from '../../widgets/page.tsx';
import { moved, settled, type Position } from '../../widgets/position.ts';
import { drawnRow, joined, justified, plain, styled, type Span } from '../../widgets/spans.ts';
import { opens } from '../node-commands.ts';
import { curveRows } from './curves.ts';
import { factRows, failureRows, sourceRows, toDoRows } from './facts.ts';
import { memberTable } from './member-table.ts';

/** Where the cursor is: on its member, or where that stood when it is gone. */
function positionOf({ cursor }: EtcdView, { members }: EtcdPicture, height: number): Position {
  const found = members.findIndex(({ key }) => key === cursor.member);
  return settled({ cursor: found === -1 ? cursor.index : found, top: 0 }, members.length, height);
}

/** The first row: the answer of the screen in words; beside it which cluster this is. */
function titleRow(picture: EtcdPicture, context: Context): string {
  const { width, theme } = context;
  const { verdict } = context.verdict().areas.find(({ area }) => area === 'etcd') ?? { verdict: 'unknown' };
  const style = VERDICT_STYLES[verdict];
  const pieces = quorumPieces(picture).map((text): readonly Span[] => [plain(visible(text))]);
  const dot = ` ${theme.glyphs.dot} `;
  const words = [...joined(pieces, dot)].map(({ text }) => text).join('');
  const id = valueOf(picture.cluster);
  const beside = id === null || width < 100 ? [] : [styled('label', `cluster ${visible(id)} `)];
  return justified(
    [styled('heading', ' etcd  '), style === null ? plain(words) : styled(style, `${SIGNS[style]} ${words}`)],
    beside,
    width,
    theme,
  );
}

/** The rows below the table, in the room there is: what to do before the curves, the sources always. */
function rowsBelow(picture: EtcdPicture, context: Context, room: number): readonly PageRow[] {
  const { now, width, mayWrite } = context;
  const sources = sourceRows(picture, now, width);
  const facts = factRows(picture, now, width);
  const toDo = toDoRows(picture, now, width, mayWrite);
  const told = [...facts, ...toDo, ...failureRows(picture, width)];
  const left = room - sources.length;
  if (told.length > left) {
    const kept = told.slice(0, Math.max(left - 1, 0));
    const more: PageRow = [styled('label', ` … ${told.length - kept.length} more rows: a taller terminal shows them`)];
    return [...kept, more, ...sources];
  }
  const curves = curveRows(picture.members, context, left - told.length - 1);
  const blank: readonly PageRow[] = curves.length === 0 ? [] : [[]];
  const filler = Array.from(
    { length: Math.max(left - told.length - blank.length - curves.length, 0) },
    (): PageRow => [],
  );
  return [...told, ...blank, ...curves, ...filler, ...sources];
}

/** Above the table and what is below it: title and outlook, head, and the least that is told below. */
const LEAST_BELOW = 3;

function draw(view: EtcdView, context: Context) {
  const { width, height, theme } = context;
  const picture = context.etcd();
  const title = titleRow(picture, context);
  if (picture.members.length === 0) {
    const none = sentences(
      'No member of etcd is known: no node has the role etcd, and no list of members was told.',
      width,
      'unknown',
    );
    const rows = [...none, [], ...failureRows(picture, width), ...sourceRows(picture, context.now, width)];
    return <Lines rows={[title, '', ...rows.map((spans) => drawnRow(spans, width, theme))]} height={height} />;
  }
  const outlook = sentences(outlookWords(picture), width).map((spans) => drawnRow(spans, width, theme));
  const { cursor } = positionOf(view, picture, height);
  const room = Math.max(height - 1 - outlook.length - 1 - LEAST_BELOW, 1);
  const first = Math.max(0, Math.min(cursor - room + 1, picture.members.length - room));
  const shown = picture.members.slice(first, first + room);
  const table = memberTable(shown, cursor - first, context);
  const head = [title, ...outlook, ...table];
  const below = rowsBelow(picture, context, height - head.length).map((spans) => drawnRow(spans, width, theme));
  return <Lines rows={[...head, ...below]} height={height} />;
}

function update(view: EtcdView, command: Command, context: Context): Outcome<EtcdView> {
  if (command === 'back') return { pop: true };
  const { members } = context.etcd();
  const position = positionOf(view, context.etcd(), context.height);
  if (command === 'open') {
    const row = members[position.cursor];
    return row === undefined ? nothing : { push: { name: 'etcd-member', member: row.key, top: 0 } };
  }
  const next = moved(position, command, members.length, context.height);
  if (next === null) return opens(command) ?? nothing;
  return { view: { ...view, cursor: { member: members[next.cursor]?.key ?? null, index: next.cursor } } };
}

export const etcdScreen: Screen<EtcdView> = { scope: () => 'etcd', attention: 'etcd', update, draw };
