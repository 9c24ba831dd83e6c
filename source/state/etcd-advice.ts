import { valueOf, type Reading } from '../model/reading.ts';
import { bytes, percent } from '../text/amounts.ts';
import { latency } from '../text/latency.ts';
import { list, plural } from '../text/words.ts';
import { gradeOf, WANTED } from './etcd-grades.ts';
import { fullestOf, leftWords } from './etcd-summaries.ts';
import { healthWords, isWell, memberName } from './etcd-words.ts';
import type { EtcdPicture } from './etcd.ts';
import type { EtcdRow } from './etcd-rows.ts';

/** What an operator can do here about something. */
export type EtcdAction = 'defragment' | 'disarm' | 'move-leader';

/** Something to be done, as a sentence that names its cause; with the operation of the console that does it. */
export type Advice = {
  readonly severity: 'critical' | 'warning' | 'note';
  readonly sentence: string;
  readonly action: EtcdAction | null;
};

/** Where more of a file than this is free inside, and at least so many bytes, it is worth giving back. */
const WORTH_DEFRAGMENTING = { part: 0.45, bytes: 64 * 2 ** 20 };
const DAY = 86_400_000;
/** Days before a full quota in which it is said. */
const FULL_SOON = 30;

type Rule = (picture: EtcdPicture, now: number) => readonly Advice[];

const advice = (severity: Advice['severity'], sentence: string, action: EtcdAction | null = null): Advice => ({
  severity,
  sentence,
  action,
});

const names = (rows: readonly EtcdRow[]): string => list(rows.map(memberName), 5);

/** Whether what a member says against itself is its alarm, of which something else is to be said. */
const isAlarmed = ({ health, alarms }: EtcdRow): boolean =>
  health.state === 'known' && !health.value.healthy && valueOf(alarms)?.length !== 0;

/** Whether a voter that is to answer does not, or says that it is not well. */
const isLost = (row: EtcdRow): boolean =>
  row.isVoter &&
  row.role !== 'not-started' &&
  (row.healthFrom.failure?.failure.kind === 'lost' || (isWell(row) === false && !isAlarmed(row)));

/** Without a majority nothing else helps. */
const lostQuorum: Rule = ({ members, quorum }) => {
  const lost = members.filter(isLost);
  if (lost.length === 0 || valueOf(quorum)?.isKept !== false) return [];
  const silent = lost.filter(({ healthFrom }) => healthFrom.failure !== null);
  return [
    advice(
      'critical',
      `Bring back ${names(silent.length === 0 ? lost : silent)}: the machine, its kubelet, the disk under /var/lib/etcd. While a majority is gone for good, only a restore from a backup helps.`,
    ),
  ];
};

/** A member that is lost is as urgent as what is left without it. */
const lostMembers: Rule = ({ members, quorum }, now) => {
  const { isKept = true, canLose = 1 } = valueOf(quorum) ?? {};
  if (!isKept) return [];
  return members
    .filter(isLost)
    .map((row) =>
      advice(
        canLose === 0 ? 'critical' : 'warning',
        `${memberName(row)} is not well (${healthWords(row, now)}): look at its machine, its kubelet and its disk before anything that could cost another member.`,
      ),
    );
};

const WORDS_OF_ALARMS: Readonly<Record<string, (who: string) => Advice>> = {
  NOSPACE: (who) =>
    advice(
      'critical',
      `etcd is full and takes no more changes (alarm NOSPACE of ${who}): compact it, defragment each member, then disarm.`,
      'disarm',
    ),
  CORRUPT: (who) =>
    advice(
      'critical',
      `The data of ${who} differ from those of the others (alarm CORRUPT): take that member out and let it join anew.`,
    ),
};

function alarms({ alarms, members }: EtcdPicture): readonly Advice[] {
  const kinds = new Map<string, string[]>();
  for (const { member, kind } of valueOf(alarms) ?? []) {
    const row = members.find(({ key }) => key === member);
    kinds.set(kind, [...(kinds.get(kind) ?? []), row === undefined ? 'a member' : memberName(row)]);
  }
  return [...kinds].map(([kind, of]) => {
    const who = list([...new Set(of)], 5);
    const words = Object.hasOwn(WORDS_OF_ALARMS, kind) ? WORDS_OF_ALARMS[kind] : undefined;
    return words?.(who) ?? advice('critical', `${who} raised the alarm ${kind}, which this console does not know.`);
  });
}

const noLeader: Rule = ({ leader, quorum }) =>
  leader.state === 'known' && leader.value === null && valueOf(quorum)?.isKept === true
    ? [
        advice(
          'critical',
          'The members have no leader: until they agree on one, nothing can be changed in the cluster.',
        ),
      ]
    : [];

