import { timestamp } from '../clock.ts';
import type { Node, OwnerReference, Pod } from '../wire.ts';
import { markForDeletion } from './node-lifecycle.ts';
import { matchesSelector, untolerated } from './placement.ts';
import { controllerReference, isFinished, isLeaving, newPod, templateOf, type PodTemplate } from './pods.ts';
import type { Site } from './site.ts';
import { keyOf } from './store.ts';
import type { Workload } from './workloads.ts';

/** What keeps a number of like pods alive. A Deployment keeps a ReplicaSet a revision, a CronJob a Job a run. */
export type Owner = {
  kind: 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job';
  name: string;
  uid: string;
  workload: Workload;
  template: PodTemplate;
  /** How many pods there should be; of a DaemonSet the eligible nodes decide. */
  desired: number;
  createdAt: number;
  /** The Deployment or CronJob above it. */
  parent?: OwnerReference;
};

const API_VERSIONS = { ReplicaSet: 'apps/v1', StatefulSet: 'apps/v1', DaemonSet: 'apps/v1', Job: 'batch/v1' };
const COLLECTIONS = { ReplicaSet: 'replicasets', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets', Job: 'jobs' };

export const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') ?? false;

/** Names and makes the owner of a workload's pods. */
export function ownerOf(
  site: Pick<Site, 'random'>,
  workload: Workload,
  createdAt: number,
  parent?: OwnerReference,
): Owner {
  const { kind, name, namespace, replicas = 1 } = workload;
  const uid = site.random.uuid();
  const common = { uid, workload, createdAt, desired: replicas, ...(parent === undefined ? {} : { parent }) };
  switch (kind) {
    case 'Deployment': {
      const hash = site.random.suffix(10);
      return {
        ...common,
        kind: 'ReplicaSet',
        name: `${name}-${hash}`,
        template: templateOf(workload, { 'pod-template-hash': hash }),
      };
    }
    case 'CronJob': {
      const run = `${name}-${Math.floor(createdAt / 60_000)}`;
      const label = { 'job-name': run, 'batch.kubernetes.io/job-name': run };
      return { ...common, kind: 'Job', name: run, template: templateOf(workload, label) };
    }
    case 'DaemonSet':
    case 'StatefulSet':
      return { ...common, kind, name, template: templateOf(workload) };
    case 'Static':
      throw new Error(`${namespace}/${name} is a static pod: no controller owns it`);
  }
}

/** Nodes that a DaemonSet has to be on. */
export const isEligible = ({ template }: Owner, node: Node): boolean =>
  matchesSelector(template.spec, node) && untolerated(template.spec, node) === undefined;

export class Owners {
  readonly #site: Site;
  readonly #owners = new Map<string, Owner>();
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
    this.#owners.delete(owner.uid);
    this.#site.collection(COLLECTIONS[owner.kind]).remove(`${owner.template.namespace}/${owner.name}`);
    for (const pod of [...this.#site.index.ownedBy(owner.uid)]) {
      if (isFinished(pod)) this.#site.pods.remove(keyOf(pod));
      else markForDeletion(this.#site, pod);
    }
  }

  run(): void {
    const { pods, nodes } = this.#site;
    pods.subscribe(({ object }) => {
      const owner = this.ofPod(object);
      if (owner) this.#reconcileSoon(owner.uid);
    });
    nodes.subscribe(({ type, object, previous }) => {
      const moved =
        JSON.stringify([previous?.metadata.labels, previous?.spec.taints]) !==
        JSON.stringify([object.metadata.labels, object.spec.taints]);
      if (type === 'DELETED' || !moved) return;
      for (const owner of this.#owners.values()) if (owner.kind === 'DaemonSet') this.#reconcileSoon(owner.uid);
    });
  }

  /** A pod of the owner, not yet anywhere. */
  podOf(owner: Owner, created: number): Pod {
    const { random, pods } = this.#site;
    const reference = controllerReference(API_VERSIONS[owner.kind], owner.kind, owner);
    const name = owner.kind === 'StatefulSet' ? this.#freeOrdinal(owner) : `${owner.name}-${random.suffix(5)}`;
    const pod = newPod(owner.template, name, reference, created, random);
    return pods.get(keyOf(pod)) ? this.podOf(owner, created) : pod;
  }

  #freeOrdinal({ name, template, desired }: Owner): string {
    for (let ordinal = 0; ordinal < desired; ordinal += 1) {
      if (!this.#site.pods.get(`${template.namespace}/${name}-${ordinal}`)) return `${name}-${ordinal}`;
    }
    return `${name}-${desired}`;
  }

  /** Once for all that happens in a moment. */
  #reconcileSoon(uid: string): void {
    if (this.#due.has(uid)) return;
    this.#due.add(uid);
    this.#site.after(100, () => {
      this.#due.delete(uid);
      const owner = this.#owners.get(uid);
      if (owner) this.#reconcile(owner);
    });
  }

  #reconcile(owner: Owner): void {
    if (owner.kind === 'DaemonSet') this.#reconcileDaemons(owner);
    else if (owner.kind !== 'Job') this.#reconcileReplicas(owner);
    this.publish(owner);
  }

  #reconcileReplicas(owner: Owner): void {
    const owned = [...this.#site.index.ownedBy(owner.uid)].filter((pod) => !isFinished(pod));
    // The name of a StatefulSet's pod is free only once the old one has gone.
    const counted = owner.kind === 'StatefulSet' ? owned : owned.filter((pod) => !isLeaving(pod));
    for (let missing = owner.desired - counted.length; missing > 0; missing -= 1) this.#create(owner);
    const surplus = Math.max(0, counted.length - owner.desired);
    for (const pod of counted.slice(counted.length - surplus)) markForDeletion(this.#site, pod);
  }

  #reconcileDaemons(owner: Owner): void {
    const { nodes, index, pods } = this.#site;
    const held = new Set([...index.ownedBy(owner.uid)].map(({ spec }) => spec.nodeName));
    for (const node of nodes.values()) {
      if (held.has(node.metadata.name) || !isEligible(owner, node)) continue;
      const pod = this.podOf(owner, this.#site.clock.now());
      pods.put({ ...pod, spec: { ...pod.spec, nodeName: node.metadata.name } });
    }
  }

  #create(owner: Owner): void {
    this.#site.pods.put(this.podOf(owner, this.#site.clock.now()));
  }

  /** Brings the object that the API shows in step with the pods; writes only what changed. */
  publish(owner: Owner): void {
    const { name, uid, kind, template, createdAt, parent } = owner;
    const collection = this.#site.collection(COLLECTIONS[kind]);
    const key = `${template.namespace}/${name}`;
    const selector = { matchLabels: template.labels };
    const metadata = {
      name,
      namespace: template.namespace,
      uid,
      resourceVersion: '',
      creationTimestamp: timestamp(createdAt),
      labels: template.labels,
      ...(parent === undefined ? {} : { ownerReferences: [parent] }),
    };
    const spec = {
      ...this.#specOf(owner),
      selector,
      template: { metadata: { labels: template.labels }, spec: template.spec },
    };
    const status = this.#statusOf(owner);
    const present = collection.get(key) as { spec?: object; status?: object } | undefined;
    if (present && JSON.stringify([present.spec, present.status]) === JSON.stringify([spec, status])) return;
    const object = { metadata, spec, status };
    collection.put(object);
  }

  #specOf({ kind, desired }: Owner): object {
    if (kind === 'Job') return { parallelism: 1, completions: 1, backoffLimit: 6 };
    return kind === 'DaemonSet' ? {} : { replicas: desired };
  }

  #statusOf(owner: Owner): object {
    const { index, nodes } = this.#site;
    const owned = [...index.ownedBy(owner.uid)];
    const ready = owned.filter(isReady).length;
    const active = owned.filter((pod) => !isFinished(pod)).length;
    switch (owner.kind) {
      case 'Job':
        return { active, succeeded: owned.filter(({ status }) => status.phase === 'Succeeded').length };
      case 'DaemonSet': {
        const eligible = [...nodes.values()].filter((node) => isEligible(owner, node)).length;
        const counts = { currentNumberScheduled: active, desiredNumberScheduled: eligible, numberMisscheduled: 0 };
        return { ...counts, numberReady: ready, numberAvailable: ready, updatedNumberScheduled: active };
      }
      case 'ReplicaSet':
      case 'StatefulSet':
        return { replicas: active, readyReplicas: ready, availableReplicas: ready };
    }
  }
}
