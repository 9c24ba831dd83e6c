import { CLUSTER_VERSION_ANNOTATION } from '../../product/keys.ts';
import { roleLabel } from '../../product/roles.ts';
import { timestamp } from '../clock.ts';
import type { KubernetesObject, Node, OwnerReference, Pod } from '../wire.ts';
import { budgetOf, seedBudget } from './budgets.ts';
import type { Kubelets } from './kubelet.ts';
import { nodeOf, PRODUCT_VERSION, SITE_AGE, type Machine } from './machines.ts';
import { isEligible, ownerOf, podOf, type Owner } from './owner.ts';
import { publishDeployment, publishOwner, seedParent } from './owner-objects.ts';
import type { Owners } from './owners.ts';
import { mirrorPod, runningStatus, templateOf } from './pods.ts';
import { shortages } from './scheduling/choose.ts';
import { allocatableOf, demandOf } from './scheduling/demand.ts';
import { best } from './scheduling/score.ts';
import { isWanted } from './scheduling/selection.ts';
import { untolerated } from './scheduling/taints.ts';
import { seedClaims, storageClassOf, volumeNodes } from './seed-storage.ts';
import { eventOf, type Site } from './site.ts';
import type { Workload } from './workloads/workload.ts';

const HOUR = 3_600_000;
/** On a large site the place of a pod is sought among so many nodes in turn, not among all. */
const NODES_LOOKED_AT = 8;

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
  site.storage.classes.seed(storageClassOf(site.random.uuid(), site.clock.now() - SITE_AGE));
  for (const machine of machines) {
    const node = site.nodes.seed(nodeOf(machine, site.clock.now(), site.random));
    site.leases.seed(kubelets.leaseOf(node));
  }
  const parents = new Map<string, OwnerReference>();
  const place = placer(site);
  for (const workload of workloads) {
    const createdAt = site.clock.now() - SITE_AGE + HOUR;
    if (workload.kind === 'Deployment' || workload.kind === 'CronJob') {
      parents.set(keyOfWorkload(workload), seedParent(site, workload, createdAt));
    }
    if (workload.kind === 'Static') seedStaticPods(site, workload, kubelets);
    else if (workload.kind !== 'CronJob') {
      const owner = ownerOf(site, workload, createdAt, parents.get(keyOfWorkload(workload)));
      owners.add(owner);
      seedOwned(site, owner, kubelets, place);
      publishOwner(site, owner);
      publishDeployment(site, [owner]);
    }
  }
  for (const workload of workloads) {
    if (!workload.budget) continue;
    const budget = budgetOf(workload, workload.budget, site.random.uuid(), site.clock.now() - SITE_AGE + HOUR);
    seedBudget(site, (pod) => owners.ofPod(pod), budget);
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

function seedOwned(site: Site, owner: Owner, kubelets: Kubelets, place: Place): void {
  const created = owner.createdAt + site.random.between(0, SITE_AGE - 2 * HOUR);
  if (owner.kind === 'DaemonSet') {
    for (const node of site.nodes.values()) {
      if (!isEligible(owner, node)) continue;
      const since = Date.parse(node.metadata.creationTimestamp) + 60_000;
      const pod = podOf(site, owner, since, node);
      seedPod(site, pod, hasRoom(site, pod, node) ? node : null, since, kubelets);
    }
    return;
  }
  for (let count = 0; count < owner.desired; count += 1) {
    const pod = podOf(site, owner, created);
    if (owner.workload.claims) {
      const node = place(pod, volumeNodes(site, owner)) ?? place(pod);
      seedClaims(site, owner, pod, node, created);
      seedPod(site, pod, node, created, kubelets);
    } else seedPod(site, pod, place(pod), created, kubelets);
  }
}

/** Puts a pod in place: running on a node, or waiting where none had room for it. */
function seedPod(site: Site, pod: Pod, node: Node | null, since: number, kubelets: Kubelets): void {
  if (node) seedRunning(site, pod, node, since, kubelets);
  else site.index.seeded(site.pods.seed(pod));
}

function seedRunning(site: Site, pod: Pod, node: Node, since: number, kubelets: Kubelets): void {
  const placed = { ...pod, spec: { ...pod.spec, nodeName: node.metadata.name } };
  const ip = pod.spec.hostNetwork ? '' : kubelets.podAddress(node);
  site.index.seeded(site.pods.seed({ ...placed, status: runningStatus(placed, node, ip, since + 4000) }));
}

const hasRoom = (site: Site, pod: Pod, node: Node): boolean =>
  shortages(demandOf(pod), site.index.used(node), allocatableOf(node)).length === 0;

/** Finds a node for a pod of the past, among those that are asked for. */
type Place = (pod: Pod, among?: (node: Node) => boolean) => Node | null;

/** Looks at all nodes on a small site, at some in turn on a large one. */
function placer(site: Site): Place {
  const candidates = new Map<string, readonly Node[]>();
  const known = new Map<Pod['spec']['containers'], readonly Node[]>();
  let turn = 0;
  const candidatesOf = ({ spec }: Pod): readonly Node[] => {
    const kind = JSON.stringify([spec.nodeSelector, spec.tolerations]);
    const nodes =
      candidates.get(kind) ??
      [...site.nodes.values()].filter((node) => isWanted(spec, node) && !untolerated(spec, node));
    candidates.set(kind, nodes);
    known.set(spec.containers, nodes);
    return nodes;
  };
  const fitting = (pod: Pod): readonly Node[] => known.get(pod.spec.containers) ?? candidatesOf(pod);
  return (pod, among) => {
    const all = among ? fitting(pod).filter(among) : fitting(pod);
    const start = all.length <= NODES_LOOKED_AT ? 0 : turn % all.length;
    turn += NODES_LOOKED_AT;
    const open = all.slice(start, start + NODES_LOOKED_AT).filter((node) => hasRoom(site, pod, node));
    return best(pod, open, (node) => site.index.used(node));
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
