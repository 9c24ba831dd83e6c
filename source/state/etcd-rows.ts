import type { Unanswered } from '../model/cluster-event.ts';
import type { EtcdFigures, EtcdHealth, EtcdMembership, EtcdSource } from '../model/etcd/etcd.ts';
import { explained } from '../model/etcd/explained-health.ts';
import { countedBetween, quantile, type Histogram } from '../model/histogram.ts';
import { absent, mapReading, valueOf, type Reading } from '../model/reading.ts';
import { askedReading } from './asked-reading.ts';
import type { Asked, ClusterState, EtcdSample } from './cluster-state.ts';
import type { Seat } from './etcd-seats.ts';
import { historyOf, increase, lately, p99Lately, type Point } from './etcd-series.ts';

/** What a member is; `unknown` while nobody says. A member that was added and never joined is `not-started`. */
export type EtcdRole = 'leader' | 'follower' | 'learner' | 'not-started' | 'unknown';

/** Who told something last and when, and since when they do not. Both null: not asked yet. Times are ms since the epoch. */
export type Learnt = {
  readonly last: { readonly source: EtcdSource; readonly at: number } | null;
  readonly failure: { readonly since: number; readonly failure: Unanswered } | null;
};

/** A member of etcd, or a node that should run one. Figures of a member that does not answer are its last, stale. */
export type EtcdRow = {
  /** The id of a member that is listed, else the node: one of each. */
  readonly key: string;
  readonly id: string | null;
  /** As the cluster lists it, empty until it has joined; the node's name where no list is known. */
  readonly name: string;
  readonly node: string | null;
  readonly clientUrls: readonly string[];
  readonly role: EtcdRole;
  /** False for a node that should run a member and is not in the list; null while there is no list. */
  readonly isListed: boolean | null;
  /** Counts towards the quorum. */
  readonly isVoter: boolean;
  readonly version: Reading<string>;
  readonly health: Reading<EtcdHealth>;
  /** Since when it is as healthy, as unhealthy or as silent as it is now; null where nobody knows. */
  readonly healthSince: number | null;
  /** Seconds, 99th percentile to the slowest peer. */
  readonly roundTrip: Reading<number>;
  /** Seconds, 99th percentile of the last minutes, or since the member started where there is one sample. */
  readonly fsyncP99: Reading<number>;
  readonly commitP99: Reading<number>;
  /** Bytes. */
  readonly dbSize: Reading<number>;
  readonly dbSizeInUse: Reading<number>;
  readonly quota: Reading<number>;
  /** The part of the file that is free inside, 0 to 1. */
  readonly fragmentation: Reading<number>;
  /** Proposals that it has yet to apply of those that the member furthest ahead has committed. */
  readonly lag: Reading<number>;
  /** Kinds, as in NOSPACE. */
  readonly alarms: Reading<readonly string[]>;
  /** What was counted since the first sample of the last hour; `milliseconds` is how much of the hour that is. */
  readonly lastHour: {
    readonly milliseconds: number | null;
    readonly leaderChanges: Reading<number>;
    readonly failedProposals: Reading<number>;
    readonly slowApplies: Reading<number>;
    readonly peerFailures: Reading<number>;
  };
  /** Seconds, 99th percentiles between samples of the last hour, oldest first. */
  readonly history: { readonly fsyncP99: readonly Point[]; readonly commitP99: readonly Point[] };
  /** Where the figures and the health are from. */
  readonly figuresFrom: Learnt;
  readonly healthFrom: Learnt;
};

const NOT_TOLD = 'the member does not tell it';
const NOT_STARTED = absent('the member has not started yet');
const NO_NODE = absent('no node is known that runs this member');
const ONE_SAMPLE = 'told once so far';

/** What is told of figures, with a reason where they do not hold it. */
const told = <T>(
  figures: Reading<EtcdFigures>,
  pick: (figures: EtcdFigures) => T | null,
  why = NOT_TOLD,
): Reading<T> => {
  const value = valueOf(figures);
  const picked = value === null ? null : pick(value);
  if (value !== null && picked === null) return absent(why);
  return mapReading(figures, () => picked as T);
};

