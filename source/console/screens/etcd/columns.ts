import { valueOf, type Reading } from '../../../model/reading.ts';
import { gradeOf, type Graded } from '../../../state/etcd-grades.ts';
import { healthWords, isWell, memberName } from '../../../state/etcd-words.ts';
import type { EtcdRow } from '../../../state/etcd-rows.ts';
import { WIDEST_AGE } from '../../../text/age.ts';
import { bytes, percent } from '../../../text/amounts.ts';
import { latency } from '../../../text/latency.ts';
import { visible } from '../../../text/visible.ts';
import { cellWidth } from '../../../text/width.ts';
import { SIGNS } from '../../theme.ts';
import { plain, styled, type Span } from '../../widgets/spans.ts';

/** A figure: itself, with sign and colour where it is beyond what is wanted, dim when stale, `?` when nobody tells it. */
export function figureSpan(reading: Reading<number>, text: (value: number) => string, of: Graded | null = null): Span {
  const value = valueOf(reading);
  if (value === null) return styled('unknown', SIGNS.unknown);
  const grade = of === null ? 'normal' : gradeOf(of, value);
  const shown = grade === 'normal' ? text(value) : `${SIGNS[grade]} ${text(value)}`;
  if (reading.state === 'stale') return styled('unknown', shown);
  return grade === 'normal' ? plain(shown) : styled(grade, shown);
}

const textSpan = (reading: Reading<string>): Span => {
  const value = valueOf(reading);
  if (value === null) return styled('unknown', SIGNS.unknown);
  return reading.state === 'stale' ? styled('unknown', visible(value)) : plain(visible(value));
};

/** Cells for the health of a member: the age behind what is wrong with it grows, and moves nothing. */
const healthCells = (row: EtcdRow, now: number): number => {
  const { text } = healthSpan({ ...row, healthSince: null }, now);
  return cellWidth(text) + (isWell(row) === true || row.healthSince === null ? 0 : 1 + WIDEST_AGE);
};

/** How a member is, with its sign. */
export function healthSpan(row: EtcdRow, now: number): Span {
  const words = visible(healthWords(row, now));
  if (row.role === 'not-started') return styled('warning', `${SIGNS.warning} ${words}`);
  switch (isWell(row)) {
    case true:
      return plain(words);
    case false:
      return styled('critical', `${SIGNS.critical} ${words}`);
    case null:
      return row.healthFrom.failure?.failure.kind === 'lost'
        ? styled('critical', `${SIGNS.critical} ${words}`)
        : styled('unknown', `${SIGNS.unknown} ${words}`);
  }
}

/** What there is not, as the round trip of a member without peers. */
const NONE = '-';

const shareSpan = (part: Reading<number>, whole: Reading<number>): Span => {
  if (valueOf(part) === null || valueOf(whole) === null) return styled('unknown', SIGNS.unknown);
  const text = percent(valueOf(part), valueOf(whole));
  return part.state === 'stale' ? styled('unknown', text) : plain(text);
};

const ROLES: Readonly<Record<EtcdRow['role'], Span>> = {
  leader: plain('leader'),
  follower: plain('follower'),
  learner: styled('intent', `${SIGNS.intent} learner`),
  'not-started': plain(NONE),
  unknown: styled('unknown', SIGNS.unknown),
};

export type EtcdColumn = {
  readonly title: string;
  /** Narrowest screen that shows the column. */
  readonly from: number;
  readonly align: 'left' | 'right';
  /** Cells: those of a figure stay the same while it ticks; a text takes what it needs, at most this part of the screen. */
  readonly width: { readonly cells: number } | { readonly share: number };
  readonly cell: (row: EtcdRow, now: number) => Span;
  /** Cells of a text where it takes more later than it does now. */
  readonly reserved?: (row: EtcdRow, now: number) => number;
};

const figureColumn = (title: string, from: number, cells: number, cell: EtcdColumn['cell']): EtcdColumn => ({
  title,
  from,
  align: 'right',
  width: { cells },
  cell,
});
const textColumn = (title: string, from: number, share: number, cell: EtcdColumn['cell']): EtcdColumn => ({
  title,
  from,
  align: 'left',
  width: { share },
  cell,
});

/** The columns of the table of members; their figures stand on the page of a member too. */
export const COLUMNS: readonly EtcdColumn[] = [
  textColumn('MEMBER', 0, 0.2, (row) => plain(visible(memberName(row)))),
  textColumn('NODE', 160, 0.12, ({ node }) =>
    node === null ? styled('unknown', SIGNS.unknown) : plain(visible(node)),
  ),
  textColumn('ROLE', 0, 0.12, ({ role }) => ROLES[role]),
  { ...textColumn('HEALTH', 0, 0.22, healthSpan), reserved: healthCells },
  textColumn('VERSION', 120, 0.08, ({ version }) => textSpan(version)),
  figureColumn('PEER RTT', 100, 8, ({ roundTrip }) => figureSpan(roundTrip, latency, 'roundTrip')),
  figureColumn('FSYNC p99', 0, 9, ({ fsyncP99 }) => figureSpan(fsyncP99, latency, 'fsyncP99')),
  figureColumn('COMMIT p99', 0, 10, ({ commitP99 }) => figureSpan(commitP99, latency, 'commitP99')),
  figureColumn('DB SIZE', 0, 7, ({ dbSize }) => figureSpan(dbSize, bytes)),
  figureColumn('IN USE', 100, 6, ({ dbSizeInUse, dbSize }) => shareSpan(dbSizeInUse, dbSize)),
  figureColumn('OF QUOTA', 160, 8, ({ dbSize, quota }) => shareSpan(dbSize, quota)),
  figureColumn('RAFT LAG', 120, 8, ({ lag }) => figureSpan(lag, String)),
  textColumn('ALARMS', 160, 0.1, ({ alarms }) => {
    const kinds = valueOf(alarms);
    if (kinds === null) return styled('unknown', SIGNS.unknown);
    return kinds.length === 0 ? plain('none') : styled('critical', `${SIGNS.critical} ${visible(kinds.join(' '))}`);
  }),
  textColumn('ID', 200, 0.1, ({ id }) => (id === null ? styled('unknown', SIGNS.unknown) : plain(visible(id)))),
];
