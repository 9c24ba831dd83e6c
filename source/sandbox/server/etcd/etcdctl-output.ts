import { ETCD_VERSION, type Etcd } from '../../world/etcd/etcd.ts';
import type { EtcdMember } from '../../world/etcd/member.ts';

/** What a command prints, plainly and with `-w json`; null where it prints the same text for both. */
export type Printed = { readonly text: string; readonly json: string | null };

const BIG = '\u0000';

/** JSON in which an uint64 is a number with all its digits, as Go writes it. */
const json = (value: unknown): string =>
  `${JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'bigint' ? BIG + String(each) + BIG : each,
  ).replace(/"\\u0000(\d+)\\u0000"/g, '$1')}\n`;

const header = ({ cluster, term }: Etcd, { id }: EtcdMember): object => ({
  cluster_id: cluster,
  member_id: id,
  raft_term: term,
});

const fullHeader = ({ cluster, term }: Etcd, { id, revision }: EtcdMember): object => ({
  cluster_id: cluster,
  member_id: id,
  revision,
  raft_term: term,
});

/** Members come in the order of their ids. */
const sorted = ({ members }: Etcd): readonly EtcdMember[] => [...members].sort((a, b) => (a.id < b.id ? -1 : 1));

/** NOSPACE, as a number (etcd: `AlarmType`). */
const NOSPACE = 1;

const alarmsOf = (members: readonly EtcdMember[]): Printed['text'] =>
  members.map(({ id }) => `memberID:${String(id)} alarm:NOSPACE \n`).join('');
const alarmList = (members: readonly EtcdMember[]): object =>
  members.length === 0 ? {} : { alarms: members.map(({ id }) => ({ memberID: id, alarm: NOSPACE })) };

function errorsOf({ leader, alarms }: Etcd): readonly string[] {
  const raised = alarms.map(({ id }) => `memberID:${String(id)} alarm:NOSPACE `);
  return leader === null ? ['etcdserver: no leader', ...raised] : raised;
}

const megabytes = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** Milliseconds as Go prints them. */
const took = (milliseconds: number): string => (milliseconds < 1000 ? `${milliseconds}ms` : `${milliseconds / 1000}s`);

export const print = {
  version: (): Printed => ({ text: `etcdctl version: ${ETCD_VERSION}\nAPI version: 3.5\n`, json: null }),

  members: (etcd: Etcd, told: EtcdMember): Printed => ({
    text: sorted(etcd)
      .map(({ hex, node, peerUrl, clientUrl }) => `${hex}, started, ${node}, ${peerUrl}, ${clientUrl}, false\n`)
      .join(''),
    json: json({
      header: header(etcd, told),
      members: sorted(etcd).map(({ id, node, peerUrl, clientUrl }) => ({
        ID: id,
        name: node,
        peerURLs: [peerUrl],
        clientURLs: [clientUrl],
      })),
    }),
  }),

  statuses(etcd: Etcd, statuses: readonly (readonly [endpoint: string, member: EtcdMember])[]): Printed {
    const { leader, term } = etcd;
    const errors = errorsOf(etcd);
    const inUse = (member: EtcdMember): number => Math.min(etcd.inUse, member.size);
    return {
      text: statuses
        .map(([endpoint, member]) => {
          const index = etcd.indexOf(member);
          const leads = String(member === leader);
          return `${endpoint}, ${member.hex}, ${ETCD_VERSION}, ${megabytes(member.size)}, ${leads}, false, ${term}, ${index}, ${index}, ${errors.join(', ')}\n`;
        })
        .join(''),
      json: json(
        statuses.map(([endpoint, member]) => ({
          Endpoint: endpoint,
          Status: {
            header: fullHeader(etcd, member),
            version: ETCD_VERSION,
            dbSize: member.size,
            ...(leader === null ? {} : { leader: leader.id }),
            raftIndex: etcd.indexOf(member),
            raftTerm: term,
            raftAppliedIndex: etcd.indexOf(member),
            ...(errors.length === 0 ? {} : { errors }),
            dbSizeInUse: inUse(member),
          },
        })),
      ),
    };
  },

  healths: (healths: readonly { endpoint: string; took: number; error: string }[]): Printed => ({
    text: healths
      .map(({ endpoint, took: milliseconds, error }) =>
        error === ''
          ? `${endpoint} is healthy: successfully committed proposal: took = ${took(milliseconds)}\n`
          : `${endpoint} is unhealthy: failed to commit proposal: ${error}\n`,
      )
      .join(''),
    json: json(
      healths.map(({ endpoint, took: milliseconds, error }) => ({
        endpoint,
        health: error === '',
        took: took(milliseconds),
        ...(error === '' ? {} : { error }),
      })),
    ),
  }),

  alarms: (etcd: Etcd, told: EtcdMember, alarms: readonly EtcdMember[]): Printed => ({
    text: alarmsOf(alarms),
    json: json({ header: fullHeader(etcd, told), ...alarmList(alarms) }),
  }),

  disarmed: (alarms: readonly EtcdMember[]): Printed => ({ text: alarmsOf(alarms), json: json(alarmList(alarms)) }),
};