/** Who told something last, and since when they do not. */
export const learnt = (
  asked: Asked<'etcdFigures'> | Asked<'etcdHealth'> | Asked<'etcdMembership'> | undefined,
): Learnt => {
  const { answer = null, failure = null } = asked ?? {};
  const source: EtcdSource | null = answer?.value.source ?? null;
  return { last: answer === null || source === null ? null : { source, at: answer.at }, failure };
};

type Told = NonNullable<Asked<'etcdFigures'>['answer']>;
type Joined = { readonly kept: readonly EtcdSample[]; readonly samples: readonly EtcdSample[] };
const joined = new WeakMap<Told, Joined>();

/**
 * The samples with what was told last, which may lie too close to the last of them to be one. The same list for the same
 * answer: whoever makes something of an hour of samples may keep it by the list.
 */
function samplesOf(kept: readonly EtcdSample[], asked: Asked<'etcdFigures'> | undefined): readonly EtcdSample[] {
  const answer = asked?.answer ?? null;
  if (answer === null || kept.at(-1)?.at === answer.at) return kept;
  const before = joined.get(answer);
  if (before?.kept === kept) return before.samples;
  const samples = [...kept, { at: answer.at, figures: answer.value.figures }];
  joined.set(answer, { kept, samples });
  return samples;
}

/** The 99th percentile of the writes of late. */
function timeOf(
  figures: Reading<EtcdFigures>,
  samples: readonly EtcdSample[],
  pick: (figures: EtcdFigures) => Histogram | null,
): Reading<number> {
  const now = valueOf(figures);
  const isTold = now !== null && pick(now) !== null;
  return told(figures, () => p99Lately(samples, pick), isTold ? 'nothing was written of late' : NOT_TOLD);
}

/** The 99th percentile of the round trips of late to the slowest of the peers that are still members. */
function slowestRoundTrip(samples: readonly EtcdSample[], peers: ReadonlySet<string> | null): number | null {
  const last = samples.at(-1);
  if (last === undefined) return null;
  const before = lately(samples)?.roundTrips ?? {};
  const times = Object.entries(last.figures.roundTrips).flatMap(([peer, histogram]) => {
    if (peers?.has(peer) === false) return [];
    const earlier: Histogram | undefined = Object.hasOwn(before, peer) ? before[peer] : undefined;
    const time = quantile(0.99, earlier === undefined ? histogram : countedBetween(earlier, histogram));
    return time === null ? [] : [time];
  });
  return times.length === 0 ? null : Math.max(...times);
}

const whyNoRoundTrip = (figures: EtcdFigures | null): string =>
  figures !== null && Object.keys(figures.roundTrips).length === 0
    ? 'the member tells of no peer'
    : 'no peer answered it of late';

function lastHourOf(figures: Reading<EtcdFigures>, samples: readonly EtcdSample[]): EtcdRow['lastHour'] {
  const [first, last] = [samples[0], samples.at(-1)];
  const counted = (pick: (figures: EtcdFigures) => number | null): Reading<number> => {
    const now = told(figures, pick);
    return valueOf(now) === null ? now : told(figures, () => increase(samples, pick), ONE_SAMPLE);
  };
  return {
    milliseconds: first === undefined || last === undefined || first === last ? null : last.at - first.at,
    leaderChanges: counted(({ leaderChanges }) => leaderChanges),
    failedProposals: counted(({ failedProposals }) => failedProposals),
    slowApplies: counted(({ slowApplies }) => slowApplies),
    peerFailures: counted(({ peerFailures }) => peerFailures),
  };
}

const freePart = ({ dbSize, dbSizeInUse }: EtcdFigures): number | null =>
  dbSize === null || dbSizeInUse === null || dbSize <= 0 ? null : Math.max(0, 1 - dbSizeInUse / dbSize);

