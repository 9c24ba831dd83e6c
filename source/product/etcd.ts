const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Figures of a member that alerts are about, each made from what it tells over time. */
export type SampledFigure =
  /** 1 while a member sees no leader, else 0. */
  | 'leaderless'
  /** How often the leader changed. */
  | 'leaderChanges'
  /** By their part, of the method that fails most. */
  | 'failedRequests'
  /** Seconds, of the slowest method or peer. */
  | 'requestTime'
  | 'roundTrip'
  /** A second. */
  | 'failedProposals'
  | 'peerFailures'
  /** Seconds. */
  | 'fsyncP99'
  | 'commitP99'
  /** Parts of the quota: taken now, and in some hours by a straight line. */
  | 'quotaUsed'
  | 'quotaForeseen';

/** What alerts are about that is judged by who answers, not by figures: a member that is down, and too many of them. */
export type AnsweredFigure = 'silence' | 'quorum';

export type EtcdAlert = {
  readonly name: string;
  readonly severity: 'warning' | 'critical';
  readonly figure: SampledFigure | AnsweredFigure;
  /** It is beyond where it is above this; or reaches it, where that is enough. */
  readonly limit: number;
  readonly reaches?: true;
  /** ms over which the figure is looked at; zero for how it is at a moment. */
  readonly over: number;
  /** ms for which it has to hold. */
  readonly holds: number;
};

/**
 * The alerts of the product about etcd, as they are (MetalK8s: PrometheusRule of group `etcd`). Of a figure with two, the
 * critical one is first. MetalK8s leaves etcdDatabaseHighFragmentationRatio out.
 */
export const ETCD_ALERTS: readonly EtcdAlert[] = [
  alert('etcdInsufficientMembers', 'critical', 'quorum', 0, 0, 3 * MINUTE),
  alert('etcdMembersDown', 'critical', 'silence', 0, 0, 10 * MINUTE),
  alert('etcdMembersDown', 'critical', 'peerFailures', 0.01, 2 * MINUTE, 10 * MINUTE),
  alert('etcdNoLeader', 'critical', 'leaderless', 0, 0, MINUTE),
  alert('etcdDatabaseQuotaLowSpace', 'critical', 'quotaUsed', 0.95, 0, 10 * MINUTE),
  alert('etcdExcessiveDatabaseGrowth', 'warning', 'quotaForeseen', 1, 4 * HOUR, 10 * MINUTE),
  alert('etcdHighFsyncDurations', 'critical', 'fsyncP99', 1, 5 * MINUTE, 10 * MINUTE),
  alert('etcdHighFsyncDurations', 'warning', 'fsyncP99', 0.5, 5 * MINUTE, 10 * MINUTE),
  alert('etcdHighCommitDurations', 'warning', 'commitP99', 0.25, 5 * MINUTE, 30 * MINUTE),
  alert('etcdGRPCRequestsSlow', 'critical', 'requestTime', 0.15, 5 * MINUTE, 10 * MINUTE),
  alert('etcdHighNumberOfFailedGRPCRequests', 'critical', 'failedRequests', 0.05, 5 * MINUTE, 5 * MINUTE),
  alert('etcdHighNumberOfFailedGRPCRequests', 'warning', 'failedRequests', 0.01, 5 * MINUTE, 10 * MINUTE),
  alert('etcdMemberCommunicationSlow', 'warning', 'roundTrip', 0.15, 5 * MINUTE, 10 * MINUTE),
  alert('etcdHighNumberOfFailedProposals', 'warning', 'failedProposals', 5, 15 * MINUTE, 15 * MINUTE),
  { ...alert('etcdHighNumberOfLeaderChanges', 'warning', 'leaderChanges', 4, 15 * MINUTE, 5 * MINUTE), reaches: true },
];

function alert(
  name: string,
  severity: EtcdAlert['severity'],
  figure: EtcdAlert['figure'],
  limit: number,
  over: number,
  holds: number,
): EtcdAlert {
  return { name, severity, figure, limit, over, holds };
}

/**
 * What etcd itself asks for, by which a figure is worth a look and nothing more: seconds (etcd: "FAQ" for disks, "Tuning"
 * for round trips, which are to stay below the heartbeat), and four fifths of the quota.
 */
export const ETCD_WANTED = { fsyncP99: 0.01, commitP99: 0.025, roundTrip: 0.1, quotaUsed: 0.8 } as const;
