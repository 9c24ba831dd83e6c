import type { Histogram } from '../histogram.ts';

/** A member as the cluster lists it. Ids are uint64: hex without leading zeros, as etcd prints them in metrics and tables. */
export type EtcdMember = {
  readonly id: string;
  /** Empty while the member has not started (etcd: a member that was added and never joined). */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
};

/** An alarm by the member it is about, null where etcd does not say; `kind` as etcd names it, NOSPACE or CORRUPT today. */
export type EtcdAlarm = { readonly member: string | null; readonly kind: string };

/** What the members agree on, as one of them tells it. */
export type EtcdMembership = {
  /** Hex. */
  readonly cluster: string;
  readonly members: readonly EtcdMember[];
  readonly alarms: readonly EtcdAlarm[];
  /** Id of the leader; null while there is none. */
  readonly leader: string | null;
};

/** What a member measures of itself, from its own /metrics. Null is not told (another version, a sample that is no number). */
export type EtcdFigures = {
  readonly id: string | null;
  readonly version: string | null;
  readonly startedAt: number | null;
  readonly hasLeader: boolean | null;
  readonly isLeader: boolean | null;
  readonly isLearner: boolean | null;
  /** Bytes. */
  readonly dbSize: number | null;
  readonly dbSizeInUse: number | null;
  readonly quota: number | null;
  /** Proposals, which follow the index of raft: between members they tell who lags. */
  readonly committed: number | null;
  readonly applied: number | null;
  /** Counted since the member started. */
  readonly leaderChanges: number | null;
  readonly failedProposals: number | null;
  readonly pendingProposals: number | null;
  readonly slowApplies: number | null;
  readonly peerFailures: number | null;
  readonly defragmentations: number | null;
  /** Seconds. */
  readonly fsync: Histogram | null;
  readonly commit: Histogram | null;
  /** By the id of the peer. */
  readonly roundTrips: Readonly<Record<string, Histogram>>;
  /** Requests answered since the member started, by method, as in "KV/Range"; of methods that were called. */
  readonly requests: Readonly<Record<string, RequestCount>> | null;
  /** Seconds that its unary requests took, by method. Empty unless etcd was started with extensive metrics. */
  readonly handling: Readonly<Record<string, Histogram>>;
};

/** Requests of one method, and those of them that ended in an error of the server's. */
export type RequestCount = { readonly all: number; readonly failed: number };

/** What a member answers when asked for its health: `reason` as it says it, as in "RAFT NO LEADER". */
export type EtcdHealth = { readonly healthy: boolean; readonly reason: string };

/** How something of etcd was learnt. */
export type EtcdSource = 'pod proxy' | 'etcdctl' | 'directly';
