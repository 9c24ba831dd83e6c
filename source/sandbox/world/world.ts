import { seededRandom } from '../random.ts';
import { laggingClock, type SandboxClock } from '../clock.ts';
import type { KubernetesEvent, KubernetesObject, Lease, Node, Pod } from '../wire.ts';
import { Etcd, type EtcdConditions } from './etcd/etcd.ts';
import { reportMember } from './etcd/member-pods.ts';
import { runBudgets } from './budgets.ts';
import { runChurn } from './churn.ts';
import { Kubelets } from './kubelet.ts';
import { seedBackups } from './backups.ts';
import { runLeaders } from './leaders.ts';
import { loadOf, type Load } from './load.ts';
import { controlAddress, type Machine } from './machines.ts';
import { runNodeLifecycle } from './node-lifecycle.ts';
import { Owners } from './owners.ts';
import { PodIndex } from './pod-index.ts';
import { runScheduler } from './scheduler.ts';
import { seedWorld } from './seed.ts';
import { expireEvents, type Site } from './site.ts';
import { Collection, Revisions } from './store.ts';
import { usageOf, type NodeUsage, type PodUsage, type Usage } from './usage.ts';
import { runVolumeBinding } from './volume-binding.ts';
import { runVolumeOperator } from './volume-operator.ts';
import type { Workload } from './workloads/workload.ts';

/** The resourceVersion of a site that has been busy for weeks. */
const FIRST_REVISION = 4_812_300;

/** How long those wait who could not write. */
const RETRY_MILLISECONDS = 1000;

export type WorldOptions = {
  machines: readonly Machine[];
  workloads: readonly Workload[];
  /** Names of all collections that the API serves. */
  collections: readonly string[];
  clock: SandboxClock;
  seed: number;
  /** Whether kubelets renew leases and report status. */
  heartbeats: boolean;
  /** Whether CronJobs run and applications are rolled out. */
  churn: boolean;
  /** The state of etcd at the beginning; well when nothing is said. */
  etcd?: EtcdConditions;
  /** What happened to the site before the present, and how many milliseconds ago that began. */
  past?: Past;
  future?: Future;
};

/** What will happen, and in how many milliseconds. */
export type Future = { after: number; happens: (world: World) => void };
export type Past = { ago: number; happens: (world: World) => void };

/** One cluster that lives: its objects, and what happens to them by itself. */
export class World {
  readonly nodes: Collection<Node>;
  readonly pods: Collection<Pod>;
  readonly events: Collection<KubernetesEvent>;
  readonly leases: Collection<Lease>;
  readonly revisions = new Revisions(FIRST_REVISION);
  readonly #collections: ReadonlyMap<string, Collection>;
  readonly #site: Site;
  readonly #kubelets: Kubelets;
  readonly #usage: Usage;
  readonly etcd: Etcd;
  readonly #copyArchive: () => void;
  /** Changes beyond what happens by itself. */
  readonly load: Load;
  readonly #timers = new Set<() => void>();
  #stopped = false;

