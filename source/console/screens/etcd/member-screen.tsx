import { valueOf, whyNot, type Reading } from '../../../model/reading.ts';
import { worthDefragmenting } from '../../../state/etcd-advice.ts';
import { healthWords, learntWords, memberName } from '../../../state/etcd-words.ts';
import type { EtcdRow, Learnt } from '../../../state/etcd-rows.ts';
import { age, steadyAge } from '../../../text/age.ts';
import { bytes, percent } from '../../../text/amounts.ts';
import { latency } from '../../../text/latency.ts';
import { visible } from '../../../text/visible.ts';
import { list } from '../../../text/words.ts';
import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome, Screen } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import type { EtcdMemberView } from '../../view.ts';
import { blankRow, headingRow, page, scrolledPage, sentences, sideBySide, type PageRow } from '../../widgets/page.tsx';
import { plain, styled, wrapped, type Span } from '../../widgets/spans.ts';
import { onEtcd } from '../etcd-commands.ts';
import { opens } from '../node-commands.ts';
import { figureSpan, healthSpan } from './columns.ts';
import { curveRows } from './curves.ts';

const NAME_WIDTH = 24;
const MARGIN = 3;

type Sheet = { readonly now: number; readonly width: number; readonly common: string | null };

/** Since when a figure is old, or why it is not there; null for one that is fresh. */
function noteOf(reading: Reading<unknown>, now: number): string | null {
  const why = whyNot(reading);
  if (why !== null) return why;
  return reading.state === 'stale' ? `as it was ${steadyAge(reading.since, now)} ago` : null;
}

const named = (name: string): Span => plain(`${' '.repeat(MARGIN)}${name.padEnd(NAME_WIDTH)}`);

/** A figure with its name, and what is to be said of it alone. */
function figureRow(name: string, reading: Reading<unknown>, span: Span, { now, common }: Sheet): PageRow {
  const note = noteOf(reading, now);
  return [named(name), span, ...(note === null || note === common ? [] : [styled('label', `  ${visible(note)}`)])];
}

/** A text with its name, in as many rows as it takes. */
function textRows(name: string, text: string | null, { width }: Pick<Sheet, 'width'>): readonly PageRow[] {
  if (text === null) return [[named(name), styled('unknown', SIGNS.unknown)]];
  const rows = wrapped(visible(text), Math.max(width - MARGIN - NAME_WIDTH - 1, 1));
  return rows.map((row, index): PageRow => [named(index === 0 ? name : ''), plain(row)]);
}

const readText = <T,>(reading: Reading<T>, text: (value: T) => string): Span => {
  const value = valueOf(reading);
  if (value === null) return styled('unknown', SIGNS.unknown);
  return reading.state === 'stale' ? styled('unknown', visible(text(value))) : plain(visible(text(value)));
};

function identityRows(row: EtcdRow, sheet: Sheet): readonly PageRow[] {
  return [
    headingRow('Member'),
    ...textRows('id', row.id, sheet),
    ...textRows('node', row.node, sheet),
    ...textRows('addresses for clients', row.clientUrls.length === 0 ? null : list(row.clientUrls), sheet),
    ...textRows('role', row.role === 'unknown' ? null : row.role.replace('-', ' '), sheet),
    ...textRows(
      'votes',
      row.isListed === false ? 'no: it is not in the list of members' : row.isVoter ? 'yes' : 'no',
      sheet,
    ),
    figureRow('version', row.version, readText(row.version, String), sheet),
    [named('health'), healthSpan(row, sheet.now)],
    figureRow(
      'alarms',
      row.alarms,
      readText(row.alarms, (kinds) => (kinds.length === 0 ? 'none' : list(kinds))),
      sheet,
    ),
  ];
}

function speedRows(row: EtcdRow, sheet: Sheet): readonly PageRow[] {
  return [
    headingRow('Speed', '99 of 100 take no longer'),
    figureRow('WAL fsync', row.fsyncP99, figureSpan(row.fsyncP99, latency, 'fsyncP99'), sheet),
    figureRow('backend commit', row.commitP99, figureSpan(row.commitP99, latency, 'commitP99'), sheet),
    figureRow('round trip to a peer', row.roundTrip, figureSpan(row.roundTrip, latency, 'roundTrip'), sheet),
    figureRow('proposals behind', row.lag, figureSpan(row.lag, String), sheet),
  ];
}

