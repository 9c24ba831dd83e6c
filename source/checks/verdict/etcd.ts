import { takesPart } from '../../model/etcd/quorum.ts';
import { valueOf, whyNot } from '../../model/reading.ts';
import { memberName } from '../../state/etcd-words.ts';
import type { EtcdPicture, EtcdQuorum, EtcdRow } from '../../state/etcd.ts';
import { alertFindings } from './etcd-alerts.ts';
import { judged, type Finding } from './judged.ts';
import { sinceWords } from './since.ts';
import type { Judge } from './sight.ts';
import type { Reason, Verdict } from './verdict.ts';

const HOUR = 3_600_000;
/** MetalK8s: etcdExcessiveDatabaseGrowth is about a database that is full within this time. */
const FULL_WITHIN = 4 * HOUR;

/** Fewer voters than this stand no loss, however healthy they are. */
const FEWEST_VOTERS = 3;

/** What an alarm means for the cluster, by its kind (etcd: "Maintenance", space quota and corruption check). */
const ALARM_WORDS: ReadonlyMap<string, string> = new Map([
  ['NOSPACE', 'the database is full, nothing can be written'],
  ['CORRUPT', 'its data differ from those of the others'],
]);

const at = (object: string | null): Reason['next'] => ({ screen: 'etcd', object });

/** How bad it is that a voter is lost: by what is left without it. */
const severityOfLoss = ({ isKept, canLose }: EtcdQuorum): Verdict => (isKept && canLose > 0 ? 'degraded' : 'at-risk');

/** What is said of so few members that none of them may fail even while all are well. */
function fewFindings({ voters, healthy, canLose, isKept }: EtcdQuorum): readonly Finding[] {
  if (!isKept || canLose > 0 || healthy < voters || voters >= FEWEST_VOTERS) return [];
  return voters === 1
    ? [{ severity: 'healthy', sentence: 'a single member: the cluster stops with it', next: at(null) }]
    : [{ severity: 'degraded', sentence: `${voters} members stand no loss, ${FEWEST_VOTERS} would`, next: at(null) }];
}

type Wrong = { readonly severity: Verdict; readonly words: string };

/** What is wrong with how a member is, by its own health and the list of members. */
function wrongWith(row: EtcdRow, lost: Verdict): Wrong | null {
  const { role, isListed, health, healthFrom, alarms } = row;
  if (isListed === false) return { severity: 'degraded', words: 'should run a member that is not in the list' };
  if (role === 'not-started') return { severity: lost, words: 'was added and has not joined' };
  const failure = healthFrom.failure?.failure ?? null;
  if (failure?.kind === 'lost') return { severity: lost, words: 'does not answer' };
  if (failure !== null) return { severity: 'unknown', words: `is not known: ${failure.why.replace(/\.$/, '')}` };
  const value = valueOf(health);
  if (value === null) return { severity: 'unknown', words: `is not known: ${whyNot(health) ?? 'nobody tells'}` };
  if (value.healthy) return null;
  if (!takesPart(value)) return { severity: lost, words: `is not healthy (${value.reason})` };
  // It raised an alarm, and says so in its health as well: the list of alarms says it better, where there is one.
  return (valueOf(alarms) ?? []).length > 0
    ? null
    : { severity: 'at-risk', words: `raised an alarm (${value.reason})` };
}

function memberFindings(row: EtcdRow, quorum: EtcdQuorum, now: number): readonly Finding[] {
  const wrong = wrongWith(row, row.isVoter ? severityOfLoss(quorum) : 'degraded');
  if (wrong === null) return [];
  const since = row.healthSince;
  return [
    {
      severity: wrong.severity,
      sentence: `${memberName(row)} ${wrong.words}${sinceWords(since, now)}`,
      since,
      next: at(row.key),
    },
  ];
}

const headlineOf = ({ healthy, voters, isKept, canLose }: EtcdQuorum): string =>
  `etcd ${healthy} of ${voters}, ${isKept ? `can lose ${canLose}` : 'no quorum'}`;

type Names = ReadonlyMap<string, string>;

function alarmFindings({ alarms }: EtcdPicture, names: Names): readonly Finding[] {
  return (valueOf(alarms) ?? []).map(({ member, kind }) => {
    const means = ALARM_WORDS.get(kind);
    const who = names.get(member ?? '') ?? 'a member';
    return {
      severity: 'at-risk',
      sentence: `${who} raised the alarm ${kind}${means === undefined ? '' : `: ${means}`}`,
      next: at(member),
    };
  });
}

function growthFindings({ growth }: EtcdPicture, names: Names, now: number): readonly Finding[] {
  const value = valueOf(growth);
  const fullAt = value?.fullAt ?? null;
  if (value === null || fullAt === null || fullAt - now >= FULL_WITHIN) return [];
  const sentence = `${names.get(value.member) ?? 'a member'} is full within ${FULL_WITHIN / HOUR}h as it grows now`;
  return [{ severity: 'degraded', sentence, next: at(value.member) }];
}

/** A quorum that was kept when the members were last heard; one that was lost is lost until they say otherwise. */
function ageFindings({ quorum }: EtcdPicture, now: number): readonly Finding[] {
  if (quorum.state !== 'stale' || !quorum.value.isKept) return [];
  const { since } = quorum;
  return [{ severity: 'unknown', sentence: `not heard${sinceWords(since, now)}`, since, next: at(null) }];
}

/** etcd: what its members and their alarms say, how many more may fail, and the alerts of the product. */
export const etcd: Judge = ({ etcd: picture, state, now }) => {
  const { members, quorum } = picture;
  const names: Names = new Map(members.map((row) => [row.key, memberName(row)]));
  const value = valueOf(quorum);
  const unknown: Finding = { severity: 'unknown', sentence: whyNot(quorum) ?? 'nobody tells', next: at(null) };
  return judged('etcd', value === null ? 'etcd' : headlineOf(value), [
    ...(value === null ? [unknown] : members.flatMap((row) => memberFindings(row, value, now))),
    ...(value === null ? [] : fewFindings(value)),
    ...alarmFindings(picture, names),
    ...members.flatMap((row) =>
      alertFindings(row, row.node === null ? [] : (state.etcdSamples.get(row.node) ?? []), now),
    ),
    ...growthFindings(picture, names, now),
    ...ageFindings(picture, now),
  ]);
};
