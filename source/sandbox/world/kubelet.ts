import { microTimestamp, timestamp } from '../clock.ts';
import { without } from '../fields.ts';
import type { Lease, Node, Pod } from '../wire.ts';
import { completedStatus, isFinished, isLeaving, isMirror, runningStatus } from './pods.ts';
import { record, type Site } from './site.ts';
import { keyOf } from './store.ts';

/** How often a kubelet renews its lease, and reports its status when nothing changed. */
const LEASE_SECONDS = 10;
const STATUS_SECONDS = 300;
/** `nodeLeaseDurationSeconds` of the kubelet. */
export const LEASE_DURATION_SECONDS = 40;

export const NODE_LEASE_NAMESPACE = 'kube-node-lease';

/** The kubelets of the site: one for each machine, whether or not there is a Node for it. */
export class Kubelets {
  readonly #site: Site;
  readonly #machines: ReadonlySet<string>;
  readonly #silent = new Set<string>();
  readonly #addresses = new Map<string, number>();
  /** Seconds that the pods of an owner take; others never end by themselves. */
  readonly #takes: (pod: Pod) => number | null;
  #second = 0;

  constructor(site: Site, machines: readonly string[], takes: (pod: Pod) => number | null) {
    this.#site = site;
    this.#machines = new Set(machines);
    this.#takes = takes;
  }

  /** Whether the machine of this name is up. */
  isAlive(name: string): boolean {
    return this.#machines.has(name) && !this.#silent.has(name);
  }

  /** A machine that is silent reports nothing, starts nothing and stops nothing, until it is back. */
  silence(name: string): void {
    this.#silent.add(name);
  }