function databaseRows(row: EtcdRow, sheet: Sheet): readonly PageRow[] {
  const freed = worthDefragmenting(row);
  const share = (part: number): string => `${Math.trunc(part * 100)}%`;
  return [
    headingRow('Database'),
    figureRow('file', row.dbSize, figureSpan(row.dbSize, bytes), sheet),
    figureRow('in use', row.dbSizeInUse, figureSpan(row.dbSizeInUse, bytes), sheet),
    figureRow('free inside', row.fragmentation, figureSpan(row.fragmentation, share), sheet),
    figureRow('quota', row.quota, figureSpan(row.quota, bytes), sheet),
    ...textRows(
      'of the quota',
      valueOf(row.quota) === null ? null : percent(valueOf(row.dbSize), valueOf(row.quota)),
      sheet,
    ),
    ...(freed === null ? [] : textRows('defragmenting frees', bytes(freed, { round: 'down' }), sheet)),
  ];
}

function countRows({ lastHour }: EtcdRow, sheet: Sheet): readonly PageRow[] {
  const { milliseconds, ...counts } = lastHour;
  const row = (name: string, reading: Reading<number>): PageRow =>
    figureRow(name, reading, figureSpan(reading, String), sheet);
  return [
    headingRow('Counted', milliseconds === null ? 'over the last hour' : `in the last ${age(milliseconds)}`),
    row('leader changes', counts.leaderChanges),
    row('failed proposals', counts.failedProposals),
    row('slow applies', counts.slowApplies),
    row('failures to reach peers', counts.peerFailures),
  ];
}

/** A source, and why it does not answer. */
function sourceRows(name: string, learnt: Learnt, sheet: Sheet): readonly PageRow[] {
  const told = learntWords(learnt, sheet.now);
  const why = learnt.failure?.failure.why;
  return textRows(name, why === undefined ? told : `${told}: ${why}`, sheet);
}

/** Rows for the curves of a member. */
const CURVES = 8;
/** From this width on there is room for two parts beside each other. */
const TWO_PARTS = 110;

/** What is to be said of all figures at once: those of a member are told together. */
function commonRows({ dbSize }: EtcdRow, { now, width }: Pick<Context, 'now' | 'width'>): readonly PageRow[] {
  const why = whyNot(dbSize);
  if (why !== null)
    return [...sentences(visible(`Its figures are not known: ${why.replace(/\.$/, '')}.`), width, 'unknown'), blankRow];
  if (dbSize.state !== 'stale') return [];
  return [...sentences(`Its figures are those of ${steadyAge(dbSize.since, now)} ago.`, width, 'unknown'), blankRow];
}

function rowsOf({ member }: EtcdMemberView, context: Context): readonly PageRow[] {
  const { now, width } = context;
  const picture = context.etcd();
  const row = picture.members.find(({ key }) => key === member);
  if (row === undefined) return sentences('This member is no longer known: Esc goes back.', width, 'unknown');
  const common = noteOf(row.dbSize, now);
  const isWide = width >= TWO_PARTS;
  const whole: Sheet = { now, width, common };
  const part: Sheet = isWide ? { ...whole, width: Math.floor(width / 2) } : whole;
  const left = [...identityRows(row, part), blankRow, ...speedRows(row, part)];
  const right = [...databaseRows(row, part), blankRow, ...countRows(row, part)];
  return [
    ...commonRows(row, context),
    ...(isWide ? sideBySide(left, right, width) : [...left, blankRow, ...right]),
    blankRow,
    ...curveRows([row], context, CURVES),
    blankRow,
    headingRow('Sources'),
    ...sourceRows('figures', row.figuresFrom, whole),
    ...sourceRows('health', row.healthFrom, whole),
    ...sourceRows('list of members', picture.membershipFrom, whole),
  ];
}

function update(view: EtcdMemberView, command: Command, context: Context): Outcome<EtcdMemberView> {
  if (command === 'back') return { pop: true };
  return (
    onEtcd(command, view.member) ?? opens(command) ?? scrolledPage(view, command, rowsOf(view, context).length, context)
  );
}

function draw(view: EtcdMemberView, context: Context) {
  const row = context.etcd().members.find(({ key }) => key === view.member);
  const title = row === undefined ? 'A member of etcd' : `etcd member ${visible(memberName(row))}`;
  const said = row === undefined ? [] : [styled('label', `${visible(healthWords(row, context.now))} `)];
  return page({ title, beside: said, rows: rowsOf(view, context), top: view.top, context });
}

export const etcdMemberScreen: Screen<EtcdMemberView> = { scope: () => 'etcd-member', attention: 'etcd', update, draw };
