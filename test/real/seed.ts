// Fills a real cluster through its API: the same seed makes the same nodes and pods.
import { seededRandom } from '../../source/sandbox/random.ts';
import { podStatus } from './kubelet.ts';
import { seedNodes, type SeededNode } from './seed/nodes.ts';
import { PRODUCT_NAMESPACES, SANDBOXED, seedPods, WORKLOAD_NAMESPACES, type SeededPod } from './seed/pods.ts';
import type { Api } from './servers/api.ts';
import type { NodeObject, PodObject } from './wire.ts';

export type Inventory = { readonly nodes: readonly SeededNode[]; readonly pods: readonly SeededPod[] };

export type SeedOptions = {
  readonly seed: number;
  readonly nodes: number;
  readonly pods: number;
  /** When conditions and containers are said to have changed; the present if left out. */
  readonly now?: Date;
};

/** What `plant` would create: pure, so that a test can say what it expects. */
export function inventory({ seed, nodes: nodeCount, pods: podCount, now = new Date() }: SeedOptions): Inventory {
  const random = seededRandom(seed);
  const nodes = seedNodes(random, nodeCount, now);
  return { nodes, pods: seedPods(random, podCount, nodes) };
}

const SIDE_BY_SIDE = 24;
const MERGE = 'application/merge-patch+json';
const LONG_GRACE = 24 * 3600;

/** Works on many items side by side, as many at a time as the server bears well. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

/** Creates what may exist already. */
export async function ensure(api: Api, path: string, body: object): Promise<void> {
  const { status, body: answer } = await api.ask('POST', path, body);
  if (status !== 201 && status !== 409) throw new Error(`POST ${path}: ${status} ${JSON.stringify(answer)}`);
}

async function plantNode(api: Api, { name, manifest, taints, status }: SeededNode, now: Date): Promise<string> {
  const created = await api.do<NodeObject>('POST', '/api/v1/nodes', manifest);
  if (status !== null) {
    await api.do('PATCH', `/api/v1/nodes/${name}/status`, { status }, MERGE);
    await api.do('PATCH', `/api/v1/nodes/${name}`, { spec: { taints } }, MERGE);
    await api.do('POST', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: 'kube-node-lease' },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: now.toISOString().replace('Z', '000Z') },
    });
  }
  return created.metadata.uid ?? '';
}

function withOwnersKnown(pod: PodObject, nodeUids: ReadonlyMap<string, string>): PodObject {
  const owners = pod.metadata.ownerReferences?.map((reference) =>
    reference.kind === 'Node' ? { ...reference, uid: nodeUids.get(reference.name) ?? reference.uid } : reference,
  );
  return { ...pod, metadata: { ...pod.metadata, ...(owners !== undefined && { ownerReferences: owners }) } };
}

/** Creates a pod and gives it its status; `nodeUids` by name are for pods that a node owns. */
export async function plantPod(
  api: Api,
  pod: SeededPod,
  nodeUids: ReadonlyMap<string, string>,
  now: Date,
): Promise<void> {
  const manifest = withOwnersKnown(pod.manifest, nodeUids);
  const pods = `/api/v1/namespaces/${manifest.metadata.namespace ?? ''}/pods`;
  const path = `${pods}/${manifest.metadata.name}`;
  await api.do('POST', pods, manifest);
  await api.do('PATCH', `${path}/status`, { status: podStatus(manifest, pod.state, now, pod.address) }, MERGE);
  if (pod.terminating) await api.do('DELETE', path, { gracePeriodSeconds: LONG_GRACE });
}

/**
 * Creates an inventory: namespaces, a runtime class, nodes with status and lease, pods with status. `api` is an administrator's.
 * 100 nodes and 2,000 pods take about twenty seconds.
 * @throws at the first object that the server refuses, with its message
 */
export async function plant(api: Api, { nodes, pods }: Inventory, now = new Date()): Promise<void> {
  for (const name of [...PRODUCT_NAMESPACES, ...WORKLOAD_NAMESPACES, 'kube-node-lease', 'kube-system'])
    await ensure(api, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await api.do(
    'PATCH',
    '/api/v1/namespaces/kube-system',
    { metadata: { annotations: { 'metalk8s.scality.com/cluster-version': '129.0.0' } } },
    MERGE,
  );
  await ensure(api, `/apis/${SANDBOXED.apiVersion}/runtimeclasses`, SANDBOXED);
  const uids = new Map<string, string>();
  await forEach(nodes, async (node) => {
    uids.set(node.name, await plantNode(api, node, now));
  });
  await forEach(pods, (pod) => plantPod(api, pod, uids, now));
}

/** Makes the inventory of a seed and creates it; resolves with what was created. */
export async function seedCluster(api: Api, options: SeedOptions): Promise<Inventory> {
  const now = options.now ?? new Date();
  const made = inventory({ ...options, now });
  await plant(api, made, now);
  return made;
}