  constructor(options: WorldOptions) {
    const { machines, workloads, collections, clock: present, seed, heartbeats, churn, past } = options;
    const clock = laggingClock(present, past === undefined ? 0 : past.ago);
    this.#collections = new Map(collections.map((name) => [name, new Collection(this.revisions, clock)]));
    // Each of these collections holds the objects of its own kind and no others.
    const of = <T extends KubernetesObject>(name: string): Collection<T> =>
      this.collection(name) as unknown as Collection<T>;
    this.nodes = of('nodes');
    this.pods = of('pods');
    this.events = of('events');
    this.leases = of('leases');
    this.#site = {
      clock,
      random: seededRandom(seed),
      nodes: this.nodes,
      pods: this.pods,
      leases: this.leases,
      events: this.events,
      storage: {
        volumes: of('persistentvolumes'),
        claims: of('persistentvolumeclaims'),
        classes: of('storageclasses'),
      },
      devices: of('volumes'),
      budgets: of('poddisruptionbudgets'),
      collection: (name) => this.collection(name),
      index: new PodIndex(this.pods),
      after: (milliseconds, callback) => this.#afterWritable(milliseconds, callback),
    };
    const owners = new Owners(this.#site);
    const names = machines.map(({ name }) => name);
    this.#kubelets = new Kubelets(this.#site, names, (pod) => owners.ofPod(pod)?.workload.takes ?? null);
    this.load = loadOf({
      site: this.#site,
      kubelets: this.#kubelets,
      ownerOf: (pod) => owners.ofPod(pod),
      random: seededRandom(seed + 2),
    });
    this.#usage = usageOf(this.#site, (name) => this.#kubelets.isAlive(name));
    const parents = seedWorld(this.#site, machines, workloads, owners, this.#kubelets);
    this.etcd = new Etcd(
      {
        clock,
        random: seededRandom(seed + 3),
        revisions: this.revisions,
        places: machines
          .filter(({ roles }) => roles.includes('etcd'))
          .map((machine) => ({ node: machine.name, address: controlAddress(machine) })),
        isAlive: (node) => this.#kubelets.isAlive(node),
        objects: () => this.#objects(),
        after: (milliseconds, callback) => this.after(milliseconds, callback),
        tell: (member) => reportMember(this.#site, this.etcd, member),
      },
      options.etcd,
    );
    let living = past !== undefined;
    const beats = (): boolean => living || heartbeats;
    runScheduler(this.#site);
    runVolumeBinding(this.#site);
    runVolumeOperator(this.#site, (name) => this.#kubelets.isAlive(name));
    runBudgets(this.#site, (pod) => owners.ofPod(pod));
    runNodeLifecycle(this.#site, beats);
    this.#kubelets.run(beats);
    this.#copyArchive = seedBackups(this.#site, machines, seededRandom(seed + 4));
    runLeaders(
      this.#site,
      machines.filter(({ roles }) => roles.includes('master')).map(({ name }) => name),
      (name) => this.#kubelets.isAlive(name),
      beats,
      seededRandom(seed + 5),
    );
    owners.run();
    if (churn) runChurn(this.#site, owners, workloads, parents);
    this.#expireEvents();
    past?.happens(this);
    clock.catchUp();
    living = false;
    this.compact();
    const { future } = options;
    if (future) this.after(future.after, () => future.happens(this));
  }

  /** The objects of one resource, by its plural name. */
  collection(name: string): Collection {
    const collection = this.#collections.get(name);
    if (!collection)
      throw new Error(`the sandbox has no collection "${name}"; it is missing in the table of resources`);
    return collection;
  }

  /** Forgets the past of everything: lists that were begun and watches that resume get 410. */
  compact(): void {
    for (const collection of this.#collections.values()) collection.compact();
  }

  /** The machine stops answering: its node becomes unreachable after 40 seconds without a lease. */
  silence(node: string): void {
    this.#kubelets.silence(node);
    this.etcd.reconsider();
  }

  /** Whether the machine of a node is up. */
  isAlive(node: string): boolean {
    return this.#kubelets.isAlive(node);
  }

  /** The machine is back. */
  revive(node: string): void {
    this.#kubelets.revive(node);
    this.etcd.reconsider();
  }

  /** The bootstrap node makes an archive, and the masters copy it. Answers why they cannot, or null. */
  copyArchive(): string | null {
    if (this.etcd.refusal !== null) return 'Jobs cannot be created';
    this.#copyArchive();
    return null;
  }

  /** What each machine that can be measured uses now; worked out when it is read. */
  nodeUsage(): Iterable<NodeUsage> {
    return this.#usage.nodes();
  }

  /** What each pod that can be measured uses now, container by container, in order of namespace and name. */
  podUsage(): Iterable<PodUsage> {
    return this.#usage.pods();
  }

  /** Nothing happens by itself any more. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #objects(): number {
    let objects = 0;
    for (const { size } of this.#collections.values()) objects += size;
    return objects;
  }

  /** Controllers and kubelets try again and again what cannot be written. */
  #afterWritable(milliseconds: number, callback: () => void): () => void {
    const attempt = (): void => {
      if (this.etcd.refusal === null) callback();
      else cancel = this.after(RETRY_MILLISECONDS, attempt);
    };
    let cancel = this.after(milliseconds, attempt);
    return () => cancel();
  }

  /** Does something later, whether or not anything can be written. */
  after(milliseconds: number, callback: () => void): () => void {
    if (this.#stopped) return () => undefined;
    const cancel = this.#site.clock.after(milliseconds, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }

  #expireEvents(): void {
    this.#site.after(60_000, () => {
      expireEvents(this.#site);
      this.#expireEvents();
    });
  }
}
