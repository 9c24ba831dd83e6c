import type { EtcdAlarm, EtcdFigures, EtcdHealth, EtcdMember, EtcdMembership } from '../../model/etcd/etcd.ts';
import { asNumber, asObject, asObjects, asText, type Fields } from '../kubernetes/fields.ts';
import { idOfDecimal } from './ids.ts';
import { notEtcd, tooLong, tooOld } from './not-etcd.ts';

// From the JSON of etcdctl (3.4 to 3.6) and of etcd's own gateway, which agree but for a few fields: the gateway writes
// 64-bit numbers as texts and enumerations by name. All throw a LinkFailure for what is neither; `whose` names who
// answered, as in "etcdctl in kube-system/etcd-master-1".

/** Longest answer that is read, in UTF-16 units. */
const MOST_JSON = 2 ** 20;

type ParseJson = (
  text: string,
  revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;
const parseJson: ParseJson = (text, revive) => JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]) as unknown;

/** Fields of 64 bits: their digits are kept as text, since a number would round them. */
const EXACT: ReadonlySet<string> = new Set(['cluster_id', 'member_id', 'ID', 'leader', 'revision']);

function read(text: string, whose: string, what: string): unknown {
  if (text.length > MOST_JSON) throw tooLong(whose, MOST_JSON);
  try {
    return parseJson(text, (key, value, { source }) =>
      EXACT.has(key) && typeof value === 'number' ? (source ?? null) : value,
    );
  } catch (error) {
    if (error instanceof SyntaxError) throw notEtcd(whose, what, text);
    throw error;
  }
}

function readObject(text: string, whose: string, what: string): Fields {
  const object = asObject(read(text, whose, what));
  if (object === null) throw notEtcd(whose, what, text);
  return object;
}

/** A list, or one object of it: the gateway answers for one member where etcdctl answers for all. */
function readObjects(text: string, whose: string, what: string): readonly Fields[] {
  const value = read(text, whose, what);
  const one = asObject(value);
  if (one === null && !Array.isArray(value)) throw notEtcd(whose, what, text);
  return one === null ? asObjects(value) : [one];
}

const asId = (value: unknown): string | null => (typeof value === 'string' ? idOfDecimal(value) : null);

/** A number that the gateway writes as a text. */
const asInteger = (value: unknown): number | null =>
  typeof value === 'string' ? (/^\d{1,20}$/.test(value) ? Number(value) : null) : asNumber(value);

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];

/** Whom the cluster lists, as `etcdctl member list` tells it. A member that is listed twice is told once. */
export type EtcdMembers = Pick<EtcdMembership, 'cluster' | 'members'>;

/** Of `member list`. */
export function decodeMembers(text: string, whose: string): EtcdMembers {
  const what = 'a list of the members of etcd';
  const answer = readObject(text, whose, what);
  const cluster = asId(asObject(answer['header'])?.['cluster_id']);
  if (cluster === null || !Array.isArray(answer['members'])) throw notEtcd(whose, what, text);
  const members = new Map<string, EtcdMember>();
  for (const member of asObjects(answer['members'])) {
    const id = asId(member['ID']);
    if (id === null || members.has(id)) continue;
    members.set(id, {
      id,
      name: asText(member['name']),
      peerUrls: textsOf(member['peerURLs']),
      clientUrls: textsOf(member['clientURLs']),
      isLearner: member['isLearner'] === true,
    });
  }
  if (members.size === 0) throw notEtcd(whose, what, text);
  return { cluster, members: [...members.values()] };
}

/** How one endpoint stands. `leader` null: it knows of none. */
export type EtcdStatus = {
  /** Its URL; empty where the gateway answered. */
  readonly endpoint: string;
  readonly cluster: string;
  readonly leader: string | null;
  readonly term: number | null;
  /** Revision of the store, a decimal int64. */
  readonly revision: string | null;
  readonly errors: readonly string[];
  readonly figures: EtcdFigures;
};

/** Versions whose status tells no alarms (etcd 3.4 brought StatusResponse.errors): that none is told means nothing. */
const TOO_OLD = /^(?:[0-2]\.|3\.[0-3]\.)/;

/** Of `endpoint status`, with `--cluster` or without: the endpoints that answered. Throws for one before etcd 3.4, too. */
export function decodeStatuses(text: string, whose: string): readonly EtcdStatus[] {
  const what = 'the status of members of etcd';
  return readObjects(text, whose, what).map((entry) => {
    const status = asObject(entry['Status']) ?? entry;
    const header = asObject(status['header']);
    const [id, cluster] = [asId(header?.['member_id']), asId(header?.['cluster_id'])];
    if (id === null || cluster === null) throw notEtcd(whose, what, text);
    const version = asText(status['version']);
    if (TOO_OLD.test(version)) throw tooOld(whose, version);
    const leader = asId(status['leader']);
    const revision = asText(header?.['revision']);
    return {
      endpoint: asText(entry['Endpoint']),
      cluster,
      // Zero stands for none (raft).
      leader: leader === '0' ? null : leader,
      term: asInteger(status['raftTerm']),
      revision: /^\d+$/.test(revision) ? revision : null,
      errors: textsOf(status['errors']),
      figures: figuresOf(status, id, leader === '0' ? null : leader),
    };
  });
}

/** What a status tells of the figures that a member also measures. */
const figuresOf = (status: Fields, id: string, leader: string | null): EtcdFigures => ({
  id,
  version: asText(status['version']) || null,
  startedAt: null,
  hasLeader: leader !== null,
  isLeader: leader === id,
  isLearner: status['isLearner'] === true,
  dbSize: asInteger(status['dbSize']),
  dbSizeInUse: asInteger(status['dbSizeInUse']),
  quota: asInteger(status['dbSizeQuota']),
  committed: asInteger(status['raftIndex']),
  applied: asInteger(status['raftAppliedIndex']),
  leaderChanges: null,
  failedProposals: null,
  pendingProposals: null,
  slowApplies: null,
  peerFailures: null,
  defragmentations: null,
  fsync: null,
  commit: null,
  roundTrips: {},
  requests: null,
  handling: {},
});

/** Of `/health`, whatever its status: etcd before 3.5 gives no reason. */
export function decodeHealth(text: string, whose: string): EtcdHealth {
  const what = 'the health of a member of etcd';
  const { health, reason } = readObject(text, whose, what);
  if (health !== 'true' && health !== 'false') throw notEtcd(whose, what, text);
  return { healthy: health === 'true', reason: asText(reason) };
}

/** One answer of all that the cluster says of its members; the leader is that of the endpoint with the highest term. */
export function membershipOf(
  { cluster, members }: EtcdMembers,
  statuses: readonly EtcdStatus[],
  alarms: readonly EtcdAlarm[],
): EtcdMembership {
  const newest = statuses.reduce<EtcdStatus | null>(
    (before, status) =>
      before === null ||
      (status.term ?? -1) > (before.term ?? -1) ||
      (before.leader === null && status.term === before.term)
        ? status
        : before,
    null,
  );
  return { cluster, members, alarms, leader: newest?.leader ?? null };
}
