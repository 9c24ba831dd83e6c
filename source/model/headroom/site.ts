import type { Reading } from '../reading.ts';
import type { Amounts } from '../kubernetes/amounts.ts';
import type { ClusterNode, Taint } from '../kubernetes/node.ts';
import type { HostPort } from '../kubernetes/placement.ts';
import type { PodRow } from '../kubernetes/pod.ts';
import type { PersistentVolume, StorageClass, VolumeClaim } from '../kubernetes/storage.ts';

/** What is given and taken on a node: amounts in the scheduler's units, and pod slots. */
export type AmountsAndPods = Amounts & { readonly pods: number };

/** A node with what the pods bound to it hold. */
export type Place = {
  readonly node: ClusterNode;
  readonly taken: AmountsAndPods;
  /** What the scheduler ranks nodes by: as `taken`, but a pod counts with a little where it requests nothing. */
  readonly weighed: Weight;
  readonly hostPorts: readonly HostPort[];
};

/** CPU in millicores and memory in bytes. */
export type Weight = Pick<Amounts, 'cpu' | 'memory'>;

/** What a pod that requests no CPU or no memory counts with when nodes are ranked (Kubernetes: non-zero requests). */
const LEAST_WEIGHT: Weight = { cpu: 100, memory: 200 * 2 ** 20 };

/** What a pod counts with when nodes are ranked; the requests of its containers are not told apart. */
export const weightOf = ({ cpu, memory }: Weight): Weight => ({
  cpu: cpu === 0 ? LEAST_WEIGHT.cpu : cpu,
  memory: memory === 0 ? LEAST_WEIGHT.memory : memory,
});

/** Claims by `namespace/name`, the rest by name. */
export type Storage = {
  readonly claims: ReadonlyMap<string, VolumeClaim>;
  readonly persistentVolumes: ReadonlyMap<string, PersistentVolume>;
  readonly storageClasses: ReadonlyMap<string, StorageClass>;
};

/** All that a placement is worked out from. */
export type Site = { readonly places: readonly Place[]; readonly storage: Reading<Storage> };

/** What is to be placed: a pod, or one that is only thought of. */
export type Candidate = Pick<PodRow, 'namespace' | 'requests' | 'tolerations' | 'placement' | 'claims' | 'priority'>;

/** One thing that keeps a candidate off a node; what is not here does not. */
export type Obstacle =
  /** Gates, by their names, for which it is placed nowhere as long as they stand. */
  | { readonly kind: 'gates'; readonly gates: readonly string[] }
  | { readonly kind: 'cordoned' }
  | { readonly kind: 'taint'; readonly taint: Taint }
  /** A label that the node selector asks for and the node has not. */
  | { readonly kind: 'label'; readonly key: string; readonly value: string }
  /** None of the terms of the required node affinity matches. */
  | { readonly kind: 'affinity' }
  /**
   * `by` is what is missing: more than is asked where the node is over-committed, null where it does not say what it
   * offers.
   */
  | { readonly kind: 'short'; readonly resource: keyof AmountsAndPods; readonly by: number | null }
  /** A port of the machine that a pod there has taken already. */
  | { readonly kind: 'port'; readonly port: HostPort }
  /** A claim, by `namespace/name`, that cannot be had on the node; `why` tells how to help. */
  | {
      readonly kind: 'claim';
      readonly claim: string;
      readonly why:
        /** Bound to a volume that this node does not reach, or that is gone. */
        | 'elsewhere'
        /** No volume that would do is free here, and its class makes none for this node. */
        | 'no-volume'
        /** There is no claim of this name, or it is being deleted. */
        | 'no-claim'
        /** Its class binds at once, and it is not bound: nothing about a node changes that. */
        | 'not-bound'
        /** Claims and volumes cannot be read. */
        | 'untold';
    };
