import type { EtcdFigures, RequestCount } from '../../model/etcd/etcd.ts';
import type { Histogram } from '../../model/histogram.ts';
import { isId, plainId } from './ids.ts';
import { histogramOf, samplesIn, type Sample } from './metrics.ts';
import { notEtcd, tooLong } from './not-etcd.ts';

/** etcd: "Metrics". Histograms of the page are read by their buckets. */
const NAMES = {
  id: 'etcd_server_id',
  version: 'etcd_server_version',
  startedAt: 'process_start_time_seconds',
  hasLeader: 'etcd_server_has_leader',
  isLeader: 'etcd_server_is_leader',
  isLearner: 'etcd_server_is_learner',
  dbSize: 'etcd_mvcc_db_total_size_in_bytes',
  dbSizeInUse: 'etcd_mvcc_db_total_size_in_use_in_bytes',
  quota: 'etcd_server_quota_backend_bytes',
  committed: 'etcd_server_proposals_committed_total',
  applied: 'etcd_server_proposals_applied_total',
  leaderChanges: 'etcd_server_leader_changes_seen_total',
  failedProposals: 'etcd_server_proposals_failed_total',
  pendingProposals: 'etcd_server_proposals_pending',
  slowApplies: 'etcd_server_slow_apply_total',
  peerFailures: 'etcd_network_peer_sent_failures_total',
  defragmentations: 'etcd_disk_backend_defrag_duration_seconds_count',
  fsync: 'etcd_disk_wal_fsync_duration_seconds_bucket',
  commit: 'etcd_disk_backend_commit_duration_seconds_bucket',
  roundTrips: 'etcd_network_peer_round_trip_time_seconds_bucket',
  requests: 'grpc_server_handled_total',
  handling: 'grpc_server_handling_seconds_bucket',
} as const satisfies Record<keyof EtcdFigures, string>;
const WANTED: ReadonlySet<string> = new Set(Object.values(NAMES));

/** Longest page that is read, in UTF-16 units; etcd's own are below a twentieth of it. */
export const MOST_METRICS = 4 * 2 ** 20;

type Samples = ReadonlyMap<string, readonly Sample[]>;

/** The one sample of a name that is a number of at least zero; null where there is none. */
function figure(samples: Samples, name: string): number | null {
  const value = samples.get(name)?.[0]?.value;
  return value === undefined || !Number.isFinite(value) || value < 0 ? null : value;
}

function flag(samples: Samples, name: string): boolean | null {
  const value = figure(samples, name);
  return value === null ? null : value > 0;
}

/** The label of a sample that says by it what something is, as in `etcd_server_version{server_version="3.5.15"} 1`. */
const labelled = (samples: Samples, name: string, label: string): string | null =>
  samples
    .get(name)
    ?.findLast(({ value }) => value === 1)
    ?.labels.get(label) ?? null;

function idOf(samples: Samples): string | null {
  const id = labelled(samples, NAMES.id, 'server_id');
  return id !== null && isId(id) ? plainId(id) : null;
}

/**
 * Failures to send, to all peers together. A member that never failed to send to any has no sample of it, so there were
 * none where the page goes on to what stands behind them.
 */
function peerFailures(samples: Samples): number | null {
  const failures = samples.get(NAMES.peerFailures);
  if (failures === undefined) return samples.has(NAMES.hasLeader) ? 0 : null;
  const sum = failures.reduce((all, { value }) => all + value, 0);
  return Number.isFinite(sum) && sum >= 0 ? sum : null;
}

function roundTrips(samples: Samples): Readonly<Record<string, Histogram>> {
  const toPeers = (samples.get(NAMES.roundTrips) ?? []).filter(({ labels }) => isId(labels.get('To') ?? ''));
  return histogramsBy(toPeers, ({ labels }) => plainId(labels.get('To') ?? ''));
}

/** Errors of a server, not of who asks (MetalK8s: etcdHighNumberOfFailedGRPCRequests). */
const FAILURES: ReadonlySet<string> = new Set([
  'Unknown',
  'FailedPrecondition',
  'ResourceExhausted',
  'Internal',
  'Unavailable',
  'DataLoss',
  'DeadlineExceeded',
]);