/** All of a row that its member tells alone: role, lag and alarms need the others. */
export type OwnRow = Omit<EtcdRow, 'role' | 'lag' | 'alarms'> & {
  readonly figures: Reading<EtcdFigures>;
  readonly samples: readonly EtcdSample[];
  readonly isStarted: boolean;
  /** Since when it was seen to be as healthy or as silent as it is, which it may have been for longer; null as there. */
  readonly seenSince: number | null;
};

type Sight = Pick<ClusterState, 'asked' | 'etcdSamples'>;

/** Whether a seat counts towards the quorum: of members those that are no learners, of nodes those that seem to run one. */
function isVoter({ member, node, runsEtcd }: Seat, list: EtcdMembership | null, figures: EtcdFigures | null): boolean {
  if (member !== null) return !member.isLearner;
  return list === null && node !== null && figures?.isLearner !== true && (figures !== null || runsEtcd !== false);
}

/** An alarm is the reason of a member that gives none and has a leader; one without a leader has a worse one. */
const withReason = (health: EtcdHealth, figures: EtcdFigures | null, list: EtcdMembership | null): EtcdHealth =>
  list !== null && figures?.hasLeader === true ? explained(health, list.alarms) : health;

/** A time, ms since the epoch, and how old an answer is at most that stands for it, ms. */
export type Moment = { readonly now: number; readonly fresh: number };

/** What the member of a seat tells of itself, from its last answers and the samples before them. */
export function ownRow(
  { asked, etcdSamples }: Sight,
  seat: Seat,
  list: EtcdMembership | null,
  { now, fresh }: Moment,
): OwnRow {
  const { member, node } = seat;
  const askedFigures = node === null ? undefined : asked.etcdFigures.get(node);
  const askedHealth = node === null ? undefined : asked.etcdHealth.get(node);
  const figuresFrom = learnt(askedFigures);
  const isStarted = member?.name !== '' || figuresFrom.last !== null;
  const unknown = !isStarted ? NOT_STARTED : node === null ? NO_NODE : null;
  const figures =
    unknown ?? mapReading(askedReading(askedFigures, now, fresh), ({ figures }) => figures satisfies EtcdFigures);
  const kept = node === null ? [] : (etcdSamples.get(node) ?? []);
  const samples = samplesOf(kept, askedFigures);
  const id = member?.id ?? valueOf(figures)?.id ?? null;
  const peers = list === null ? null : new Set(list.members.map(({ id }) => id));
  const { answer = null, failure = null } = askedHealth ?? {};
  const seenSince =
    unknown !== null || failure?.failure.kind === 'denied' ? null : (failure?.since ?? answer?.since ?? null);
  // One that never answered may have been silent for long.
  const sawBegin = answer !== null && (failure !== null || answer.sawBegin);
  return {
    key: member?.id ?? node ?? '',
    id,
    name: member?.name ?? node ?? '',
    node,
    clientUrls: member?.clientUrls ?? [],
    isListed: list === null ? null : member !== null,
    isVoter: isVoter(seat, list, valueOf(figures)),
    isStarted,
    version: told(figures, ({ version }) => version),
    health:
      unknown ??
      mapReading(askedReading(askedHealth, now, fresh), ({ health }) => withReason(health, valueOf(figures), list)),
    healthSince: sawBegin ? seenSince : null,
    seenSince,
    roundTrip: told(figures, () => slowestRoundTrip(samples, peers), whyNoRoundTrip(valueOf(figures))),
    fsyncP99: timeOf(figures, samples, ({ fsync }) => fsync),
    commitP99: timeOf(figures, samples, ({ commit }) => commit),
    dbSize: told(figures, ({ dbSize }) => dbSize),
    dbSizeInUse: told(figures, ({ dbSizeInUse }) => dbSizeInUse),
    quota: told(figures, ({ quota }) => quota),
    fragmentation: told(figures, freePart),
    lastHour: lastHourOf(figures, samples),
    history: historyOf(kept),
    figuresFrom,
    healthFrom: learnt(askedHealth),
    figures,
    samples,
  };
}
