import type { EtcdHealth, EtcdSource } from '../model/etcd/etcd.ts';
import type { Reading } from '../model/reading.ts';
import type { Unanswered } from '../model/cluster-event.ts';

/** What a member is; `unknown` while nobody says. A member that was added and never joined is `not-started`. */
export type EtcdRole = 'leader' | 'follower' | 'learner' | 'not-started' | 'unknown';

/** Who told something last and when, and since when they do not. Both null: not asked yet. Times are ms since the epoch. */
export type Learnt = {
  readonly last: { readonly source: EtcdSource; readonly at: number } | null;
  readonly failure: { readonly since: number; readonly failure: Unanswered } | null;
};

/** A figure at a time, ms since the epoch; null where the member told none. */
export type Point = { readonly at: number; readonly value: number | null };

/** A member of etcd, or a node that should run one. Figures of a member that does not answer are its last, stale. */
export type EtcdRow = {
  /** The id where it is known, else the node: stays the same while the picture does. */
  readonly key: string;
  readonly id: string | null;
  /** As the cluster lists it, empty until it has joined; the node's name where no list is known. */
  readonly name: string;
  readonly node: string | null;
  readonly clientUrls: readonly string[];
  readonly role: EtcdRole;
  /** False for a node that should run a member and is not in the list; null while there is no list. */
  readonly isListed: boolean | null;
  /** Counts towards the quorum. */
  readonly isVoter: boolean;
  readonly version: Reading<string>;
  readonly health: Reading<EtcdHealth>;
  /** Since when it is as healthy, as unhealthy or as silent as it is now; null where nobody knows. */
  readonly healthSince: number | null;
  /** Seconds, 99th percentile to the slowest peer. */
  readonly roundTrip: Reading<number>;
  /** Seconds, 99th percentile of the last minutes, or since the member started where there is one sample. */
  readonly fsyncP99: Reading<number>;
  readonly commitP99: Reading<number>;
  /** Bytes. */
  readonly dbSize: Reading<number>;
  readonly dbSizeInUse: Reading<number>;
  readonly quota: Reading<number>;
  /** The part of the file that is free inside, 0 to 1. */
  readonly fragmentation: Reading<number>;
  /** Proposals that it has yet to apply of those that the member furthest ahead has committed. */
  readonly lag: Reading<number>;
  /** Kinds, as in NOSPACE. */
  readonly alarms: Reading<readonly string[]>;
  /** What was counted since the first sample of the last hour; `milliseconds` is how much of the hour that is. */
  readonly lastHour: {
    readonly milliseconds: number | null;
    readonly leaderChanges: Reading<number>;
    readonly failedProposals: Reading<number>;
    readonly slowApplies: Reading<number>;
    readonly peerFailures: Reading<number>;
  };
  /** Seconds, 99th percentiles between samples of the last hour, oldest first. */
  readonly history: { readonly fsyncP99: readonly Point[]; readonly commitP99: readonly Point[] };
  /** Where the figures and the health are from. */
  readonly figuresFrom: Learnt;
  readonly healthFrom: Learnt;
};

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

/** How fast the file of the member grows that is full first; `fullAt` is ms since the epoch, null while it does not grow. */
export type EtcdGrowth = { readonly member: string; readonly bytesPerDay: number; readonly fullAt: number | null };

/** All that is known of etcd now. */
export type EtcdPicture = {
  /** Hex. */
  readonly cluster: Reading<string>;
  /** Sorted by name, then key. */
  readonly members: readonly EtcdRow[];
  readonly quorum: Reading<EtcdQuorum>;
  /** Key of the member that leads; null while there is no leader. */
  readonly leader: Reading<string | null>;
  /** `member` is the key of a row; null where the member that answered does not say which one raised it. */
  readonly alarms: Reading<readonly { readonly member: string | null; readonly kind: string }[]>;
  readonly growth: Reading<EtcdGrowth>;
  /** Where the list of members is from. */
  readonly membershipFrom: Learnt;
};
