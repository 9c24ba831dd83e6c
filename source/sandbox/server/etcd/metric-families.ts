import { ETCD_VERSION, type Etcd } from '../../world/etcd/etcd.ts';
import type { Observed } from '../../world/etcd/latency.ts';
import type { EtcdMember, MemberProcess, Peer } from '../../world/etcd/member.ts';
import { CODES, METHODS } from './grpc.ts';
import type { Sample } from './sample-lines.ts';

const GO_VERSION = 'go1.21.12';
const FILE_LIMIT = 65_536;
const FILES = 142;
const GOROUTINES = 412;
/** Bytes that a process needs beside its database. */
const MEMORY = 61_000_000;
/** Proposals that wait while nobody leads. */
const WAITING = 1;

/** What is measured when the metrics of a member are asked for. */
export type Scrape = {
  readonly etcd: Etcd;
  readonly member: EtcdMember;
  readonly leads: boolean;
  readonly now: number;
};

type Samples = (scrape: Scrape) => readonly Sample[];

const one =
  (value: (scrape: Scrape) => number): Samples =>
  (scrape) => [{ value: value(scrape) }];
const none: Samples = () => [{ value: 0 }];
const counted = (value: (process: MemberProcess) => number): Samples =>
  one(({ member }) => Math.floor(value(member.process)));
const times =
  (observed: (process: MemberProcess) => Observed): Samples =>
  ({ member }) => [{ value: observed(member.process) }];
const labelled =
  (label: string, text: (scrape: Scrape) => string): Samples =>
  (scrape) => [{ labels: [[label, text(scrape)]], value: 1 }];

const clusterVersion = (): string => ETCD_VERSION.split('.').slice(0, 2).join('.');

const byPeer =
  (value: (peer: Peer) => number | Observed): Samples =>
  ({ member }) =>
    Array.from(member.process.peers, ([{ hex }, peer]) => ({ labels: [['To', hex]], value: value(peer) }));
const between =
  (value: (peer: Peer) => number): Samples =>
  ({ member }) =>
    Array.from(member.process.peers, ([{ hex }, peer]) => ({
      labels: [
        ['Local', member.hex],
        ['Remote', hex],
      ],
      value: value(peer),
    }));
const active = between((peer) => Number(peer.active));
const losses = between((peer) => peer.losses);
const failures = byPeer((peer) => Math.floor(peer.failures));

/** How often a call was made: all that is counted are writes. */
const calls = ({ member }: Scrape, method: string): number =>
  method === 'Txn' ? Math.floor(member.process.writes) : 0;
const handled: Samples = (scrape) =>
  CODES.flatMap((code) =>
    METHODS.map(([method, service, type]) => ({
      labels: [
        ['grpc_code', code],
        ['grpc_method', method],
        ['grpc_service', service],
        ['grpc_type', type],
      ],
      value: code === 'OK' ? calls(scrape, method) : 0,
    })),
  );
const started: Samples = (scrape) =>
  METHODS.map(([method, service, type]) => ({
    labels: [
      ['grpc_method', method],
      ['grpc_service', service],
      ['grpc_type', type],
    ],
    value: calls(scrape, method),
  }));

