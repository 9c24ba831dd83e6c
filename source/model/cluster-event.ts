import type {
  ApiServerHealth,
  BackupCopy,
  CertificateEnd,
  ClientCertificates,
  LeaderLease,
  Workload,
} from './control-plane/control-plane.ts';
import type { EtcdFigures, EtcdHealth, EtcdMembership, EtcdSource } from './etcd/etcd.ts';
import type { EventRow } from './kubernetes/event.ts';
import type { NodeUsage } from './kubernetes/node-usage.ts';
import type { ClusterNode } from './kubernetes/node.ts';
import type { PodRow } from './kubernetes/pod.ts';
import type { PersistentVolume, StorageClass, VolumeClaim } from './kubernetes/storage.ts';
import type { Volume } from './volume.ts';

/** What the console keeps a live picture of, with the type of one item. */
export type Items = {
  nodes: ClusterNode;
  pods: PodRow;
  events: EventRow;
  usage: NodeUsage;
  persistentVolumes: PersistentVolume;
  claims: VolumeClaim;
  storageClasses: StorageClass;
  volumes: Volume;
  deployments: Workload;
  daemonSets: Workload;
  statefulSets: Workload;
};
export type Resource = keyof Items;
export const RESOURCES = [
  'nodes',
  'pods',
  'events',
  'usage',
  'persistentVolumes',
  'claims',
  'storageClasses',
  'volumes',
  'deployments',
  'daemonSets',
  'statefulSets',
] as const satisfies readonly Resource[];

/** How well the console sees one resource. Times are ms since the epoch. */
export type ResourceStatus =
  /** The first list is under way; `total` is null until the server tells. */
  | { readonly state: 'loading'; readonly loaded: number; readonly total: number | null }
  | { readonly state: 'live' }
  /** Was live until `since`; what is shown is the last picture. */
  | { readonly state: 'stale'; readonly since: number; readonly why: string }
  /** `right` is verb and resource, as in "list nodes". */
  | { readonly state: 'denied'; readonly right: string; readonly why: string }
  /** Nothing could be read yet, or the server has no such resource. */
  | { readonly state: 'absent'; readonly why: string };

/** Who and what the API server is, as far as asked. Null means not known yet. */
export type ServerFacts = {
  /** Name of the cluster in the kubeconfig. */
  readonly cluster: string;
  readonly context: string;
  readonly user: string;
  readonly kubernetesVersion: string | null;
  /** From the annotation on the kube-system namespace. */
  readonly metalk8sVersion: string | null;
  /** Address of the door in use, and whether it is the one that the kubeconfig names. */
  readonly door: { readonly address: string; readonly first: boolean };
};

/** Rights that the console needs, each allowed, denied, or not told yet (null). */
export type Rights = { readonly patchNodes: boolean | null };

/** What is asked from time to time, and told as a whole. */
export type Told = {
  /** By the node that runs the member. */
  etcdFigures: { readonly node: string; readonly source: EtcdSource; readonly figures: EtcdFigures };
  etcdHealth: { readonly node: string; readonly source: EtcdSource; readonly health: EtcdHealth };
  etcdMembership: { readonly source: EtcdSource; readonly membership: EtcdMembership };
  leases: readonly LeaderLease[];
  apiServer: ApiServerHealth;
  certificate: CertificateEnd;
  clientCertificates: ClientCertificates;
  backups: readonly BackupCopy[];
};
export type Question = keyof Told;
export const QUESTIONS = [
  'etcdFigures',
  'etcdHealth',
  'etcdMembership',
  'leases',
  'apiServer',
  'certificate',
  'clientCertificates',
  'backups',
] as const satisfies readonly Question[];

/** Why a question found no answer: a right that is missing, nothing there to answer, or somebody who does not answer now. */
export type Unanswered = {
  readonly kind: 'denied' | 'absent' | 'lost';
  readonly why: string;
  /** Verb and resource, where a right is missing. */
  readonly right: string | null;
};

type OfQuestion<Q extends Question> = Q extends Question
  ? { readonly type: 'answer'; readonly at: number; readonly question: Q; readonly answer: Told[Q] }
  : never;

type OfResource<R extends Resource> = R extends Resource
  ? | { readonly type: 'listed'; readonly at: number; readonly resource: R; readonly items: readonly Items[R][] }
    | { readonly type: 'changed'; readonly at: number; readonly resource: R; readonly items: readonly Items[R][] }
  : never;

/**
 * Everything that enters the state. Plain JSON, so that a session can be recorded and replayed.
 *
 * A list is `list-started`, any number of `listed` pages, `list-ended`; items of the resource that no page named are
 * gone when it ends, and stay shown until then. A list that breaks off is followed by a new `list-started`.
 */
export type ClusterEvent =
  | { readonly type: 'status'; readonly at: number; readonly resource: Resource; readonly status: ResourceStatus }
  | { readonly type: 'list-started'; readonly at: number; readonly resource: Resource }
  | { readonly type: 'list-ended'; readonly at: number; readonly resource: Resource }
  | OfResource<Resource>
  | { readonly type: 'deleted'; readonly at: number; readonly resource: Resource; readonly uids: readonly string[] }
  /** The watch gave a sign of life (a bookmark): what is shown is still true at `at`. */
  | { readonly type: 'heard'; readonly at: number; readonly resource: Resource }
  | { readonly type: 'server'; readonly at: number; readonly facts: ServerFacts }
  | { readonly type: 'latency'; readonly at: number; readonly milliseconds: number }
  /** A question to the server found no answer, whatever the watches still seem to be. */
  | { readonly type: 'unanswered'; readonly at: number }
  | { readonly type: 'rights'; readonly at: number; readonly rights: Rights }
  | OfQuestion<Question>
  /** `about` is whom was asked: a node for a member, an address for an API server or a certificate; empty for the cluster. */
  | {
      readonly type: 'no-answer';
      readonly at: number;
      readonly question: Question;
      readonly about: string;
      readonly failure: Unanswered;
    };
