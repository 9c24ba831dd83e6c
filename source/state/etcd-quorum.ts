import type { EtcdMembership } from '../model/etcd/etcd.ts';
import { canLose, isQuorum, majorityOf, takesPart } from '../model/etcd/quorum.ts';
import { absent, known, stale, valueOf, whyNot, type Reading } from '../model/reading.ts';
import { list, plural } from '../text/words.ts';
import { ETCD_BUDGET } from './etcd-budget.ts';
import type { OwnRow } from './etcd-rows.ts';

/** How the members stand to their quorum. A voter that raised an alarm still votes, and counts as healthy here. */
export type EtcdQuorum = {
  readonly voters: number;
  readonly needed: number;
  readonly healthy: number;
  /** How many healthy voters more may fail before nothing can be written; zero also when nothing can be written now. */
  readonly canLose: number;
  readonly isKept: boolean;
  /** Whether the voters are those that etcd lists, or the pods that run it because there is no list. */
  readonly counted: 'members' | 'pods';
};

type Row = Pick<
  OwnRow,
  'key' | 'name' | 'node' | 'isVoter' | 'isStarted' | 'health' | 'seenSince' | 'healthFrom' | 'figures' | 'figuresFrom'
>;

const called = ({ name, node, key }: Row): string => (name === '' ? (node ?? key) : name);

const NOT_WHY = 'not healthy, and it gives no reason';

/**
 * Whether a member gives no reason for being unwell (etcd before 3.5), has had a leader since, and no list of alarms was
 * read since: an alarm may be all there is.
 */
function mayBeAnAlarm({ health, seenSince, figures, figuresFrom }: Row, listedAt: number): boolean {
  if (health.state !== 'known' || health.value.reason !== '' || seenSince === null) return false;
  const toldAt = figuresFrom.last?.at ?? -Infinity;
  // Both are asked in one turn, and answered in any order.
  const isOfThen = figures.state === 'known' && toldAt > seenSince - ETCD_BUDGET.attended;
  return isOfThen && figures.value.hasLeader === true && listedAt < seenSince;
}

/** Whether a voter takes part; null where nobody can tell, as when a right is missing or it was not asked of late. */
function votes(row: Row, listedAt: number): boolean | null {
  const { isStarted, node, health, healthFrom } = row;
  if (!isStarted || node === null) return false;
  if (health.state === 'known') return takesPart(health.value) || (mayBeAnAlarm(row, listedAt) ? null : false);
  return healthFrom.failure === null || healthFrom.failure.failure.kind === 'denied' ? null : false;
}

/**
 * The voter that tells of a quorum after the others fell silent: its health is a read on which a majority agreed, so it
 * is the way to them that is cut (etcd: `/health` reads linearizably).
 */
const witnessAgainst = (voters: readonly Row[]): Row | undefined => {
  const silences = voters.flatMap(({ health, healthFrom: { failure } }) =>
    health.state === 'known' || failure === null ? [] : [failure.since],
  );
  const latest = Math.max(...silences, -Infinity);
  return voters.find(
    ({ health, healthFrom }) =>
      health.state === 'known' &&
      health.value.healthy &&
      silences.length > 0 &&
      (healthFrom.last?.at ?? latest) > latest,
  );
};

/**
 * How many voters take part, of how many, by what each of them answers. Known once every voter was asked and one of them
 * answers: where none does, it is not told whether they are gone or the way to them is. `listedAt`, ms since the epoch, is
 * when the list was read last; -Infinity for never. `noNodes` is why the nodes are not seen, null where they are.
 */
export function quorumOf(
  rows: readonly Row[],
  membership: Reading<EtcdMembership>,
  listedAt: number,
  noNodes: string | null = null,
): Reading<EtcdQuorum> {
  const voters = rows.filter(({ isVoter }) => isVoter);
  if (voters.length === 0) return absent(`no member of etcd is known${noNodes === null ? '' : `: ${noNodes}`}`);
  const unknown = voters.filter((row) => votes(row, listedAt) === null);
  if (unknown.length > 0) {
    const whyOf = ({ health }: Row) => (health.state === 'known' ? NOT_WHY : (whyNot(health) ?? 'not asked of late'));
    const why = unknown.map((row) => `${called(row)}: ${whyOf(row)}`);
    return absent(
      `whether ${plural(unknown.length, 'member')} of ${voters.length} ${unknown.length === 1 ? 'is' : 'are'} well is not known (${list(why, 2)})`,
    );
  }
  if (!voters.some(({ health }) => health.state === 'known'))
    return absent(`none of ${plural(voters.length, 'member')} answers here: they are gone, or the way to them is`);
  const healthy = voters.filter((row) => votes(row, listedAt) === true).length;
  const stand = { voters: voters.length, healthy };
  const witness = isQuorum(stand) ? undefined : witnessAgainst(voters);
  if (witness !== undefined)
    return absent(
      `${called(witness)} says that there is a quorum, and ${voters.length - healthy} of ${plural(voters.length, 'member')} do not answer here: the way to them may be cut`,
    );
  return known({
    ...stand,
    needed: majorityOf(stand.voters),
    canLose: canLose(stand),
    isKept: isQuorum(stand),
    counted: valueOf(membership) === null ? 'pods' : 'members',
  });
}

const toldAt = ({ figuresFrom }: Row): number => figuresFrom.last?.at ?? -Infinity;

const newest = (rows: readonly Row[]): Row | undefined => rows.toSorted((one, other) => toldAt(other) - toldAt(one))[0];

/**
 * Key of the member that leads: the one that says so itself, else whom the list names; null when all who answer say that
 * there is none. What is old is told as such, and counts only where nothing new is told.
 */
export function leaderOf(rows: readonly Row[], membership: Reading<EtcdMembership>): Reading<string | null> {
  const fresh = rows.filter(({ figures }) => figures.state === 'known');
  const leads = newest(fresh.filter(({ figures }) => valueOf(figures)?.isLeader === true));
  if (leads !== undefined) return known(leads.key);
  const said = fresh.flatMap(({ figures }) => valueOf(figures)?.hasLeader ?? []);
  if (said.length > 0 && !said.includes(true)) return known(null);
  if (membership.state === 'known' && (membership.value.leader !== null || said.length === 0))
    return known(membership.value.leader);
  const led = newest(rows.filter(({ figures }) => valueOf(figures)?.isLeader === true));
  if (led?.figures.state === 'stale') return stale(led.key, led.figures.since);
  if (membership.state === 'stale' && membership.value.leader !== null)
    return stale(membership.value.leader, membership.since);
  return absent('no member says who leads');
}
