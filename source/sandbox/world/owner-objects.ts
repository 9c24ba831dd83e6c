import { timestamp } from '../clock.ts';
import type { KubernetesObject, OwnerReference } from '../wire.ts';
import { isEligible, type Owner } from './owner.ts';
import { controllerReference, isFinished, isReady } from './pods.ts';
import type { Site } from './site.ts';
import type { Workload } from './workloads/workload.ts';

const COLLECTIONS = { ReplicaSet: 'replicasets', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets', Job: 'jobs' };

const keyOfOwner = ({ template, name }: Owner): string => `${template.namespace}/${name}`;

/** Takes the object of an owner away from what the API shows. */
export function removeOwnerObject(site: Site, owner: Owner): void {
  site.collection(COLLECTIONS[owner.kind]).remove(keyOfOwner(owner));
}

/** Brings the object that the API shows in step with the pods; writes only what changed. */
export function publishOwner(site: Site, owner: Owner): void {
  const { name, uid, kind, template, createdAt, parent, workload } = owner;
  const collection = site.collection(COLLECTIONS[kind]);
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
    ...sizeOf(owner),
    selector,
    template: { metadata: { labels: template.labels }, spec: template.spec },
    ...(workload.claims === undefined ? {} : { volumeClaimTemplates: workload.claims.map(claimTemplateOf) }),
  };
  const status = statusOf(site, owner);
  const present = collection.get(keyOfOwner(owner)) as { spec?: object; status?: object } | undefined;
  if (present && JSON.stringify([present.spec, present.status]) === JSON.stringify([spec, status])) return;
  const object = { metadata, spec, status };
  collection.put(object);
}

const claimTemplateOf = ({ name, size, labels }: NonNullable<Workload['claims']>[number]): object => ({
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    selector: { matchLabels: labels },
    resources: { requests: { storage: size } },
    storageClassName: 'metalk8s',
    volumeMode: 'Filesystem',
  },
});

function sizeOf({ kind, desired, name }: Owner): object {
  if (kind === 'Job') return { parallelism: 1, completions: 1, backoffLimit: 6 };
  if (kind === 'DaemonSet') return {};
  return { replicas: desired, ...(kind === 'StatefulSet' ? { serviceName: name } : {}) };
}

function statusOf({ index, nodes }: Site, owner: Owner): object {
  const owned = [...index.ownedBy(owner.uid)];
  const ready = owned.filter(isReady).length;
  const active = owned.filter((pod) => !isFinished(pod)).length;
  switch (owner.kind) {
    case 'Job':
      return { active, succeeded: owned.filter(({ status }) => status.phase === 'Succeeded').length };
    case 'DaemonSet': {
      const eligible = new Set<string>();
      for (const node of nodes.values()) if (isEligible(owner, node)) eligible.add(node.metadata.name);
      const placed = owned.filter(({ spec }) => spec.nodeName !== undefined);
      const misplaced = placed.filter(({ spec }) => !eligible.has(spec.nodeName ?? '')).length;
      return {
        currentNumberScheduled: placed.length - misplaced,
        desiredNumberScheduled: eligible.size,
        numberMisscheduled: misplaced,
        numberReady: ready,
        numberAvailable: ready,
        updatedNumberScheduled: placed.length - misplaced,
      };
    }
    case 'ReplicaSet':
    case 'StatefulSet':
      return { replicas: active, readyReplicas: ready, availableReplicas: ready };
  }
}

/** Puts the object of a Deployment or CronJob in place, which only the API's readers see. */
export function seedParent(
  site: Site,
  { kind, name, namespace, labels = {}, replicas = 1, every = 60 }: Workload,
  createdAt: number,
): OwnerReference {
  const deployment = kind === 'Deployment';
  const object = {
    metadata: {
      name,
      namespace,
      uid: site.random.uuid(),
      resourceVersion: '',
      creationTimestamp: timestamp(createdAt),
      labels,
    },
    spec: deployment
      ? { replicas, selector: { matchLabels: labels } }
      : { schedule: `*/${Math.max(1, Math.round(every / 60))} * * * *`, suspend: false },
    status: {},
  };
  site.collection(deployment ? 'deployments' : 'cronjobs').seed(object);
  return controllerReference(deployment ? 'apps/v1' : 'batch/v1', kind, object.metadata);
}

/** The counts of a Deployment: of all its ReplicaSets, the last of which is the one that it wants. */
export function publishDeployment(site: Site, revisions: readonly Owner[]): void {
  const last = revisions.at(-1);
  if (last?.workload.kind !== 'Deployment') return;
  const podsOf = (owners: readonly Owner[]): number[] =>
    owners.map(({ uid }) => [...site.index.ownedBy(uid)].filter((pod) => !isFinished(pod)).length);
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const ready = total(revisions.map(({ uid }) => [...site.index.ownedBy(uid)].filter(isReady).length));
  const missing = Math.max(0, (last.workload.replicas ?? 1) - ready);
  const status = {
    replicas: total(podsOf(revisions)),
    updatedReplicas: total(podsOf([last])),
    readyReplicas: ready,
    availableReplicas: ready,
    ...(missing === 0 ? {} : { unavailableReplicas: missing }),
  };
  site.collection('deployments').update(`${last.workload.namespace}/${last.workload.name}`, (object) => {
    const present = object as KubernetesObject & { status?: object };
    const changed = { ...present, status };
    return JSON.stringify(present.status) === JSON.stringify(status) ? present : changed;
  });
}
