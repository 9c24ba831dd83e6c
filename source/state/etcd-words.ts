import type { EtcdSource } from '../model/etcd/etcd.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { AGE_STEP, steadyAge } from '../text/age.ts';
import { bytes, percent } from '../text/amounts.ts';
import { latency } from '../text/latency.ts';
import { list, plural } from '../text/words.ts';
import { gradeOf, WANTED } from './etcd-grades.ts';
import type { EtcdPicture, EtcdRow, Learnt } from './etcd.ts';

/** What a member is called: its name, and before it has one what is known of it instead. Hostile text. */
export const memberName = ({ name, node, key }: Pick<EtcdRow, 'name' | 'node' | 'key'>): string =>
  name === '' ? (node ?? key) : name;

/** Whether a member answers and says that it is well; null where nobody knows. */
export const isWell = ({ health }: Pick<EtcdRow, 'health'>): boolean | null =>
  health.state === 'known' ? health.value.healthy : null;

/** How a member is, in a word or two, and since when where that is not well. */
export function healthWords(row: EtcdRow, now: number): string {
  const { role, isListed, health, healthSince, healthFrom } = row;
  const since = healthSince === null || now - healthSince < AGE_STEP ? '' : ` ${steadyAge(healthSince, now)}`;
  if (role === 'not-started') return `not started${since}`;
  if (isListed === false) return 'no member here';
  if (health.state === 'known')
    return health.value.healthy ? 'ok' : `${health.value.reason === '' ? 'unhealthy' : health.value.reason}${since}`;
  return healthFrom.failure === null ? 'not asked yet' : `no answer${since}`;
}

/** What the members can bear, in pieces: how many are well, the quorum, how many more may fail. */
export function quorumPieces({ quorum }: EtcdPicture): readonly string[] {
  const value = valueOf(quorum);
  if (value === null) return [`quorum not known: ${whyNot(quorum) ?? ''}`];
  const { voters, needed, healthy, canLose, isKept, counted } = value;
  const by = counted === 'members' ? '' : ' by their pods';
  return [
    `${healthy} of ${plural(voters, 'member')}${by}`,
    `quorum ${needed}`,
    isKept ? `CAN LOSE ${canLose}` : 'NO QUORUM',
  ];
}

/** What the next loss would mean, or what the last one did, in a sentence. */
export function outlookWords({ quorum, alarms }: EtcdPicture): string {
  const value = valueOf(quorum);
  if (value === null) return 'Whether another member may fail is not known: do nothing that could cost one.';
  const { voters, needed, healthy, canLose, isKept } = value;
  if (!isKept)
    return (
      `Nothing can be changed in the cluster: ${healthy} of ${plural(voters, 'member')} ${healthy === 1 ? 'is' : 'are'} well, ` +
      `${needed} are needed. What runs goes on; nothing new starts, and nothing that fails is replaced.`
    );
  if (valueOf(alarms)?.some(({ kind }) => kind === 'NOSPACE') === true)
    return 'etcd is full: nothing can be changed in the cluster until it has room and the alarm is disarmed.';
  if (voters === 1) return 'There is one member: when it fails, nothing can be changed in the cluster.';
  if (canLose === 0)
    return 'Every member that is left is needed: when one more fails, nothing can be changed in the cluster.';
  const more = canLose === 1 ? 'One more member may fail' : `${canLose} more members may fail`;
  return `${more}; if ${canLose + 1} do, nothing can be changed in the cluster.`;
}

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

function lostMembers({ members, quorum }: EtcdPicture, now: number): readonly Advice[] {
  const lost = members.filter(isLost);
  if (lost.length === 0) return [];
  if (valueOf(quorum)?.isKept !== false)
    return lost.map((row) =>
      advice(
        'warning',
        `${memberName(row)} is not well (${healthWords(row, now)}): look at its machine, its kubelet and its disk before anything that could cost another member.`,
      ),
    );
  const silent = lost.filter(({ healthFrom }) => healthFrom.failure !== null);
  return [
    advice(
      'critical',
      `Bring back ${names(silent.length === 0 ? lost : silent)}: the machine, its kubelet, the disk under /var/lib/etcd. While a majority is gone for good, only a restore from a backup helps.`,
    ),
  ];
}

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

/** What is left of a quota, in words. */
export const leftWords = (size: number, quota: number): string =>
  size < quota ? `${bytes(quota - size, { round: 'down' })} left` : 'nothing left';

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
  lostMembers,
  noLeader,
  alarms,
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

const BY: Readonly<Record<EtcdSource, string>> = {
  'pod proxy': 'by the pod proxy',
  etcdctl: 'by etcdctl',
  directly: 'directly',
};

