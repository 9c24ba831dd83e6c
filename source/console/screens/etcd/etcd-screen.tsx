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

/** Above the table and what is below it: title and outlook, head, and the least that is told below. */
const LEAST_BELOW = 3;

/** The parts of the screen, and how many rows each has. */
function partsOf(picture: EtcdPicture, context: Context) {
  const { now, width, height, mayWrite } = context;
  const outlook = sentences(outlookWords(picture), width);
  const shown = Math.max(height - 1 - outlook.length - 1 - LEAST_BELOW, 1);
  const sources = sourceRows(picture, now, width);
  const facts = factRows(picture, now, width);
  const toDo = [...toDoRows(picture, now, width, mayWrite), ...failureRows(picture, context)];
  const count = facts.length + toDo.length;
  const above = 1 + outlook.length + 1 + Math.min(picture.members.length, shown);
  const room = height - above - sources.length;
  const isWhole = count <= room;
  const kept = isWhole ? count : Math.max(room - 1, 0);
  // Where there is no room for all, what to do is not what is left away.
  const told = isWhole ? [...facts, ...toDo] : [...toDo, ...facts];
  return { outlook, shown, told, sources, room, kept, lastTop: count - kept };
}

/** The rows below the table, in the room there is: what to do before the curves, the sources always. */
function rowsBelow(picture: EtcdPicture, context: Context, top: number): readonly PageRow[] {
  const { told, sources, room, kept, lastTop } = partsOf(picture, context);
  if (lastTop > 0) {
    const first = Math.min(top, lastTop);
    const place = `${first + 1}-${first + kept} of ${told.length} rows: PgDn and PgUp show the others`;
    return [...told.slice(first, first + kept), [styled('label', ` … ${place}`)], ...sources];
  }
  const curves = curveRows(picture.members, context, room - told.length - 1);
  const blank: readonly PageRow[] = curves.length === 0 ? [] : [[]];
  const filler = Array.from(
    { length: Math.max(room - told.length - blank.length - curves.length, 0) },
    (): PageRow => [],
  );
  return [...told, ...blank, ...curves, ...filler, ...sources];
}

function draw(view: EtcdView, context: Context) {
  const { width, height, theme } = context;
  const picture = context.etcd();
  const title = titleRow(picture, context);
  const drawnRows = (rows: readonly PageRow[]): readonly string[] => rows.map((spans) => drawnRow(spans, width, theme));
  if (picture.members.length === 0) {
    const none = sentences(
      'No member of etcd is known: no node has the role etcd, and no list of members was told.',
      width,
      'unknown',
    );
    const rows = [...none, [], ...failureRows(picture, context), ...sourceRows(picture, context.now, width)];
    return <Lines rows={[title, '', ...drawnRows(rows)]} height={height} />;
  }
  const { outlook, shown } = partsOf(picture, context);
  const { cursor } = positionOf(view, picture, height);
  const first = Math.max(0, Math.min(cursor - shown + 1, picture.members.length - shown));
  const table = memberTable(picture.members.slice(first, first + shown), cursor - first, context);
  const below = rowsBelow(picture, context, view.top);
  return <Lines rows={[title, ...drawnRows(outlook), ...table, ...drawnRows(below)]} height={height} />;
}

function update(view: EtcdView, command: Command, context: Context): Outcome<EtcdView> {
  if (command === 'back') return { pop: true };
  const { members } = context.etcd();
  const position = positionOf(view, context.etcd(), context.height);
  if (command === 'open') {
    const row = members[position.cursor];
    return row === undefined ? nothing : { push: { name: 'etcd-member', member: row.key, top: 0 } };
  }
  if (command === 'page-down' || command === 'page-up') {
    const { kept, lastTop } = partsOf(context.etcd(), context);
    const by = Math.max(kept, 1);
    const top = Math.min(view.top, lastTop) + (command === 'page-down' ? by : -by);
    return { view: { ...view, top: Math.max(0, Math.min(top, lastTop)) } };
  }
  const next = moved(position, command, members.length, context.height);
  if (next === null) return opens(command) ?? nothing;
  return { view: { ...view, cursor: { member: members[next.cursor]?.key ?? null, index: next.cursor } } };
}

export const etcdScreen: Screen<EtcdView> = { scope: () => 'etcd', attention: 'etcd', update, draw };