  revive(name: string): void {
    this.#silent.delete(name);
    this.report(name);
    for (const pod of [...this.#site.index.on(name)]) this.#tend(pod);
  }

  /** Heartbeats go on for as long as they shall. */
  run(beats: () => boolean): void {
    const { pods } = this.#site;
    for (const pod of pods.values()) this.#tend(pod);
    pods.subscribe(({ type, object }) => {
      if (type === 'DELETED') this.#restoreMirror(object);
      else this.#tend(object);
    });
    this.#beat(beats);
  }

  /** Addresses are given out in turn, and again once the range of the node is used up. */
  podAddress(node: Node): string {
    const { name } = node.metadata;
    const next = ((this.#addresses.get(name) ?? 1) % 254) + 1;
    this.#addresses.set(name, next);
    const { podCIDR = '10.233.0.0/24' } = node.spec;
    return `${podCIDR.slice(0, podCIDR.lastIndexOf('.'))}.${next}`;
  }

  leaseOf({ metadata }: Node): Lease {
    const { clock, random } = this.#site;
    const { apiVersion, kind } = { apiVersion: 'v1', kind: 'Node' };
    return {
      metadata: {
        name: metadata.name,
        namespace: NODE_LEASE_NAMESPACE,
        uid: random.uuid(),
        resourceVersion: '',
        creationTimestamp: metadata.creationTimestamp,
        ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
      },
      spec: {
        holderIdentity: metadata.name,
        leaseDurationSeconds: LEASE_DURATION_SECONDS,
        renewTime: microTimestamp(clock.now()),
      },
    };
  }

  /** Each second the machines whose turn it is: beats are spread, as they are on a real site. */
  #beat(beats: () => boolean): void {
    if (!beats()) return;
    this.#site.after(1000, () => {
      this.#second += 1;
      let index = 0;
      for (const name of this.#machines) {
        index += 1;
        if (!this.isAlive(name)) continue;
        const givenUp = this.#site.nodes.get(name)?.status.conditions?.some(({ status }) => status === 'Unknown');
        if (givenUp || (this.#second + index * 7) % STATUS_SECONDS === 0) this.report(name);
        else if ((this.#second + index) % LEASE_SECONDS === 0) this.#renew(name);
      }
      this.#beat(beats);
    });
  }

  #renew(name: string): void {
    const { leases, nodes, clock } = this.#site;
    const key = `${NODE_LEASE_NAMESPACE}/${name}`;
    const node = nodes.get(name);
    const renewTime = microTimestamp(clock.now());
    const lease = leases.update(key, (present) => ({ ...present, spec: { ...present.spec, renewTime } }));
    if (!lease && node) leases.put(this.leaseOf(node));
  }

  /** Reports that the machine is well: what the node controller had given up on is taken back. */
  report(name: string): void {
    const { nodes, clock } = this.#site;
    const at = timestamp(clock.now());
    this.#renew(name);
    nodes.update(name, (node) => ({
      ...node,
      status: {
        ...node.status,
        conditions: (node.status.conditions ?? []).map((each) => {
          if (each.type === 'NetworkUnavailable') return each;
          if (each.status !== 'Unknown') return { ...each, lastHeartbeatTime: at };
          const ready = each.type === 'Ready';
          return {
            type: each.type,
            status: ready ? 'True' : 'False',
            lastHeartbeatTime: at,
            lastTransitionTime: at,
            reason: ready ? 'KubeletReady' : `KubeletHasNo${each.type}`,
            message: ready ? 'kubelet is posting ready status' : 'kubelet is posting status again',
          } as const;
        }),
      },
    }));
  }

  /** Starts what waits on a living machine, and stops what has to go. */
  #tend(pod: Pod): void {
    const { nodeName } = pod.spec;
    if (nodeName === undefined || !this.isAlive(nodeName)) return;
    const key = keyOf(pod);
    const { uid } = pod.metadata;
    const same = (): Pod | null => {
      const present = this.#site.pods.get(key);
      return present?.metadata.uid === uid && this.isAlive(nodeName) ? present : null;
    };
    if (isLeaving(pod)) this.#later(1000, 2500, () => this.#end(same()));
    else if (pod.status.phase === 'Pending') this.#later(800, 2500, () => this.#start(same()));
    else if (pod.status.phase === 'Running') {
      const takes = this.#takes(pod);
      if (takes !== null) this.#later(takes * 1000, takes * 1000, () => this.#complete(same()));
    }
  }

  #later(low: number, high: number, action: () => void): void {
    this.#site.after(this.#site.random.between(low, high), action);
  }

  #start(pod: Pod | null): void {
    const { pods, nodes, clock } = this.#site;
    const node = nodes.get(pod?.spec.nodeName ?? '');
    if (!pod || !node || pod.status.phase !== 'Pending' || isLeaving(pod)) return;
    for (const { name, image } of pod.spec.containers) {
      this.#tell(pod, 'Pulled', `Container image "${image}" already present on machine`);
      this.#tell(pod, 'Created', `Created container ${name}`);
      this.#tell(pod, 'Started', `Started container ${name}`);
    }
    pods.put({ ...pod, status: runningStatus(pod, node, this.podAddress(node), clock.now()) });
  }

  #complete(pod: Pod | null): void {
    if (!pod || isFinished(pod) || isLeaving(pod)) return;
    this.#site.pods.put({ ...pod, status: completedStatus(pod, this.#site.clock.now()) });
  }

  #end(pod: Pod | null): void {
    if (!pod) return;
    if (pod.status.phase === 'Running') {
      for (const { name } of pod.spec.containers) this.#tell(pod, 'Killing', `Stopping container ${name}`);
    }
    this.#site.pods.remove(keyOf(pod));
  }

  #tell(pod: Pod, reason: string, message: string): void {
    const host = pod.spec.nodeName ?? '';
    record(this.#site, 'Pod', pod, { reason, message, component: 'kubelet', host });
  }

  /** A mirror that was deleted comes back: its file is still on the machine. */
  #restoreMirror(pod: Pod): void {
    const { pods, nodes, clock, random } = this.#site;
    const { nodeName = '' } = pod.spec;
    if (!isMirror(pod)) return;
    this.#site.after(1000, () => {
      if (!this.isAlive(nodeName) || !nodes.get(nodeName) || pods.get(keyOf(pod))) return;
      const metadata = without(pod.metadata, 'deletionTimestamp', 'deletionGracePeriodSeconds');
      const created = { uid: random.uuid(), creationTimestamp: timestamp(clock.now()) };
      pods.put({ ...pod, metadata: { ...metadata, ...created } });
    });
  }
}
