import type { Node, Pod } from '../wire.ts';
import { markForDeletion } from './node-lifecycle.ts';
import { publishDeployment, publishOwner, removeOwnerObject } from './owner-objects.ts';
import { isEligible, mayStay, newClaims, podOf, targetOf, type Owner } from './owner.ts';
import { isFinished, isLeaving, isReady } from './pods.ts';
import type { Site } from './site.ts';
import { keyOf } from './store.ts';

/** Milliseconds until a controller looks at its pods again; one that has many of them looks less often. */
const patience = (pods: number): number => Math.max(100, pods);

/** What of a pod its controller goes by. */
const standingOf = (pod: Pod): string =>
  [pod.metadata.uid, pod.spec.nodeName, pod.status.phase, isReady(pod), isLeaving(pod)].join();

/** What of a node decides which daemons it has. */
const groundsOf = ({ metadata, spec }: Node): string => JSON.stringify([metadata.labels, spec.taints]);

/** The controllers of workloads: they see to it that each owner has the pods that it should. */
export class Owners {
  readonly #site: Site;
  readonly #owners = new Map<string, Owner>();
  /** Owners under one Deployment or CronJob, oldest first. */
  readonly #byParent = new Map<string, Owner[]>();
  readonly #due = new Set<string>();

  constructor(site: Site) {
    this.#site = site;
  }

  get(uid: string): Owner | undefined {
    return this.#owners.get(uid);
  }

  all(): Iterable<Owner> {
    return this.#owners.values();
  }

  add(owner: Owner): void {
    this.#owners.set(owner.uid, owner);
    const { uid = '' } = owner.parent ?? {};
    this.#byParent.set(uid, [...(this.#byParent.get(uid) ?? []), owner]);
  }

  scale(owner: Owner, desired: number): void {
    owner.desired = desired;
    this.#reconcileSoon(owner.uid);
  }

  /** The owner of a pod, if it is one of these. */
  ofPod({ metadata }: Pod): Owner | undefined {
    const uid = metadata.ownerReferences?.[0]?.uid;
    return uid === undefined ? undefined : this.#owners.get(uid);
  }

  /** Forgets an owner with its object and its pods. */
  drop(owner: Owner): void {
    const { uid = '' } = owner.parent ?? {};
    this.#owners.delete(owner.uid);
    this.#byParent.set(
      uid,
      (this.#byParent.get(uid) ?? []).filter((each) => each !== owner),
    );
    removeOwnerObject(this.#site, owner);
    for (const pod of [...this.#site.index.ownedBy(owner.uid)]) {
      if (isFinished(pod)) this.#site.pods.remove(keyOf(pod));
      else markForDeletion(this.#site, pod);
    }
  }

  run(): void {
    const { pods, nodes } = this.#site;
    pods.subscribe(({ type, object, previous }) => {
      if (type === 'MODIFIED' && previous && standingOf(previous) === standingOf(object)) return;
      const owner = this.ofPod(object);
      if (owner) this.#reconcileSoon(owner.uid);
    });
    nodes.subscribe(({ type, object, previous }) => {
      if (type === 'MODIFIED' && previous && groundsOf(previous) === groundsOf(object)) return;
      for (const owner of this.#owners.values()) if (owner.kind === 'DaemonSet') this.#reconcileSoon(owner.uid);
    });
    for (const { uid, desired } of this.#owners.values()) {
      const owned = [...this.#site.index.ownedBy(uid)];
      if (owned.length < desired || owned.some(({ spec }) => spec.nodeName === undefined)) this.#reconcileSoon(uid);
    }
  }

  /** Once for all that happens in a moment. */
  #reconcileSoon(uid: string): void {
    if (this.#due.has(uid)) return;
    this.#due.add(uid);
    this.#site.after(patience(this.#site.index.countOf(uid)), () => {
      this.#due.delete(uid);
      const owner = this.#owners.get(uid);
      if (owner) this.#reconcile(owner);
    });
  }

  #reconcile(owner: Owner): void {
    if (owner.kind === 'DaemonSet') this.#reconcileDaemons(owner);
    else if (owner.kind !== 'Job') this.#reconcileReplicas(owner);
    publishOwner(this.#site, owner);
    if (owner.parent) publishDeployment(this.#site, this.#byParent.get(owner.parent.uid) ?? []);
  }

  #reconcileReplicas(owner: Owner): void {
    const owned = [...this.#site.index.ownedBy(owner.uid)].filter((pod) => !isFinished(pod));
    // The name of a StatefulSet's pod is free only once the old one has gone.
    const counted = owner.kind === 'StatefulSet' ? owned : owned.filter((pod) => !isLeaving(pod));
    for (let missing = owner.desired - counted.length; missing > 0; missing -= 1) this.#create(owner);
    const surplus = Math.max(0, counted.length - owner.desired);
    for (const pod of counted.slice(counted.length - surplus)) markForDeletion(this.#site, pod);
  }

  /** Starts daemons where they should be, and stops those that may no longer stay. */
  #reconcileDaemons(owner: Owner): void {
    const { nodes, index } = this.#site;
    const held = new Set<string | undefined>();
    for (const pod of [...index.ownedBy(owner.uid)]) {
      const node = nodes.get(targetOf(pod) ?? '');
      const stays =
        node !== undefined && mayStay(owner, node) && (pod.spec.nodeName !== undefined || isEligible(owner, node));
      if (!stays) markForDeletion(this.#site, pod);
      if (stays || pod.spec.nodeName !== undefined) held.add(targetOf(pod));
    }
    for (const node of nodes.values()) {
      if (!held.has(node.metadata.name) && isEligible(owner, node)) this.#create(owner, node);
    }
  }

  #create(owner: Owner, node?: Node): void {
    const { pods, storage, clock } = this.#site;
    const pod = podOf(this.#site, owner, clock.now(), node);
    for (const claim of newClaims(this.#site, owner, pod, clock.now())) {
      if (!storage.claims.get(keyOf(claim))) storage.claims.put(claim);
    }
    pods.put(pod);
  }
}
