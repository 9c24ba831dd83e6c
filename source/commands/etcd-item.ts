import type { AreaVerdict } from '../checks/verdict/verdict.ts';
import type { Sight } from '../checks/verdict/sight.ts';
import { absent, known, mapReading, type Reading } from '../model/reading.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { adviceOf } from '../state/etcd-advice.ts';
import type { EtcdRow, Learnt } from '../state/etcd-rows.ts';
import { isInstant } from '../text/age.ts';
import type { Call } from './command.ts';
import { envelope } from './envelope.ts';
import type { EtcdDocument } from './kinds/etcd.ts';
import { instantOrNull, told } from './told.ts';

const same = <T>(value: T): T => value;

const orWhy = (value: string | null, why: string): Reading<string> => (value === null ? absent(why) : known(value));

const learntItem = ({ last, failure }: Learnt): EtcdDocument['membersFrom'] => ({
  source: last?.source ?? null,
  at: instantOrNull(last?.at ?? null),
  lostSince: instantOrNull(failure?.since ?? null),
  lostWhy: failure?.failure.why ?? null,
});

function memberItem(row: EtcdRow): EtcdDocument['members'][number] {
  const { role, lastHour } = row;
  return {
    ...told('id', orWhy(row.id, 'no list of members was told'), same),
    name: row.name,
    ...told('node', orWhy(row.node, 'no node is known that runs it'), same),
    ...told('role', role === 'unknown' ? absent('nobody says') : known(role), same),
    votes: row.isVoter,
    clientUrls: [...row.clientUrls],
    ...told('version', row.version, same),
    ...told('healthy', row.health, ({ healthy }) => healthy),
    ...told('reason', row.health, ({ reason }) => reason),
    healthSince: instantOrNull(row.healthSince),
    ...told('dbSize', row.dbSize, same),
    ...told('dbSizeInUse', row.dbSizeInUse, same),
    ...told('quota', row.quota, same),
    ...told('fragmentation', row.fragmentation, same),
    ...told('fsyncP99', row.fsyncP99, same),
    ...told('commitP99', row.commitP99, same),
    ...told('peerRtt', row.roundTrip, same),
    ...told('raftIndexLag', row.lag, same),
    ...told('alarms', row.alarms, (kinds) => [...kinds]),
    lastHour: {
      seconds: lastHour.milliseconds === null ? null : lastHour.milliseconds / 1_000,
      ...told('leaderChanges', lastHour.leaderChanges, same),
      ...told('failedProposals', lastHour.failedProposals, same),
      ...told('slowApplies', lastHour.slowApplies, same),
      ...told('peerFailures', lastHour.peerFailures, same),
    },
    figuresFrom: learntItem(row.figuresFrom),
    healthFrom: learntItem(row.healthFrom),
  };
}

/** What `told` gives for a value that may be null although it is known. */
const nullable =
  <T, U>(turn: (value: T) => U) =>
  (value: T | null): U | null =>
    value === null ? null : turn(value);

/** All that `etcd` answers, as programs read it. */
export function etcdDocument(call: Call, state: ClusterState, sight: Sight, area: AreaVerdict): EtcdDocument {
  const { etcd, now } = sight;
  const { quorum } = etcd;
  return {
    ...envelope('Etcd', state, call),
    verdict: area.verdict,
    sentence: area.sentence,
    ...told('clusterId', etcd.cluster, same),
    members: etcd.members.map(memberItem),
    ...told('quorum', quorum, ({ needed }) => needed),
    ...told('voters', quorum, ({ voters }) => voters),
    ...told('healthyVoters', quorum, ({ healthy }) => healthy),
    ...told('canLose', quorum, ({ canLose }) => canLose),
    ...told('hasQuorum', quorum, ({ isKept }) => isKept),
    ...told('leader', mapReading(etcd.leader, nullable(String)), same),
    ...told('alarms', etcd.alarms, (raised) => raised.map(({ member, kind }) => ({ member, kind }))),
    ...told('growth', etcd.growth, ({ member, bytesPerDay, fullAt }) => ({
      member,
      bytesPerDay,
      fullAt: instantOrNull(fullAt !== null && isInstant(fullAt) ? fullAt : null),
    })),
    advice: adviceOf(etcd, now).map(({ severity, sentence, action }) => ({ severity, sentence, operation: action })),
    membersFrom: learntItem(etcd.membershipFrom),
  };
}
