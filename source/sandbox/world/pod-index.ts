import type { Node, Pod } from '../wire.ts';
import { add, demandOf, nothing, NOTHING, type PodDemand } from './scheduling/demand.ts';
import { isFinished } from './pods.ts';
import { keyOf, type Change, type Collection } from './store.ts';

const NO_PODS = 0;

/** Where pods are and what they ask of their nodes, kept up with every change. */
export class PodIndex {
  readonly #byNode = new Map<string, Map<string, Pod>>();
  readonly #used = new Map<string, PodDemand>();
  readonly #byOwner = new Map<string, Map<string, Pod>>();

  constructor(pods: Collection<Pod>) {
    for (const pod of pods.values()) this.#enter(pod);
    pods.subscribe(({ type, object, previous }: Change<Pod>) => {
      if (previous) this.#leave(previous);
      if (type !== 'DELETED') this.#enter(object);
    });
  }

  /** Takes in a pod that was put there without telling anybody. */
  seeded(pod: Pod): void {
    this.#enter(pod);
  }

  on(node: string): Iterable<Pod> {
    return this.#byNode.get(node)?.values() ?? [];
  }

  ownedBy(uid: string): Iterable<Pod> {
    return this.#byOwner.get(uid)?.values() ?? [];
  }

  /** How many pods an owner has. */
  countOf(uid: string): number {
    return this.#byOwner.get(uid)?.size ?? NO_PODS;
  }

  used({ metadata }: Node): Readonly<PodDemand> {
    return this.#used.get(metadata.name) ?? NOTHING;
  }

  #enter(pod: Pod): void {
    const node = pod.spec.nodeName;
    if (node !== undefined) {
      entry(this.#byNode, node).set(keyOf(pod), pod);
      if (!isFinished(pod)) this.#count(node, demandOf(pod), 1);
    }
    for (const { uid } of pod.metadata.ownerReferences ?? []) entry(this.#byOwner, uid).set(keyOf(pod), pod);
  }

  #count(node: string, demand: PodDemand, sign: 1 | -1): void {
    const sum = this.#used.get(node) ?? nothing();
    add(sum, demand, sign);
    this.#used.set(node, sum);
  }

  #leave(pod: Pod): void {
    const node = pod.spec.nodeName;
    if (node !== undefined) {
      this.#byNode.get(node)?.delete(keyOf(pod));
      if (!isFinished(pod)) this.#count(node, demandOf(pod), -1);
    }
    for (const { uid } of pod.metadata.ownerReferences ?? []) {
      const owned = this.#byOwner.get(uid);
      owned?.delete(keyOf(pod));
      if (owned?.size === 0) this.#byOwner.delete(uid);
    }
  }
}

function entry(map: Map<string, Map<string, Pod>>, key: string): Map<string, Pod> {
  const present = map.get(key) ?? new Map<string, Pod>();
  map.set(key, present);
  return present;
}
