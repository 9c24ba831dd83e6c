import type { SandboxClock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { Revisions } from '../store.ts';
import { EtcdMember, GOOD_DISK, type Disk } from './member.ts';

/** The version that MetalK8s 129 deploys. */
export const ETCD_VERSION = '3.5.15';

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;
const PAGE = 4096;
/** What etcd takes when it is given no `--quota-backend-bytes`. */
export const QUOTA = 2 * GIBIBYTE;

/** Bytes of an object, and of a revision that has not been compacted away. */
const OBJECT_BYTES = 1600;
const REVISION_BYTES = 1400;
/** The API server compacts what is older than this, each time that so much has passed (`--etcd-compaction-interval`). */
const COMPACTION_MILLISECONDS = 300_000;
/** Writes a second of a site in its past. */
const WRITES_A_SECOND = 9;
/** Entries of the log that are no writes of objects: elections, leases, members. */
const ENTRIES_BESIDE = 48_211;
/** What a defragmentation rewrites in a second, and takes at least, in ms. */
const REWRITTEN = 256 * MEBIBYTE;
const DEFRAGMENTATION_MILLISECONDS = 600;
/** Proposals that fail in a second while nobody leads. */
const FAILURES_A_SECOND = 0.5;

/** For so long nobody looks whether the file has grown over its quota. */
const SETTLING_MILLISECONDS = 1000;

/** In what state the members of a site are when it begins. */
export type EtcdConditions = {
  /** Bytes of keys that will not go away, beside the objects of the site. */
  kept?: number;
  /** Bytes of history that the next compaction takes away. */
  history?: number;
  /** Share of the file that is free pages. */
  free?: number;
  /** Bytes a second that somebody adds. */
  growth?: number;
  /** The disk of the member at this place; the others' are good. */
  disks?: Readonly<Record<number, Disk>>;
  /** How long ago its processes were started, in ms. */
  since?: number;
};

export type EtcdSurroundings = {
  clock: SandboxClock;
  random: Random;
  revisions: Revisions;
  /** The nodes that have a member, with their addresses in the control plane. */
  places: readonly { node: string; address: string }[];
  /** Whether the machine of a node is up. */
  isAlive: (node: string) => boolean;
  /** How many objects there are. */
  objects: () => number;
  /** Does something later, whether or not anything can be written. */
  after: (milliseconds: number, callback: () => void) => void;
  /** Called when the process of a member ends or begins. */
  tell: (member: EtcdMember) => void;
};

/**
 * The etcd of a site: its members, who leads, what they hold and what they refuse. What follows from writes and from
 * time is worked out when somebody asks.
 */
export class Etcd {
  /** In the order of their nodes. */
  readonly members: readonly EtcdMember[];
  readonly cluster: bigint;
  readonly quota = QUOTA;
  readonly #surroundings: EtcdSurroundings;
  readonly #since: number;
  readonly #growth: number;
  readonly #kept: number;
  readonly #alarmed = new Set<EtcdMember>();
  readonly #listeners = new Set<() => void>();
  #leader: EtcdMember | null;
  #term = 4;
  #settledAt: number;
  #history: number;
  #compacted: number;
  /** When the API server last compacted, and the revision that it will compact to the next time. */
  #turn: { at: number; revision: number };

  constructor(surroundings: EtcdSurroundings, conditions: EtcdConditions = {}) {
    const { clock, random, revisions, places } = surroundings;
    const {
      kept = 38 * MEBIBYTE,
      history = 0,
      free = 0.35,
      growth = 0,
      disks = {},
      since = 41 * 86_400_000,
    } = conditions;
    const now = clock.now();
    this.#surroundings = surroundings;
    this.#since = now;
    this.#settledAt = now;
    this.#growth = growth;
    this.#kept = kept;
    this.#history = history;
    this.#compacted = revisions.current;
    this.#turn = { at: now, revision: revisions.current };
    this.cluster = identifier(random);
    const started = now - since;
    this.members = places.map(
      ({ node, address }, place) =>
        new EtcdMember({
          id: identifier(random),
          node,
          address,
          disk: disks[place] ?? GOOD_DISK,
          size: pages(this.inUse / (1 - free) + random.between(0, 64) * PAGE),
          revision: revisions.current,
          settledAt: started,
        }),
    );
    this.#leader = this.members[1] ?? this.members[0] ?? null;
    for (const member of this.members) {
      member.begin(started, this.members);
      const seconds = (now - started) / 1000;
      member.process.live(member, {
        seconds,
        writes: Math.round(seconds * WRITES_A_SECOND),
        leads: member === this.#leader,
        answers: () => true,
      });
      member.settledAt = now;
      if (member.size > QUOTA) this.#alarmed.add(member);
    }
  }

  get term(): number {
    return this.#term;
  }

  get revision(): number {
    return this.#surroundings.revisions.current;
  }

  /** The revision of the last compaction. */
  get compacted(): number {
    return this.#compacted;
  }

  /** The entry of the log that a member has last applied. */
  indexOf({ revision }: EtcdMember): number {
    return revision + ENTRIES_BESIDE + this.#term;
  }

  /** Keys that there are. */
  get keys(): number {
    return this.#surroundings.objects();
  }

  /** Bytes that are in use, of any member's file. */
  get inUse(): number {
    const { clock, objects, revisions } = this.#surroundings;
    const grown = ((clock.now() - this.#since) / 1000) * this.#growth;
    const lasting = this.#kept + objects() * OBJECT_BYTES + grown;
    return pages(lasting + this.#history + (revisions.current - this.#compacted) * REVISION_BYTES);
  }

  /** The member on a node. */
  on(node: string): EtcdMember | undefined {
    return this.members.find((member) => member.node === node);
  }

  isRunning({ stopped, node }: EtcdMember): boolean {
    return !stopped && this.#surroundings.isAlive(node);
  }

  /** Whether more than half of the members run. */
  get hasQuorum(): boolean {
    return this.members.filter((member) => this.isRunning(member)).length * 2 > this.members.length;
  }

  /** Who leads, or null while nobody does. */
  get leader(): EtcdMember | null {
    this.#elect();
    return this.#leader;
  }

  /** The members that raised NOSPACE. */
  get alarms(): readonly EtcdMember[] {
    this.settle();
    return this.members.filter((member) => this.#alarmed.has(member));
  }

  /** Why nothing can be written now; null when it can. A site without members keeps what it has elsewhere. */
  get refusal(): 'no quorum' | 'no space' | null {
    if (this.members.length === 0) return null;
    if (this.#surroundings.clock.now() - this.#settledAt >= SETTLING_MILLISECONDS) this.settle();
    if (!this.hasQuorum) return 'no quorum';
    return this.#alarmed.size > 0 ? 'no space' : null;
  }

  /** Brings all that runs up to the present. */
  settle(): void {
    const now = this.#surroundings.clock.now();
    this.#settledAt = now;
    const leader = this.leader;
    this.#compactInTurn(now);
    const { inUse } = this;
    for (const member of this.members) {
      if (!this.isRunning(member)) continue;
      const seconds = Math.max(0, now - member.settledAt) / 1000;
      const writes = leader ? this.revision - member.revision : 0;
      member.settledAt = now;
      if (leader) member.revision = this.revision;
      else member.process.failedProposals += seconds * FAILURES_A_SECOND;
      member.process.live(member, {
        seconds,
        writes,
        leads: member === leader,
        answers: (peer) => this.isRunning(peer),
      });
      if (inUse > member.size) member.size = inUse;
      const written = writes > 0 || this.#growth > 0;
      if (leader && written && member.size > this.quota) this.#alarmed.add(member);
    }
  }

  /** The process of a member ends and does not come back by itself. */
  stop(node: string): void {
    this.#change(node, (member) => {
      member.stopped = true;
    });
  }

  /** The process of a member begins anew. */
  start(node: string): void {
    this.#change(node, (member) => {
      member.stopped = false;
      member.begin(this.#surroundings.clock.now(), this.members);
    });
  }

  #change(node: string, change: (member: EtcdMember) => void): void {
    const member = this.on(node);
    if (!member) throw new Error(`there is no member of etcd on ${node}`);
    this.settle();
    change(member);
    this.#surroundings.tell(member);
    this.reconsider();
  }

  /** Sees who runs now, and lets those know who want to. */
  reconsider(): void {
    this.#elect();
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls back whenever a member may have gone or come back. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Drops the history before a revision. Answers why not, as etcd says it, or null. */
  compact(revision: number): string | null {
    if (revision > this.revision) return 'etcdserver: mvcc: required revision is a future revision';
    if (revision <= this.#compacted) return 'etcdserver: mvcc: required revision has been compacted';
    this.settle();
    this.#history = 0;
    this.#compacted = revision;
    return null;
  }

  /** Rewrites the file of a member, which can do nothing else until `done`. */
  defragment(member: EtcdMember, done: () => void): void {
    this.settle();
    const milliseconds = DEFRAGMENTATION_MILLISECONDS + (member.size / REWRITTEN) * 1000;
    member.defragmenting = true;
    this.#surroundings.after(milliseconds, () => {
      member.defragmenting = false;
      member.size = this.inUse;
      if (this.isRunning(member)) member.process.defragmentations.add({ median: milliseconds / 1000, shape: 20 }, 1);
      done();
    });
  }

  /** Takes the alarms back; they come again with the next write when there is still no room. */
  disarm(): readonly EtcdMember[] {
    const { alarms } = this;
    this.#alarmed.clear();
    return alarms;
  }

  /** Hands the lead over. Answers why not, as etcd says it, or null. */
  moveLeader(target: bigint): string | null {
    const next = this.members.find(({ id }) => id === target);
    if (!next || !this.isRunning(next)) return 'etcdserver: bad leader transferee';
    this.settle();
    if (next !== this.#leader) this.#lead(next);
    return null;
  }

  /** Somebody else leads when the leader is gone, nobody without a quorum. */
  #elect(): void {
    const leader = this.#leader;
    if (!this.hasQuorum) this.#leader = null;
    else if (!leader || !this.isRunning(leader)) {
      const next = this.members.find((member) => this.isRunning(member));
      if (next) this.#lead(next);
    }
  }

  #lead(member: EtcdMember): void {
    this.#leader = member;
    this.#term += 1;
    for (const each of this.members) if (this.isRunning(each)) each.process.leaderChanges += 1;
  }

  #compactInTurn(now: number): void {
    if (now - this.#turn.at < COMPACTION_MILLISECONDS || !this.#leader || this.#alarmed.size > 0) return;
    this.#compacted = Math.max(this.#compacted, this.#turn.revision);
    this.#history = 0;
    this.#turn = { at: now, revision: this.revision };
  }
}

const pages = (bytes: number): number => Math.ceil(bytes / PAGE) * PAGE;

/** An uint64 that no number of JavaScript can hold. */
function identifier(random: Random): bigint {
  const half = (low: number): bigint => BigInt(random.between(low, 0xffff_ffff));
  return (half(0x1000_0000) << 32n) | half(0);
}