/** What etcd 3.5 measures, as it names it and explains it; what only matters to who writes etcd is left out. */
export const FAMILIES: readonly (readonly [
  name: string,
  type: 'gauge' | 'counter' | 'histogram',
  help: string,
  samples: Samples,
])[] = [
  [
    'etcd_cluster_version',
    'gauge',
    "Which version is running. 1 for 'cluster_version' label with current cluster version",
    labelled('cluster_version', clusterVersion),
  ],
  [
    'etcd_debugging_mvcc_compact_revision',
    'gauge',
    'The revision of the last compaction in store.',
    one(({ etcd }) => etcd.compacted),
  ],
  [
    'etcd_debugging_mvcc_current_revision',
    'gauge',
    'The current revision of store.',
    one(({ member }) => member.revision),
  ],
  ['etcd_debugging_mvcc_keys_total', 'gauge', 'Total number of keys.', one(({ etcd }) => etcd.keys)],
  ['etcd_debugging_mvcc_slow_watcher_total', 'gauge', 'Total number of unsynced slow watchers.', none],
  [
    'etcd_disk_backend_commit_duration_seconds',
    'histogram',
    'The latency distributions of commit called by backend.',
    times(({ commit }) => commit),
  ],
  [
    'etcd_disk_backend_defrag_duration_seconds',
    'histogram',
    'The latency distribution of backend defragmentation.',
    times(({ defragmentations }) => defragmentations),
  ],
  [
    'etcd_disk_defrag_inflight',
    'gauge',
    'Whether or not defrag is active on the member. 1 means active, 0 means not.',
    one(({ member }) => Number(member.defragmenting)),
  ],
  [
    'etcd_disk_wal_fsync_duration_seconds',
    'histogram',
    'The latency distributions of fsync called by WAL.',
    times(({ fsync }) => fsync),
  ],
  ['etcd_mvcc_db_open_read_transactions', 'gauge', 'The number of currently open read transactions', one(() => 1)],
  [
    'etcd_mvcc_db_total_size_in_bytes',
    'gauge',
    'Total size of the underlying database physically allocated in bytes.',
    one(({ member }) => member.size),
  ],
  [
    'etcd_mvcc_db_total_size_in_use_in_bytes',
    'gauge',
    'Total size of the underlying database logically in use in bytes.',
    one(({ etcd, member }) => Math.min(etcd.inUse, member.size)),
  ],
  [
    'etcd_mvcc_delete_total',
    'counter',
    'Total number of deletes seen by this member.',
    counted(({ writes }) => writes / 40),
  ],
  ['etcd_mvcc_put_total', 'counter', 'Total number of puts seen by this member.', counted(({ writes }) => writes)],
  ['etcd_network_active_peers', 'gauge', 'The current number of active peer connections.', active],
  ['etcd_network_disconnected_peers_total', 'counter', 'The total number of disconnected peers.', losses],
  [
    'etcd_network_peer_round_trip_time_seconds',
    'histogram',
    'Round-Trip-Time histogram between peers',
    byPeer(({ roundTrips }) => roundTrips),
  ],
  ['etcd_network_peer_sent_failures_total', 'counter', 'The total number of send failures from peers.', failures],
  [
    'etcd_server_go_version',
    'gauge',
    "Which Go version server is running with. 1 for 'server_go_version' label with current version.",
    labelled('server_go_version', () => GO_VERSION),
  ],
  [
    'etcd_server_has_leader',
    'gauge',
    'Whether or not a leader exists. 1 is existence, 0 is not.',
    one(({ etcd }) => Number(etcd.leader !== null)),
  ],
  [
    'etcd_server_health_failures',
    'counter',
    'The total number of failed health checks',
    counted(({ unhealthy }) => unhealthy),
  ],
  [
    'etcd_server_health_success',
    'counter',
    'The total number of successful health checks',
    counted(({ healthy }) => healthy),
  ],
  [
    'etcd_server_heartbeat_send_failures_total',
    'counter',
    'The total number of leader heartbeat send failures (likely overloaded from slow disk).',
    none,
  ],
  [
    'etcd_server_id',
    'gauge',
    "Server or member ID in hexadecimal format. 1 for 'server_id' label with current ID.",
    labelled('server_id', ({ member }) => member.hex),
  ],
  [
    'etcd_server_is_leader',
    'gauge',
    'Whether or not this member is a leader. 1 if is, 0 otherwise.',
    one(({ leads }) => Number(leads)),
  ],
  ['etcd_server_is_learner', 'gauge', 'Whether or not this member is a learner. 1 if is, 0 otherwise.', none],
  [
    'etcd_server_leader_changes_seen_total',
    'counter',
    'The number of leader changes seen.',
    counted(({ leaderChanges }) => leaderChanges),
  ],
  [
    'etcd_server_learner_promote_successes',
    'counter',
    'The total number of successful learner promotions while this member is leader.',
    none,
  ],
  [
    'etcd_server_proposals_applied_total',
    'gauge',
    'The total number of consensus proposals applied.',
    one(({ etcd, member }) => etcd.indexOf(member)),
  ],
  [
    'etcd_server_proposals_committed_total',
    'gauge',
    'The total number of consensus proposals committed.',
    one(({ etcd, member }) => etcd.indexOf(member)),
  ],
  [
    'etcd_server_proposals_failed_total',
    'counter',
    'The total number of failed proposals seen.',
    counted(({ failedProposals }) => failedProposals),
  ],
  [
    'etcd_server_proposals_pending',
    'gauge',
    'The current number of pending proposals to commit.',
    one(({ etcd }) => (etcd.leader ? 0 : WAITING)),
  ],
  [
    'etcd_server_quota_backend_bytes',
    'gauge',
    'Current backend storage quota size in bytes.',
    one(({ etcd }) => etcd.quota),
  ],
  ['etcd_server_read_indexes_failed_total', 'counter', 'The total number of failed read indexes seen.', none],
  [
    'etcd_server_slow_apply_total',
    'counter',
    'The total number of slow apply requests (likely overloaded from slow disk).',
    counted(({ slowApplies }) => slowApplies),
  ],
  [
    'etcd_server_slow_read_indexes_total',
    'counter',
    "The total number of pending read indexes not in sync with leader's or timed out read index requests.",
    none,
  ],
  [
    'etcd_server_snapshot_apply_in_progress_total',
    'gauge',
    '1 if the server is applying the incoming snapshot. 0 if none.',
    none,
  ],
  [
    'etcd_server_version',
    'gauge',
    "Which version is running. 1 for 'server_version' label with current version.",
    labelled('server_version', () => ETCD_VERSION),
  ],
  ['go_goroutines', 'gauge', 'Number of goroutines that currently exist.', one(() => GOROUTINES)],
  ['go_info', 'gauge', 'Information about the Go environment.', labelled('version', () => GO_VERSION)],
  [
    'grpc_server_handled_total',
    'counter',
    'Total number of RPCs completed on the server, regardless of success or failure.',
    handled,
  ],
  ['grpc_server_started_total', 'counter', 'Total number of RPCs started on the server.', started],
  ['os_fd_limit', 'gauge', 'The file descriptor limit.', one(() => FILE_LIMIT)],
  ['os_fd_used', 'gauge', 'The number of used file descriptors.', one(() => FILES)],
  ['process_max_fds', 'gauge', 'Maximum number of open file descriptors.', one(() => FILE_LIMIT)],
  ['process_open_fds', 'gauge', 'Number of open file descriptors.', one(() => FILES)],
  ['process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', one(({ etcd }) => MEMORY + etcd.inUse)],
  [
    'process_start_time_seconds',
    'gauge',
    'Start time of the process since unix epoch in seconds.',
    one(({ member }) => member.process.startedAt / 1000),
  ],
];