const notStarted: Rule = ({ members }) =>
  members
    .filter(({ role }) => role === 'not-started')
    .map((row) =>
      advice(
        'warning',
        `${memberName(row)} was added and never joined, and counts towards the quorum: start it, or take it out again.`,
      ),
    );

function slowDisks({ members, leader }: EtcdPicture): readonly Advice[] {
  const above = (reading: Reading<number>, wanted: number): boolean =>
    reading.state === 'known' && reading.value > wanted;
  return members.flatMap((row) => {
    const figures = [
      above(row.fsyncP99, WANTED.fsyncP99) ? `fsync ${latency(valueOf(row.fsyncP99) ?? NaN)}` : '',
      above(row.commitP99, WANTED.commitP99) ? `commit ${latency(valueOf(row.commitP99) ?? NaN)}` : '',
    ].filter((figure) => figure !== '');
    if (figures.length === 0) return [];
    const leads = valueOf(leader) === row.key;
    return [
      advice(
        'warning',
        `The disk of ${memberName(row)} is slow (${list(figures)}; etcd wants ${latency(WANTED.fsyncP99)} and ${latency(WANTED.commitP99)}): ` +
          `find what else writes to it${leads ? '; it leads, so every change waits for it' : ''}.`,
        leads ? 'move-leader' : null,
      ),
    ];
  });
}

/** A quota that is nearly taken, as long as no alarm says it better. */
const nearlyFull: Rule = (picture) => {
  const fullest = fullestOf(picture);
  if (fullest === null || valueOf(picture.alarms)?.some(({ kind }) => kind === 'NOSPACE') === true) return [];
  const { row, size, quota } = fullest;
  const grade = gradeOf('quotaUsed', size / quota);
  if (grade === 'normal') return [];
  const freed = worthDefragmenting(row);
  return [
    advice(
      grade,
      `${memberName(row)} has ${percent(size, quota)} of its quota taken, ${leftWords(size, quota)}; when it is full, nothing can be changed in the cluster: find what writes so much` +
        (freed === null ? '.' : `; defragmenting gives back ${bytes(freed, { round: 'down' })}.`),
      freed === null ? null : 'defragment',
    ),
  ];
};

const fullSoon: Rule = (picture, now) => {
  const { growth, members } = picture;
  if (growth.state !== 'known' || nearlyFull(picture, now).length > 0) return [];
  const { member, fullAt } = growth.value;
  if (fullAt === null || fullAt - now > FULL_SOON * DAY) return [];
  const row = members.find(({ key }) => key === member);
  const days = Math.max(Math.floor((fullAt - now) / DAY), 0);
  return [
    advice(
      'warning',
      `At this growth ${row === undefined ? 'etcd' : memberName(row)} is full ${days === 0 ? 'within a day' : `in ${plural(days, 'day')}`}: find what writes so much; what was deleted comes back by defragmenting.`,
      'defragment',
    ),
  ];
};

/** Bytes that a defragmentation of the member would give back, where that is worth it. */
export function worthDefragmenting({ fragmentation, dbSize, dbSizeInUse }: EtcdRow): number | null {
  const [part, size, used] = [valueOf(fragmentation), valueOf(dbSize), valueOf(dbSizeInUse)];
  if (part === null || size === null || used === null || part < WORTH_DEFRAGMENTING.part) return null;
  return size - used < WORTH_DEFRAGMENTING.bytes ? null : size - used;
}

function fragmented({ members }: EtcdPicture): readonly Advice[] {
  const worth = members.flatMap((row) => {
    const freed = worthDefragmenting(row);
    return freed === null ? [] : [{ row, freed }];
  });
  if (worth.length === 0) return [];
  const told = worth.map(({ row, freed }) => `${bytes(freed, { round: 'down' })} of ${memberName(row)}`);
  return [
    advice(
      'note',
      `Defragmenting gives back ${list(told, 5)}; each member answers nobody while it is defragmented.`,
      'defragment',
    ),
  ];
}

const evenVoters: Rule = ({ quorum }) => {
  const voters = valueOf(quorum)?.voters ?? 1;
  return voters % 2 === 1
    ? []
    : [
        advice(
          'note',
          `${voters} members bear no more losses than ${voters - 1} would, and wait for one more: have an odd number.`,
        ),
      ];
};

const RULES: readonly Rule[] = [
  lostQuorum,
  noLeader,
  alarms,
  lostMembers,
  nearlyFull,
  notStarted,
  slowDisks,
  fullSoon,
  fragmented,
  evenVoters,
];
const SEVERITIES: readonly Advice['severity'][] = ['critical', 'warning', 'note'];

/** What to do, the worst first. Names and reasons in it are hostile text. */
export function adviceOf(picture: EtcdPicture, now: number): readonly Advice[] {
  const all = RULES.flatMap((rule) => rule(picture, now));
  return SEVERITIES.flatMap((severity) => all.filter((one) => one.severity === severity));
}
