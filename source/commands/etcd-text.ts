import type { Sight } from '../checks/verdict/sight.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { adviceOf, type EtcdAction } from '../state/etcd-advice.ts';
import { fullestOf, growthWords, lastHourOf } from '../state/etcd-summaries.ts';
import { failuresOf, healthWords, learntWords, memberName, outlookWords, quorumPieces } from '../state/etcd-words.ts';
import type { EtcdPicture } from '../state/etcd.ts';
import type { EtcdRow } from '../state/etcd-rows.ts';
import { age } from '../text/age.ts';
import { bytes, bytesBeside, percent, UNKNOWN } from '../text/amounts.ts';
import { latency } from '../text/latency.ts';
import { plainTable, type Column } from '../text/table.ts';
import { list } from '../text/words.ts';
import { sentences } from './section.ts';

type EtcdColumn = Column & { readonly wide?: true; readonly cell: (row: EtcdRow, now: number) => string };

const figure = (reading: Reading<number>, text: (value: number) => string): string => {
  const value = valueOf(reading);
  return value === null ? UNKNOWN : text(value);
};
const right = { align: 'right' } as const;

const COLUMNS: readonly EtcdColumn[] = [
  { title: 'MEMBER', cell: memberName },
  { title: 'ID', wide: true, cell: ({ id }) => id ?? UNKNOWN },
  { title: 'NODE', wide: true, cell: ({ node }) => node ?? UNKNOWN },
  { title: 'ROLE', cell: ({ role }) => (role === 'unknown' ? UNKNOWN : role) },
  { title: 'HEALTH', cell: healthWords },
  { title: 'VERSION', cell: ({ version }) => valueOf(version) ?? UNKNOWN },
  { title: 'PEER-RTT', ...right, cell: ({ roundTrip }) => figure(roundTrip, latency) },
  { title: 'FSYNC-P99', ...right, cell: ({ fsyncP99 }) => figure(fsyncP99, latency) },
  { title: 'COMMIT-P99', ...right, cell: ({ commitP99 }) => figure(commitP99, latency) },
  { title: 'DB-SIZE', ...right, cell: ({ dbSize }) => figure(dbSize, bytes) },
  { title: 'IN-USE', ...right, cell: ({ dbSizeInUse, dbSize }) => percent(valueOf(dbSizeInUse), valueOf(dbSize)) },
  { title: 'QUOTA', ...right, cell: ({ quota }) => figure(quota, bytes) },
  { title: 'LAG', ...right, cell: ({ lag }) => figure(lag, String) },
  {
    title: 'ALARMS',
    cell: ({ alarms }) => {
      const kinds = valueOf(alarms);
      return kinds === null ? UNKNOWN : kinds.length === 0 ? '-' : kinds.join(',');
    },
  },
  { title: 'FIGURES-FROM', wide: true, cell: ({ figuresFrom }, now) => learntWords(figuresFrom, now) },
];

const LINE_OF: Readonly<Record<EtcdAction, string>> = {
  defragment: 'etcd defragment',
  disarm: 'etcd disarm',
  'move-leader': 'etcd move-leader',
};

function quotaSentence(picture: EtcdPicture, now: number): string {
  const fullest = fullestOf(picture);
  if (fullest === null) return `Quota: not known; ${growthWords(picture, now)}.`;
  const { row, size, quota } = fullest;
  const [taken, whole] = bytesBeside(size, quota);
  return `Quota: ${taken} of ${whole} (${percent(size, quota)}) of ${memberName(row)}; ${growthWords(picture, now)}.`;
}

function alarmSentence({ alarms }: EtcdPicture): string {
  const raised = valueOf(alarms);
  if (raised === null) return `Alarms: not known: ${whyNot(alarms) ?? ''}.`;
  return `Alarms: ${list([...new Set(raised.map(({ kind }) => kind))]) || 'none'}.`;
}

function countSentence(picture: EtcdPicture): string {
  const { milliseconds, why, counts } = lastHourOf(picture);
  if (why !== null) return `Last hour: not known: ${why}.`;
  const told = counts.map(({ title, count }) => `${title} ${count ?? UNKNOWN}`).join(', ');
  return milliseconds === null ? `Last hour: ${told}.` : `In ${age(milliseconds)}: ${told}.`;
}

/** The members of etcd and what is to be said of them, for people. */
export function etcdText({ etcd, now }: Pick<Sight, 'etcd' | 'now'>, wide: boolean): string {
  const columns = COLUMNS.filter((column) => wide || column.wide !== true);
  const table = plainTable(
    columns,
    etcd.members.map((row) => columns.map(({ cell }) => cell(row, now))),
  );
  const toDo = adviceOf(etcd, now).map(
    ({ sentence, action }) => `- ${sentence}${action === null ? '' : ` (${LINE_OF[action]})`}`,
  );
  return [
    sentences(`etcd: ${quorumPieces(etcd).join(', ')}. ${outlookWords(etcd)}`),
    '\n',
    etcd.members.length === 0 ? sentences('No member is known.') : table,
    '\n',
    sentences(quotaSentence(etcd, now), alarmSentence(etcd), countSentence(etcd), ...toDo, ...failuresOf(etcd)),
    wide ? sentences(`Members: ${learntWords(etcd.membershipFrom, now)}.`) : '',
  ].join('');
}