/** A source with its age, as in "by the pod proxy 5s ago", and since when it does not answer; why, `failuresOf` says. */
export function learntWords({ last, failure }: Learnt, now: number): string {
  const told = last === null ? 'not told yet' : `${BY[last.source]} ${steadyAge(last.at, now)} ago`;
  return failure === null ? told : `${told}, no answer for ${steadyAge(failure.since, now)}`;
}

/** Why some of the sources do not answer: each reason once, with all members of which it is true. Hostile text. */
export function failuresOf({ members, membershipFrom }: EtcdPicture): readonly string[] {
  const told = new Map<string, { readonly sentence: string; readonly also: Set<string> }>();
  const tell = ({ failure }: Learnt, node: string | null, name: string) => {
    if (failure === null) return;
    const { why } = failure.failure;
    const reason = node === null ? why : why.replaceAll(node, NAMED);
    const before = told.get(reason);
    if (before === undefined) told.set(reason, { sentence: why, also: new Set() });
    else if (before.sentence !== why) before.also.add(name);
  };
  tell(membershipFrom, null, '');
  for (const row of members)
    for (const learnt of [row.healthFrom, row.figuresFrom]) tell(learnt, row.node, memberName(row));
  return Array.from(told.values(), ({ sentence, also }) =>
    also.size === 0 ? sentence : `${sentence.replace(/\.$/, '')}; so it is with ${list([...also], 5)}.`,
  );
}

/** Stands for the node of a member in what is the same for several. */
const NAMED = '\u0000';

/** What the members counted over the last hour; each figure is null where no member tells it. */
export type LastHour = {
  /** Of which the counts are, ms, at most an hour: the longest that a member was seen. */
  readonly milliseconds: number | null;
  readonly counts: readonly { readonly title: string; readonly count: number | null; readonly most: EtcdRow | null }[];
};

type Counter = Exclude<keyof EtcdRow['lastHour'], 'milliseconds'>;

/** Every member sees the same change of leaders; what the others count is each member's own. */
const COUNTERS: readonly { readonly counter: Counter; readonly title: string; readonly sum: 'largest' | 'all' }[] = [
  { counter: 'leaderChanges', title: 'leader changes', sum: 'largest' },
  { counter: 'failedProposals', title: 'failed proposals', sum: 'all' },
  { counter: 'slowApplies', title: 'slow applies', sum: 'all' },
  { counter: 'peerFailures', title: 'peer failures', sum: 'all' },
];

export function lastHourOf({ members }: EtcdPicture): LastHour {
  const spans = members.flatMap(({ lastHour: { milliseconds } }) => (milliseconds === null ? [] : [milliseconds]));
  return {
    milliseconds: spans.length === 0 ? null : Math.max(...spans),
    counts: COUNTERS.map(({ counter, title, sum }) => {
      const told = members.flatMap((row) => {
        const count = valueOf(row.lastHour[counter]);
        return count === null ? [] : [{ row, count }];
      });
      if (told.length === 0) return { title, count: null, most: null };
      const counts = told.map(({ count }) => count);
      const most = told.reduce((largest, one) => (one.count > largest.count ? one : largest));
      return {
        title,
        count: sum === 'largest' ? Math.max(...counts) : counts.reduce((all, one) => all + one, 0),
        most: sum === 'all' && most.count > 0 ? most.row : null,
      };
    }),
  };
}

/** The member whose file fills most of its quota, with both; null where no member tells them. */
export function fullestOf({ members }: EtcdPicture): { row: EtcdRow; size: number; quota: number } | null {
  const told = members.flatMap((row) => {
    const [size, quota] = [valueOf(row.dbSize), valueOf(row.quota)];
    return size === null || quota === null || quota <= 0 ? [] : [{ row, size, quota }];
  });
  return told.toSorted((one, other) => other.size / other.quota - one.size / one.quota)[0] ?? null;
}

/** The member of whose file the largest part is free inside, with that part and its bytes; null where no member tells it. */
export function mostFragmented({ members }: EtcdPicture): { row: EtcdRow; part: number; free: number } | null {
  const told = members.flatMap((row) => {
    const [part, size, used] = [valueOf(row.fragmentation), valueOf(row.dbSize), valueOf(row.dbSizeInUse)];
    return part === null || size === null || used === null ? [] : [{ row, part, free: Math.max(size - used, 0) }];
  });
  return told.toSorted((one, other) => other.part - one.part)[0] ?? null;
}

/** How fast etcd grows and when it is full, as a clause. */
export function growthWords({ growth }: EtcdPicture, now: number): string {
  const value = valueOf(growth);
  if (value === null) return `growth not known: ${whyNot(growth) ?? ''}`;
  const { bytesPerDay, fullAt } = value;
  if (fullAt === null) return 'it does not grow';
  const days = Math.floor((fullAt - now) / DAY);
  const when = days < 1 ? 'within a day' : days > 3_650 ? 'in more than ten years' : `in ${plural(days, 'day')}`;
  return `at this growth, ${bytes(bytesPerDay)} a day, full ${when}`;
}
