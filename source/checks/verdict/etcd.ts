import { takesPart } from '../../model/etcd/quorum.ts';
import { valueOf, whyNot } from '../../model/reading.ts';
import { ETCD_ALERTS, type SampledFigure } from '../../product/etcd.ts';
import { memberName } from '../../state/etcd-words.ts';
import type { EtcdPicture } from '../../state/etcd.ts';
import type { EtcdQuorum } from '../../state/etcd-quorum.ts';
import type { EtcdRow } from '../../state/etcd-rows.ts';
import { list, plural } from '../../text/words.ts';
import { alertFindings, severityOf } from './etcd-alerts.ts';
import { judged, worstOf, type Finding } from './judged.ts';
import { sinceWords } from './since.ts';
import type { Judge, Sight } from './sight.ts';
import type { Reason, Verdict } from './verdict.ts';

/** Fewer voters than this stand no loss, however healthy they are. */
const FEWEST_VOTERS = 3;

/** What an alarm means for the cluster, by its kind (etcd: "Maintenance", space quota and corruption check). */
const ALARM_WORDS: ReadonlyMap<string, (who: string) => string> = new Map([
  ['NOSPACE', (who) => `full, nothing can be changed (alarm NOSPACE of ${who})`],
  ['CORRUPT', (who) => `data differ between members (alarm CORRUPT of ${who})`],
]);

/** Members that are named of an alarm, which mostly all of them have. */
const MOST_NAMED = 3;

const at = (object: string | null): Reason['next'] => ({ screen: 'etcd', object });

/** How bad it is that a voter is lost: by what is left without it. */
const severityOfLoss = ({ isKept, canLose }: EtcdQuorum): Verdict => (isKept && canLose > 0 ? 'degraded' : 'at-risk');

/** How bad the alert of the product is about a member that was down for so long. */
const severityOfSilence = (since: number | null, now: number): Verdict =>
  worstOf(
    ETCD_ALERTS.filter(({ figure }) => figure === 'silence').map((alert) => severityOf(alert, now - (since ?? now))),
  );

/** What is said of how many vote, while all is well: how many of them may fail is a matter of their number. */
function numberFindings({ voters, healthy, canLose, isKept }: EtcdQuorum): readonly Finding[] {
  if (!isKept || healthy < voters) return [];
  if (voters === 1)
    return [{ severity: 'healthy', sentence: 'a single member: the cluster stops with it', next: at(null) }];
  if (canLose === 0 && voters < FEWEST_VOTERS)
    return [
      { severity: 'degraded', sentence: `${voters} members stand no loss, ${FEWEST_VOTERS} would`, next: at(null) },
    ];
  return voters % 2 === 1
    ? []
    : [{ severity: 'healthy', sentence: `${voters} members stand no more losses than ${voters - 1}`, next: at(null) }];
}

/** What is wrong with a member in words of one, and of several for whom the same holds. */
type Wrong = { readonly severity: Verdict; readonly words: string; readonly many: string };

/** What is wrong with how a member is, by its own health and the list of members. */
function wrongWith(row: EtcdRow, lost: Verdict, now: number): Wrong | null {
  const { role, isListed, health, healthFrom, alarms } = row;
  if (isListed === false)
    return {
      severity: 'degraded',
      words: 'should run a member that is not in the list',
      many: 'should run members that are not in the list',
    };
  if (role === 'not-started')
    return { severity: lost, words: 'was added and has not joined', many: 'were added and have not joined' };
  const failure = healthFrom.failure?.failure ?? null;
  if (failure?.kind === 'lost')
    return {
      severity: worstOf([lost, severityOfSilence(healthFrom.failure?.since ?? null, now)]),
      words: 'does not answer',
      many: 'do not answer',
    };
  const unknown = (why: string): Wrong => ({
    severity: 'unknown',
    words: `is not known: ${why}`,
    many: `are not known: ${why}`,
  });
  if (failure !== null) return unknown(failure.why.replace(/\.$/, ''));
  const value = valueOf(health);
  if (value === null) return unknown(whyNot(health) ?? 'nobody tells');
  if (value.healthy) return null;
  const because = value.reason === '' ? '' : ` (${value.reason})`;
  if (!takesPart(value))
    return { severity: lost, words: `is not healthy${because}`, many: `are not healthy${because}` };
  // It raised an alarm, and says so in its health as well: the list of alarms says it better, where there is one.
  return (valueOf(alarms) ?? []).length > 0
    ? null
    : { severity: 'at-risk', words: `raised an alarm${because}`, many: `raised an alarm${because}` };
}

function memberFindings(row: EtcdRow, quorum: EtcdQuorum, now: number): readonly Finding[] {
  const wrong = wrongWith(row, row.isVoter ? severityOfLoss(quorum) : 'degraded', now);
  const since = row.healthSince;
  const when = sinceWords(since, now);
  if (wrong === null) return learnerFindings(row);
  return [
    {
      severity: wrong.severity,
      sentence: `${memberName(row)} ${wrong.words}${when}`,
      alike: { who: memberName(row), words: `${wrong.many}${when}` },
      since,
      next: at(row.key),
    },
  ];
}

