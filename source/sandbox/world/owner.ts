import { timestamp } from '../clock.ts';
import type { Node, OwnerReference, Pod, PodSpec } from '../wire.ts';
import type { PersistentVolumeClaim } from '../wire-storage.ts';
import { controllerReference, newPod, templateOf, type PodTemplate } from './pods.ts';
import { isWanted } from './scheduling/selection.ts';
import { drivenOff, untolerated } from './scheduling/taints.ts';
import type { Site } from './site.ts';
import { CLAIM_FINALIZER } from './volume-binding.ts';
import type { Workload } from './workloads/workload.ts';

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

/** Names of the claims of a pod of a StatefulSet. */
const claimName = (claim: string, pod: string): string => `${claim}-${pod}`;

/** What sets a pod apart from its template: the claims that are its own, or the one node that it is for. */
function specOf({ template: { spec }, workload: { claims = [] } }: Owner, pod: string, node?: Node): PodSpec {
  if (node) return { ...spec, affinity: pinnedTo(node) };
  if (claims.length === 0) return spec;
  const volumes = claims.map(({ name }) => ({
    name,
    persistentVolumeClaim: { claimName: claimName(name, pod) },
  }));
  return { ...spec, volumes };
}

const references = new WeakMap<Owner, readonly OwnerReference[]>();

/** What pods of an owner say of it; they share it. */
function referencesTo(owner: Owner): readonly OwnerReference[] {
  const known = references.get(owner);
  if (known) return known;
  const made = [controllerReference(API_VERSIONS[owner.kind], owner.kind, owner)];
  references.set(owner, made);
  return made;
}

/** A pod of an owner, not yet anywhere; one of a DaemonSet is for a node. */
export function podOf(site: Site, owner: Owner, created: number, node?: Node): Pod {
  const { random, pods } = site;
  const name = owner.kind === 'StatefulSet' ? freeOrdinal(site, owner) : `${owner.name}-${random.suffix(5)}`;
  if (pods.get(`${owner.template.namespace}/${name}`)) return podOf(site, owner, created, node);
  return newPod(owner.template, name, referencesTo(owner), created, random, specOf(owner, name, node));
}

function freeOrdinal({ pods }: Site, { name, template, desired }: Owner): string {
  for (let ordinal = 0; ordinal < desired; ordinal += 1) {
    if (!pods.get(`${template.namespace}/${name}-${ordinal}`)) return `${name}-${ordinal}`;
  }
  return `${name}-${desired}`;
}

/** The claims of a pod of a StatefulSet as they are created with it: waiting for their volumes. */
export const newClaims = (
  { random }: Pick<Site, 'random'>,
  { workload: { claims = [], labels = {} } }: Owner,
  pod: Pod,
  created: number,
): PersistentVolumeClaim[] =>
  claims.map(({ name, size, labels: wanted }) => ({
    metadata: {
      name: claimName(name, pod.metadata.name),
      namespace: pod.metadata.namespace ?? '',
      uid: random.uuid(),
      resourceVersion: '',
      creationTimestamp: timestamp(created),
      labels,
      finalizers: [CLAIM_FINALIZER],
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      selector: { matchLabels: wanted },
      resources: { requests: { storage: size } },
      storageClassName: 'metalk8s',
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Pending' },
  }));

const pins = new WeakMap<Node['status']['nodeInfo'], NonNullable<PodSpec['affinity']>>();

/** The affinity by which a pod of a DaemonSet is for one node. Those of one node share it. */
function pinnedTo({ metadata, status }: Node): NonNullable<PodSpec['affinity']> {
  const known = pins.get(status.nodeInfo);
  if (known) return known;
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [metadata.name] } as const];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
  pins.set(status.nodeInfo, affinity);
  return affinity;
}

/** The node that a pod of a DaemonSet is for, whether or not it is there yet. */
export const targetOf = ({ spec }: Pod): string | undefined =>
  spec.nodeName ??
  spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]?.matchFields?.[0]
    ?.values?.[0];

/** Nodes that a DaemonSet has to be on. */
export const isEligible = ({ template }: Owner, node: Node): boolean =>
  isWanted(template.spec, node) && untolerated(template.spec, node) === undefined;

/** Nodes on which a pod of a DaemonSet that is there may stay: a taint keeps it out, only NoExecute drives it off. */
export const mayStay = ({ template }: Owner, node: Node): boolean =>
  isWanted(template.spec, node) && drivenOff(template.spec, node) === undefined;
