import { absent, mapReading, valueOf, whyNot, type Reading } from '../model/reading.ts';
import { askedReading } from './asked-reading.ts';
import type { ClusterState } from './cluster-state.ts';
import { alarmsOf, etcdAlarms, type KnownAlarm } from './etcd-alarms.ts';
import { memberFreshFor, membershipFreshFor } from './etcd-budget.ts';
import { etcdGrowth, type EtcdGrowth } from './etcd-growth.ts';
import { leaderOf, quorumOf, type EtcdQuorum } from './etcd-quorum.ts';
import { learnt, ownRow, type EtcdRole, type EtcdRow, type Learnt, type OwnRow } from './etcd-rows.ts';
import { seatsOf } from './etcd-seats.ts';
import { seen } from './seen.ts';

/** All that is known of etcd now. */
export type EtcdPicture = {
  /** Hex. */
  readonly cluster: Reading<string>;
  /** Sorted by what they are called: name, else node, else id. */
  readonly members: readonly EtcdRow[];
  readonly quorum: Reading<EtcdQuorum>;
  /** Key of the member that leads; null while there is no leader. */
  readonly leader: Reading<string | null>;
  /** `member` is the key of a row; null where the member that answered does not say which one raised it. */
  readonly alarms: Reading<readonly KnownAlarm[]>;
  readonly growth: Reading<EtcdGrowth>;
  /** Where the list of members is from. */
  readonly membershipFrom: Learnt;
};

/** What a member is among the others. */
function roleOf(row: OwnRow, leader: Reading<string | null>): EtcdRole {
  if (!row.isStarted) return 'not-started';
  if (row.isListed === false) return 'unknown';
  const leads = valueOf(leader) === row.key;
  if (row.figures.state !== 'known' && row.health.state !== 'known') return leads ? 'leader' : 'unknown';
  if (leads) return 'leader';
  if (!row.isVoter) return 'learner';
  return valueOf(row.figures)?.isLeader === false || valueOf(leader) !== null ? 'follower' : 'unknown';
}

/** Proposals that a member has yet to apply of those that the members have committed, by the one furthest ahead. */
function lagOf({ figures }: OwnRow, committed: number | null): Reading<number> {
  const value = valueOf(figures);
  const own = value === null ? null : (value.applied ?? value.committed);
  if (value !== null && (own === null || committed === null)) return absent('the member does not tell it');
  return mapReading(figures, () => Math.max(0, (committed ?? NaN) - (own ?? NaN)));
}

function mostCommitted(rows: readonly OwnRow[]): number | null {
  const told = rows.flatMap(({ figures }) => valueOf(figures)?.committed ?? []);
  return told.length === 0 ? null : Math.max(...told);
}

const calledBy = ({ name, node, key }: OwnRow): string => (name === '' ? (node ?? key) : name);
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * All that is known of etcd at a time, ms since the epoch: of the members that etcdctl lists, or where there is no list
 * of the nodes that run one. Pure; it looks at the nodes of the control plane and what they answered, not at all nodes.
 */
export function etcdPicture(state: ClusterState, now: number): EtcdPicture {
  const asked = state.asked.etcdMembership.get('');
  const membership = mapReading(askedReading(asked, now, membershipFreshFor), ({ membership }) => membership);
  const list = valueOf(membership);
  const seats = seatsOf(state, membership);
  const moment = { now, fresh: memberFreshFor(seats.length) };
  const rows = seats
    .map((seat) => ownRow(state, seat, list, moment))
    .sort((one, other) => compare(calledBy(one), calledBy(other)) || compare(one.key, other.key));
  const leader = leaderOf(rows, membership);
  const committed = mostCommitted(rows);
  const alarms = etcdAlarms(rows, membership);
  const seenNodes = seen(null, state.resources.nodes, 'the nodes are being read');
  return {
    cluster: mapReading(membership, ({ cluster }) => cluster),
    members: rows.map((row) => ({
      ...row,
      role: roleOf(row, leader),
      lag: lagOf(row, committed),
      alarms: alarmsOf(row, alarms),
    })),
    quorum: quorumOf(rows, membership, asked?.answer?.at ?? -Infinity, whyNot(seenNodes)),
    leader,
    alarms,
    growth: etcdGrowth(rows),
    membershipFrom: learnt(asked),
  };
}
