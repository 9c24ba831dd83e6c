import { CLUSTER_VERSION_ANNOTATION } from '../../product/keys.ts';
import { roleLabel } from '../../product/roles.ts';
import { timestamp } from '../clock.ts';
import type { KubernetesObject, Node, OwnerReference, Pod } from '../wire.ts';
import { parentObject } from './churn.ts';
import type { Kubelets } from './kubelet.ts';
import { nodeOf, PRODUCT_VERSION, SITE_AGE, type Machine } from './machines.ts';
import { isEligible, ownerOf, type Owner, type Owners } from './owners.ts';
import { freest, matchesSelector, untolerated } from './placement.ts';
import { mirrorPod, runningStatus, templateOf } from './pods.ts';
import { eventOf, type Site } from './site.ts';
import type { Workload } from './workloads.ts';

const HOUR = 3_600_000;
/** On a large site the place of a pod is sought among so many nodes in turn, not among all. */
const NODES_LOOKED_AT = 12;

/**
 * Puts the past of a site in place: machines that are nodes, and workloads that have been running. Answers the
 * Deployment or CronJob of each workload that has one, by `namespace/name`.
 */
export function seedWorld(
  site: Site,
  machines: readonly Machine[],
  workloads: readonly Workload[],
  owners: Owners,
  kubelets: Kubelets,
): ReadonlyMap<string, OwnerReference> {
  seedNamespaces(site, workloads);
  for (const machine of machines) {
    const node = site.nodes.seed(nodeOf(machine, site.clock.now(), site.random));
    site.leases.seed(kubelets.leaseOf(node));
  }
  const parents = new Map<string, OwnerReference>();
  const place = placer(site);
  for (const workload of workloads) {
    const createdAt = site.clock.now() - SITE_AGE + HOUR;
    if (workload.kind === 'Deployment' || workload.kind === 'CronJob') {
      parents.set(keyOfWorkload(workload), parentObject(site, workload, createdAt));
    }
    if (workload.kind === 'Static') seedStaticPods(site, workload, kubelets);
    else if (workload.kind !== 'CronJob') {
      const owner = ownerOf(site, workload, createdAt, parents.get(keyOfWorkload(workload)));
      owners.add(owner);
      seedOwned(site, owner, owners, kubelets, place);
      owners.publish(owner);
    }
  }
  seedEvents(site);
  return parents;
}

const keyOfWorkload = ({ namespace, name }: Workload): string => `${namespace}/${name}`;

function seedNamespaces(site: Site, workloads: readonly Workload[]): void {
  const names = new Set([
    'default',
    'kube-node-lease',
    'kube-public',
    'kube-system',
    ...workloads.map(({ namespace }) => namespace),
  ]);
  for (const name of names) {
    const annotations =
      name === 'kube-system' ? { annotations: { [CLUSTER_VERSION_ANNOTATION]: PRODUCT_VERSION } } : {};
    const namespace = {
      metadata: {
        name,
        uid: site.random.uuid(),
        resourceVersion: '',
        creationTimestamp: timestamp(site.clock.now() - SITE_AGE),
        labels: { 'kubernetes.io/metadata.name': name },
        ...annotations,
      },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    } satisfies KubernetesObject & Record<string, unknown>;
    site.collection('namespaces').seed(namespace);
  }
}

function seedStaticPods(site: Site, workload: Workload, kubelets: Kubelets): void {
  const template = templateOf(workload);
  for (const node of site.nodes.values()) {
    if (workload.role !== undefined && node.metadata.labels?.[roleLabel(workload.role)] === undefined) continue;
    const created = Date.parse(node.metadata.creationTimestamp) + 30_000;
    seedRunning(site, mirrorPod(template, workload, node, created, site.random), node, created, kubelets);
  }
}

function seedOwned(
  site: Site,
  owner: Owner,
  owners: Owners,
  kubelets: Kubelets,
  place: (pod: Pod) => Node | null,
): void {
  const created = owner.createdAt + site.random.between(0, SITE_AGE - 2 * HOUR);
  if (owner.kind === 'DaemonSet') {
    for (const node of site.nodes.values()) {
      if (!isEligible(owner, node)) continue;
      const since = Date.parse(node.metadata.creationTimestamp) + 60_000;
      seedRunning(site, owners.podOf(owner, since), node, since, kubelets);
    }
    return;
  }
  for (let count = 0; count < owner.desired; count += 1) {
    const pod = owners.podOf(owner, created);
    const node = place(pod);
    if (node) seedRunning(site, pod, node, created, kubelets);
    else site.index.seeded(site.pods.seed(pod));
  }
}

function seedRunning(site: Site, pod: Pod, node: Node, since: number, kubelets: Kubelets): void {
  const placed = { ...pod, spec: { ...pod.spec, nodeName: node.metadata.name } };
  const ip = pod.spec.hostNetwork ? '' : kubelets.podAddress(node);
  site.index.seeded(site.pods.seed({ ...placed, status: runningStatus(placed, node, ip, since + 4000) }));
}

/** Finds nodes for pods of the past: among all on a small site, in turn on a large one. */
function placer(site: Site): (pod: Pod) => Node | null {
  const candidates = new Map<string, readonly Node[]>();
  let turn = 0;
  const fitting = ({ spec }: Pod): readonly Node[] => {
    const kind = JSON.stringify([spec.nodeSelector, spec.tolerations]);
    const nodes =
      candidates.get(kind) ??
      [...site.nodes.values()].filter((node) => matchesSelector(spec, node) && !untolerated(spec, node));
    candidates.set(kind, nodes);
    return nodes;
  };
  return (pod) => {
    const all = fitting(pod);
    const start = all.length <= NODES_LOOKED_AT ? 0 : turn % all.length;
    turn += NODES_LOOKED_AT;
    return freest(pod, all.slice(start, start + NODES_LOOKED_AT), (node) => site.index.used(node));
  };
}

/** What the last hour left behind: a page of events is seldom empty on a site that lives. */
function seedEvents(site: Site): void {
  const now = site.clock.now();
  const nodes = [...site.nodes.values()];
  const last = nodes.at(-1);
  if (last) {
    const host = last.metadata.name;
    site.events.seed(
      eventOf(
        site,
        'Node',
        last,
        { reason: 'Starting', message: 'Starting kubelet.', component: 'kubelet', host },
        now - 41 * 60_000,
      ),
    );
    site.events.seed(
      eventOf(
        site,
        'Node',
        last,
        {
          reason: 'NodeHasSufficientMemory',
          message: `Node ${host} status is now: NodeHasSufficientMemory`,
          component: 'kubelet',
          host,
        },
        now - 41 * 60_000 + 2000,
      ),
    );
  }
  const pod = [...site.pods.values()].find(({ metadata }) => metadata.name.startsWith('frontend-'));
  if (pod) {
    const host = pod.spec.nodeName ?? '';
    const message = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
    site.events.seed(
      eventOf(
        site,
        'Pod',
        pod,
        { type: 'Warning', reason: 'Unhealthy', message, component: 'kubelet', host },
        now - 17 * 60_000,
      ),
    );
  }
}
