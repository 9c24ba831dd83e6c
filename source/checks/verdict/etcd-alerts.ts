import type { EtcdFigures } from '../../model/etcd/etcd.ts';
import { countedBetween, quantile } from '../../model/histogram.ts';
import type { EtcdSample } from '../../state/cluster-state.ts';
import { memberName } from '../../state/etcd-words.ts';
import type { EtcdRow, Point } from '../../state/etcd.ts';
import type { Finding } from './judged.ts';
import { sinceWords } from './since.ts';
import type { Verdict } from './verdict.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Over which time etcd's counters are looked at by the rules about them. */
const COUNTED_OVER = 15 * MINUTE;

/** What a member told in the last hour, oldest first. */
type Told = { readonly row: EtcdRow; readonly samples: readonly EtcdSample[] };

/** An alert of the product about one member: it fires where a figure is beyond its limit for a time. */
type Alert = {
  readonly name: string;
  readonly severity: Exclude<Verdict, 'healthy' | 'unknown'>;
  /** ms for which it has to hold. */
  readonly holds: number;
  readonly series: (told: Told) => readonly Point[];
  readonly isBeyond: (value: number) => boolean;
  readonly words: (value: number) => string;
};

/** What was measured between samples; where there is one alone, what the member measured since it started. */
const measured =
  (of: 'fsyncP99' | 'commitP99') =>
  ({ row: { history, figuresFrom, [of]: reading } }: Told): readonly Point[] =>
    history[of].length > 0 || figuresFrom.last === null || reading.state !== 'known'
      ? history[of]
      : [{ at: figuresFrom.last.at, value: reading.value }];

const milliseconds = (seconds: number): string => `${Math.round(seconds * 1_000)} ms`;

/** What a counter rose by over the time that is looked at, at each sample; a counter that fell began anew with its member. */
const rises =
  (counter: (figures: EtcdFigures) => number | null, by: (rise: number, time: number) => number) =>
  ({ samples }: Told): readonly Point[] =>
    samples.map(({ at, figures }, index) => {
      const first = samples.find((sample) => at - sample.at <= COUNTED_OVER);
      const [before, after] = [first === undefined ? null : counter(first.figures), counter(figures)];
      if (first === undefined || index === 0 || before === null || after === null) return { at, value: null };
      return { at, value: by(after < before ? after : after - before, at - first.at) };
    });

const quotaShare = ({ samples }: Told): readonly Point[] =>
  samples.map(({ at, figures: { dbSize, quota } }) => ({
    at,
    value: dbSize === null || quota === null || quota <= 0 ? null : dbSize / quota,
  }));

const leaderless = ({ samples }: Told): readonly Point[] =>
  samples.map(({ at, figures: { hasLeader } }) => ({ at, value: hasLeader === null ? null : Number(!hasLeader) }));

/** The 99th percentile of the round trips to the slowest peer, between one sample and the next. */
const roundTrips = ({ samples }: Told): readonly Point[] =>
  samples.map(({ at, figures }, index) => {
    const before = samples[index - 1]?.figures.roundTrips ?? {};
    const times = Object.entries(figures.roundTrips).flatMap(([peer, histogram]) => {
      const earlier = Object.hasOwn(before, peer) ? before[peer] : undefined;
      return earlier === undefined ? [] : (quantile(0.99, countedBetween(earlier, histogram)) ?? []);
    });
    return { at, value: times.length === 0 ? null : Math.max(...times) };
  });

const over =
  (limit: number) =>
  (value: number): boolean =>
    value > limit;

/** MetalK8s: the alerts of the group `etcd` that are about one member and its own figures, as they are. */
export const ALERTS: readonly Alert[] = [
  {
    name: 'etcdNoLeader',
    severity: 'at-risk',
    holds: MINUTE,
    series: leaderless,
    isBeyond: over(0),
    words: () => 'sees no leader',
  },
  {
    name: 'etcdDatabaseQuotaLowSpace',
    severity: 'at-risk',
    holds: 10 * MINUTE,
    series: quotaShare,
    isBeyond: over(0.95),
    words: (value) => `has ${Math.floor(value * 100)}% of its quota taken`,
  },
  {
    name: 'etcdHighFsyncDurations',
    severity: 'at-risk',
    holds: 10 * MINUTE,
    series: measured('fsyncP99'),
    isBeyond: over(1),
    words: (value) => `needs ${milliseconds(value)} for an fsync (p99)`,
  },
  {
    name: 'etcdHighFsyncDurations',
    severity: 'degraded',
    holds: 10 * MINUTE,
    series: measured('fsyncP99'),
    isBeyond: over(0.5),
    words: (value) => `needs ${milliseconds(value)} for an fsync (p99)`,
  },
  {
    name: 'etcdHighCommitDurations',
    severity: 'degraded',
    holds: 30 * MINUTE,
    series: measured('commitP99'),
    isBeyond: over(0.25),
    words: (value) => `needs ${milliseconds(value)} for a commit (p99)`,
  },
  {
    name: 'etcdMemberCommunicationSlow',
    severity: 'degraded',
    holds: 10 * MINUTE,
    series: roundTrips,
    isBeyond: over(0.15),
    words: (value) => `needs ${milliseconds(value)} to a peer and back (p99)`,
  },
  {
    name: 'etcdHighNumberOfLeaderChanges',
    severity: 'degraded',
    holds: 5 * MINUTE,
    series: rises(
      ({ leaderChanges }) => leaderChanges,
      (rise) => rise,
    ),
    isBeyond: (changes) => changes >= 4,
    words: (value) => `saw the leader change ${Math.round(value)} times in 15m`,
  },
  {
    name: 'etcdHighNumberOfFailedProposals',
    severity: 'degraded',
    holds: 15 * MINUTE,
    series: rises(
      ({ failedProposals }) => failedProposals,
      (rise, time) => rise / (time / SECOND),
    ),
    isBeyond: over(5),
    words: (value) => `fails ${Math.round(value)} proposals a second`,
  },
];

/** Since when a figure is beyond its limit without a break, and how far it is now; null where it is not, or not told. */
function beyond(points: readonly Point[], isBeyond: Alert['isBeyond']): { since: number; value: number } | null {
  const last = points.at(-1);
  if (last === undefined || last.value === null) return null;
  const within = points.findLastIndex(({ value }) => value === null || !isBeyond(value));
  const first = points[within + 1];
  return first === undefined ? null : { since: first.at, value: last.value };
}

/** How bad an alert is before its time is over: a critical one is worth a look, a warning may yet pass. */
const PENDING: Readonly<Record<Alert['severity'], Verdict>> = { 'at-risk': 'degraded', degraded: 'healthy' };

function findingOf({ severity, holds, series, isBeyond, words }: Alert, told: Told, now: number): Finding | null {
  const found = beyond(series(told), isBeyond);
  if (found === null) return null;
  return {
    severity: now - found.since >= holds ? severity : PENDING[severity],
    sentence: `${memberName(told.row)} ${words(found.value)}${sinceWords(found.since, now)}`,
    since: found.since,
    next: { screen: 'etcd', object: told.row.key },
  };
}

/** What the alerts say of a member, by the console's own samples of it; of the alerts of one name the worst alone. */
export function alertFindings(row: EtcdRow, samples: readonly EtcdSample[], now: number): readonly Finding[] {
  const told: Told = { row, samples };
  const firing = new Map<string, Finding>();
  for (const alert of ALERTS) {
    const finding = firing.has(alert.name) ? null : findingOf(alert, told, now);
    if (finding !== null) firing.set(alert.name, finding);
  }
  return [...firing.values()];
}