/** Members that are gone before those that are unwell because of that. */
const goneFirst = (members: readonly EtcdRow[]): readonly EtcdRow[] => {
  const isGone = ({ healthFrom }: EtcdRow) => healthFrom.failure?.failure.kind === 'lost';
  return [...members.filter(isGone), ...members.filter((row) => !isGone(row))];
};

const learnerFindings = (row: EtcdRow): readonly Finding[] =>
  row.role === 'learner'
    ? [{ severity: 'healthy', sentence: `${memberName(row)} has no vote until it is promoted`, next: at(row.key) }]
    : [];

const headlineOf = ({ healthy, voters, isKept, canLose }: EtcdQuorum): string =>
  `etcd ${healthy} of ${voters}, ${isKept ? `can lose ${canLose}` : 'no quorum'}`;

/** The alarms, one finding for each kind, with who raised it. */
function alarmFindings({ alarms, members }: EtcdPicture): readonly Finding[] {
  const names = new Map(members.map((row) => [row.key, memberName(row)]));
  const kinds = Map.groupBy(valueOf(alarms) ?? [], ({ kind }) => kind);
  return Array.from(kinds, ([kind, raised]) => {
    const who = list(
      raised.map(({ member }) => names.get(member ?? '') ?? 'a member'),
      MOST_NAMED,
    );
    const words = ALARM_WORDS.get(kind)?.(who) ?? `alarm ${kind} of ${who}`;
    return { severity: 'at-risk', sentence: words, next: at(raised[0]?.member ?? null) };
  });
}

/** What the alerts would say again of what is known to be worse: a full database, a lost quorum, members that are down. */
function saidAlready({ alarms, members }: EtcdPicture, quorum: EtcdQuorum | null): ReadonlySet<SampledFigure> {
  const isFull = valueOf(alarms)?.some(({ kind }) => kind === 'NOSPACE') === true;
  const isDown = members.some(({ healthFrom, isListed }) => healthFrom.failure !== null && isListed !== false);
  return new Set<SampledFigure>([
    ...(isFull ? (['quotaUsed', 'quotaForeseen'] as const) : []),
    ...(quorum?.isKept === false ? (['leaderless'] as const) : []),
    ...(isDown ? (['peerFailures'] as const) : []),
  ]);
}

/** A quorum that was kept when the members were last heard; one that was lost is lost until they say otherwise. */
function ageFindings({ quorum }: EtcdPicture, now: number): readonly Finding[] {
  if (quorum.state !== 'stale' || !quorum.value.isKept) return [];
  const { since } = quorum;
  return [{ severity: 'unknown', sentence: `not heard${sinceWords(since, now)}`, since, next: at(null) }];
}

/**
 * What is said where the quorum is not told. It is at risk once nobody answers any more, neither the members nor
 * etcdctl by the API server: what else that tells, as of its own life and from its cache, it tells without a quorum too.
 */
function darkFindings({ quorum, members, membershipFrom }: EtcdPicture, now: number): readonly Finding[] {
  if (members.length === 0) return [{ severity: 'unknown', sentence: 'no member of etcd is known', next: at(null) }];
  const voters = members.filter(({ isVoter }) => isVoter);
  const silent = voters.filter(({ healthFrom: { failure } }) => failure?.failure.kind === 'lost');
  const isDark = silent.length > 0 && silent.length === voters.length;
  if (!isDark || membershipFrom.failure?.failure.kind !== 'lost')
    return [{ severity: 'unknown', sentence: whyNot(quorum) ?? 'nobody tells', next: at(null) }];
  // Whoever never answered was silent before all others.
  const seen = silent.flatMap(({ healthSince }) => healthSince ?? []);
  const since = seen.length === 0 ? null : Math.max(...seen);
  return [
    {
      severity: 'at-risk',
      sentence: `none of ${plural(silent.length, 'member')} answers${sinceWords(since, now)}: no quorum, or no way to them`,
      since,
      next: at(null),
    },
  ];
}

/** What the members that answer told over the last hour. */
const toldBy = ({ members }: EtcdPicture, { etcdSamples }: Sight['state']) =>
  members
    .filter(
      ({ node, health, role, isListed }) =>
        node !== null && health.state === 'known' && isListed !== false && role !== 'not-started',
    )
    .map((row) => ({ row, samples: etcdSamples.get(row.node ?? '') ?? [] }));

/** etcd: what its members and their alarms say, how many more may fail, and the alerts of the product. */
export const etcd: Judge = ({ etcd: picture, state, now }) => {
  const { members, quorum } = picture;
  const value = valueOf(quorum);
  return judged('etcd', value === null ? 'etcd' : headlineOf(value), [
    ...(value === null
      ? darkFindings(picture, now)
      : goneFirst(members).flatMap((row) => memberFindings(row, value, now))),
    ...(value === null ? [] : numberFindings(value)),
    ...alarmFindings(picture),
    ...alertFindings(toldBy(picture, state), now, saidAlready(picture, value)),
    ...ageFindings(picture, now),
  ]);
};