/** More methods or peers than etcd has, which has some fifty: what tells more is made up, and kept for an hour. */
export const MOST_KINDS = 128;

/** A method of a server, as in "KV/Range". */
const methodOf = ({ labels }: Sample): string =>
  `${labels.get('grpc_service')?.split('.').at(-1) ?? ''}/${labels.get('grpc_method') ?? ''}`;

/** A page of etcd counts every method that there is, called or not. */
function requests(samples: Samples): EtcdFigures['requests'] {
  const told = samples.get(NAMES.requests);
  if (told === undefined) return null;
  const counts = new Map<string, RequestCount>();
  for (const sample of told) {
    const { value, labels } = sample;
    if (!Number.isFinite(value) || value <= 0) continue;
    const method = methodOf(sample);
    const { all, failed } = counts.get(method) ?? { all: 0, failed: 0 };
    const isFailure = FAILURES.has(labels.get('grpc_code') ?? '');
    counts.set(method, { all: all + value, failed: isFailure ? failed + value : failed });
  }
  return counts.size > MOST_KINDS ? null : Object.fromEntries(counts);
}

/** Defragmenting takes as long as it takes, and a stream as long as somebody listens. */
function handling(samples: Samples): EtcdFigures['handling'] {
  const unary = (samples.get(NAMES.handling) ?? []).filter(
    ({ labels }) => labels.get('grpc_type') === 'unary' && labels.get('grpc_method') !== 'Defragment',
  );
  return histogramsBy(unary, methodOf);
}

const histogramsBy = (
  buckets: readonly Sample[],
  key: (bucket: Sample) => string,
): Readonly<Record<string, Histogram>> => {
  const kinds = Map.groupBy(buckets, key);
  if (kinds.size > MOST_KINDS) return {};
  return Object.fromEntries(
    Array.from(kinds, ([of, some]) => [of, histogramOf(some)] as const).filter(
      (entry): entry is [string, Histogram] => entry[1] !== null,
    ),
  );
};

/**
 * What a member measures of itself, from its /metrics. `whose` names who answered, as in "the member on master-1".
 * Throws a LinkFailure for a page that holds nothing of etcd, and for one that is too long to be of it.
 */
export function decodeFigures(page: string, whose: string): EtcdFigures {
  if (page.length > MOST_METRICS) throw tooLong(whose, MOST_METRICS);
  const samples = Map.groupBy(samplesIn(page, WANTED), ({ name }) => name);
  const ofEtcd = Object.values(NAMES).filter((name) => name.startsWith('etcd_'));
  if (!ofEtcd.some((name) => samples.has(name))) throw notEtcd(whose, 'the metrics of etcd', page);
  const startedAt = figure(samples, NAMES.startedAt);
  return {
    id: idOf(samples),
    version: labelled(samples, NAMES.version, 'server_version'),
    startedAt: startedAt === null ? null : Math.round(startedAt * 1_000),
    hasLeader: flag(samples, NAMES.hasLeader),
    isLeader: flag(samples, NAMES.isLeader),
    isLearner: flag(samples, NAMES.isLearner),
    dbSize: figure(samples, NAMES.dbSize),
    dbSizeInUse: figure(samples, NAMES.dbSizeInUse),
    quota: figure(samples, NAMES.quota),
    committed: figure(samples, NAMES.committed),
    applied: figure(samples, NAMES.applied),
    leaderChanges: figure(samples, NAMES.leaderChanges),
    failedProposals: figure(samples, NAMES.failedProposals),
    pendingProposals: figure(samples, NAMES.pendingProposals),
    slowApplies: figure(samples, NAMES.slowApplies),
    peerFailures: peerFailures(samples),
    defragmentations: figure(samples, NAMES.defragmentations),
    fsync: histogramOf(samples.get(NAMES.fsync) ?? []),
    commit: histogramOf(samples.get(NAMES.commit) ?? []),
    roundTrips: roundTrips(samples),
    requests: requests(samples),
    handling: handling(samples),
  };
}
