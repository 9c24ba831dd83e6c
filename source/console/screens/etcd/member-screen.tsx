import { valueOf, whyNot, type Reading } from '../../../model/reading.ts';
import { healthWords, learntWords, memberName, worthDefragmenting } from '../../../state/etcd-words.ts';
import type { EtcdRow, Learnt } from '../../../state/etcd.ts';
import { age, steadyAge } from '../../../text/age.ts';
import { bytes, percent } from '../../../text/amounts.ts';
import { latency } from '../../../text/latency.ts';
import { visible } from '../../../text/visible.ts';
import { list } from '../../../text/words.ts';
import type { Command } from '../../keys/key-table.ts';
import type { Context, Outcome, Screen } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import type { EtcdMemberView } from '../../view.ts';
import { blankRow, headingRow, page, scrolledPage, sentences, type PageRow } from '../../widgets/page.tsx';
import { plain, styled, type Span } from '../../widgets/spans.ts';
import { onEtcd } from '../etcd-commands.ts';
import { opens } from '../node-commands.ts';
import { figureSpan, healthSpan } from './columns.ts';
import { curveRows } from './curves.ts';

const NAME_WIDTH = 24;

/** A figure with its name, and beside it since when it is old or why it is not there. */
function figureRow<T>(name: string, reading: Reading<T>, span: Span, now: number): PageRow {
  const why = whyNot(reading);
  const beside =
    why !== null
      ? [styled('label', `  ${visible(why)}`)]
      : reading.state === 'stale'
        ? [styled('label', `  as it was ${steadyAge(reading.since, now)} ago`)]
        : [];
  return [plain(`   ${name.padEnd(NAME_WIDTH)}`), span, ...beside];
}

const textRow = (name: string, text: string | null): PageRow => [
  plain(`   ${name.padEnd(NAME_WIDTH)}`),
  text === null ? styled('unknown', SIGNS.unknown) : plain(visible(text)),
];

const readText = <T,>(reading: Reading<T>, text: (value: T) => string): Span => {
  const value = valueOf(reading);
  if (value === null) return styled('unknown', SIGNS.unknown);
  return reading.state === 'stale' ? styled('unknown', visible(text(value))) : plain(visible(text(value)));
};

function identityRows(row: EtcdRow, now: number): readonly PageRow[] {
  return [
    headingRow('Member'),
    textRow('id', row.id),
    textRow('node', row.node),
    textRow('addresses for clients', row.clientUrls.length === 0 ? null : list(row.clientUrls)),
    textRow('role', row.role === 'unknown' ? null : row.role.replace('-', ' ')),
    textRow('votes', row.isListed === false ? 'no: it is not in the list of members' : row.isVoter ? 'yes' : 'no'),
    figureRow('version', row.version, readText(row.version, String), now),
    [plain(`   ${'health'.padEnd(NAME_WIDTH)}`), healthSpan(row, now)],
    figureRow(
      'alarms',
      row.alarms,
      readText(row.alarms, (kinds) => (kinds.length === 0 ? 'none' : list(kinds))),
      now,
    ),
  ];
}

function speedRows(row: EtcdRow, now: number): readonly PageRow[] {
  return [
    headingRow('Speed', '99 of 100 take no longer'),
    figureRow('WAL fsync', row.fsyncP99, figureSpan(row.fsyncP99, latency, 'fsyncP99'), now),
    figureRow('backend commit', row.commitP99, figureSpan(row.commitP99, latency, 'commitP99'), now),
    figureRow('round trip to a peer', row.roundTrip, figureSpan(row.roundTrip, latency, 'roundTrip'), now),
    figureRow('proposals behind', row.lag, figureSpan(row.lag, String), now),
  ];
}

function databaseRows(row: EtcdRow, now: number): readonly PageRow[] {
  const freed = worthDefragmenting(row);
  const share = (part: number): string => `${Math.trunc(part * 100)}%`;
  return [
    headingRow('Database'),
    figureRow('file', row.dbSize, figureSpan(row.dbSize, bytes), now),
    figureRow('in use', row.dbSizeInUse, figureSpan(row.dbSizeInUse, bytes), now),
    figureRow('free inside', row.fragmentation, figureSpan(row.fragmentation, share), now),
    figureRow('quota', row.quota, figureSpan(row.quota, bytes), now),
    textRow('of the quota', valueOf(row.quota) === null ? null : percent(valueOf(row.dbSize), valueOf(row.quota))),
    ...(freed === null ? [] : [textRow('defragmenting frees', bytes(freed, { round: 'down' }))]),
  ];
}

function countRows({ lastHour }: EtcdRow, now: number): readonly PageRow[] {
  const { milliseconds, ...counts } = lastHour;
  const row = (name: string, reading: Reading<number>): PageRow =>
    figureRow(name, reading, figureSpan(reading, String), now);
  return [
    headingRow('Counted', milliseconds === null ? 'over the last hour' : `in the last ${age(milliseconds)}`),
    row('leader changes', counts.leaderChanges),
    row('failed proposals', counts.failedProposals),
    row('slow applies', counts.slowApplies),
    row('failures to reach peers', counts.peerFailures),
  ];
}

/** A source, and below it why it does not answer. */
const sourceRows = (name: string, learnt: Learnt, { now, width }: Context): readonly PageRow[] => [
  textRow(name, learntWords(learnt, now)),
  ...(learnt.failure === null ? [] : sentences(`${visible(learnt.failure.failure.why)}`, width, 'warning')),
];

/** Rows for the curves of a member. */
const CURVES = 8;

function rowsOf({ member }: EtcdMemberView, context: Context): readonly PageRow[] {
  const { now, width } = context;
  const picture = context.etcd();
  const row = picture.members.find(({ key }) => key === member);
  if (row === undefined) return sentences('This member is no longer known: Esc goes back.', width, 'unknown');
  return [
    ...identityRows(row, now),
    blankRow,
    ...speedRows(row, now),
    blankRow,
    ...databaseRows(row, now),
    blankRow,
    ...countRows(row, now),
    blankRow,
    ...curveRows([row], context, CURVES),
    blankRow,
    headingRow('Sources'),
    ...sourceRows('figures', row.figuresFrom, context),
    ...sourceRows('health', row.healthFrom, context),
    ...sourceRows('list of members', picture.membershipFrom, context),
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
  const beside = row === undefined ? [] : [styled('label', `${visible(healthWords(row, context.now))} `)];
  return page({ title, beside, rows: rowsOf(view, context), top: view.top, context });
}

export const etcdMemberScreen: Screen<EtcdMemberView> = { scope: () => 'etcd-member', attention: 'etcd', update, draw };
