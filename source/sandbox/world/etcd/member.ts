import { DEFRAGMENTATION_BOUNDS, DISK_BOUNDS, Observed, PEER_BOUNDS, shareUpTo, type Latency } from './latency.ts';

/** The disk of a member: how long its log takes to be safe, and its database to be written. */
export type Disk = { readonly fsync: Latency; readonly commit: Latency };

export const GOOD_DISK: Disk = { fsync: { median: 0.0011, shape: 3 }, commit: { median: 0.0024, shape: 3 } };

const PEER: Latency = { median: 0.0016, shape: 4 };

/** Members are probed so often, in seconds, and send each other so many messages a second (etcd: rafthttp). */
const PROBE_SECONDS = 4;
const HEARTBEATS = { leader: 10, follower: 2 };

/** The database is written at most ten times a second, whatever waits (etcd: a batch each 100 ms). */
const COMMITS_A_SECOND = 10;
/** What etcd calls a slow apply, in seconds. */
const SLOW = 0.1;

/** Messages that could not be sent to a peer, and how often it was lost. */
export type Peer = { roundTrips: Observed; failures: number; losses: number; active: boolean };

/** What one process of etcd has counted since it was started. */
export class MemberProcess {
  readonly startedAt: number;
  readonly fsync = new Observed(DISK_BOUNDS);
  readonly commit = new Observed(DISK_BOUNDS);
  readonly defragmentations = new Observed(DEFRAGMENTATION_BOUNDS);
  readonly peers: ReadonlyMap<EtcdMember, Peer>;
  writes = 0;
  leaderChanges = 1;
  failedProposals = 0;
  slowApplies = 0;
  healthy = 0;
  unhealthy = 0;

  constructor(startedAt: number, peers: readonly EtcdMember[]) {
    this.startedAt = startedAt;
    this.peers = new Map(
      peers.map((peer) => [peer, { roundTrips: new Observed(PEER_BOUNDS), failures: 0, losses: 0, active: true }]),
    );
  }

  /** Counts what happened in so many seconds; the peers that answer are told. */
  live(
    { disk }: EtcdMember,
    {
      seconds,
      writes,
      leads,
      answers,
    }: { seconds: number; writes: number; leads: boolean; answers: (peer: EtcdMember) => boolean },
  ): void {
    this.writes += writes;
    this.fsync.add(disk.fsync, writes);
    this.commit.add(disk.commit, Math.min(writes, seconds * COMMITS_A_SECOND));
    this.slowApplies += writes * (1 - shareUpTo(disk.commit, SLOW));
    for (const [member, peer] of this.peers) {
      const active = answers(member);
      if (peer.active && !active) peer.losses += 1;
      peer.active = active;
      if (active) peer.roundTrips.add(PEER, seconds / PROBE_SECONDS);
      else peer.failures += seconds * (leads ? HEARTBEATS.leader : HEARTBEATS.follower);
    }
  }
}

/** A member of etcd: one on each node of the role. What survives its process is here. */
export class EtcdMember {
  readonly id: bigint;
  /** Its name too (MetalK8s names members by their nodes). */
  readonly node: string;
  /** Of the control plane. */
  readonly address: string;
  disk: Disk;
  /** Bytes of its file. */
  size: number;
  /** The last revision that it has. */
  revision: number;
  /** Until when it was last brought up to date, in ms since the epoch. */
  settledAt: number;
  stopped = false;
  /** Whether it rewrites its file and can do nothing else. */
  defragmenting = false;
  #process: MemberProcess | null = null;

  constructor(given: Pick<EtcdMember, 'id' | 'node' | 'address' | 'disk' | 'size' | 'revision' | 'settledAt'>) {
    this.id = given.id;
    this.node = given.node;
    this.address = given.address;
    this.disk = given.disk;
    this.size = given.size;
    this.revision = given.revision;
    this.settledAt = given.settledAt;
  }

  get hex(): string {
    return this.id.toString(16);
  }

  get clientUrl(): string {
    return `https://${this.address}:2379`;
  }

  get peerUrl(): string {
    return `https://${this.address}:2380`;
  }

  get process(): MemberProcess {
    if (!this.#process) throw new Error(`the member on ${this.node} was not started`);
    return this.#process;
  }

  /** Begins a new process, with all its counters at nothing. */
  begin(at: number, members: readonly EtcdMember[]): void {
    this.#process = new MemberProcess(
      at,
      members.filter((other) => other !== this),
    );
    this.settledAt = at;
  }
}
