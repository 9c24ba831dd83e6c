// A control plane as the distribution lays it out, for tests of etcd: machines with a member, its pod and a kubelet each, and the API
// server on the first.
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setPodState } from './kubelet.ts';
import { startRealCluster, writeIdentity, type RealCluster, type RealClusterOptions } from './servers/cluster.ts';
import type { IdentityFiles } from './servers/etcd.ts';
import { KUBELET_PORT, startKubelet } from './servers/kubelet/kubelet.ts';
import type { Machine } from './servers/machines.ts';
import { READING, type Rule } from './servers/users.ts';
import type { NodeObject, NodeStatus, PodObject } from './wire.ts';

/** What it takes besides reading to ask the members, and to have them do something. */
export const ETCD_READING: readonly Rule[] = [
  ...READING,
  { apiGroups: [''], resources: ['pods/proxy'], verbs: ['get'] },
  { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
];

export const MASTERS = ['master-1', 'master-2', 'master-3'] as const;

export type Masters = {
  readonly cluster: RealCluster;
  /** Kubeconfig of a user with ETCD_READING. */
  readonly kubeconfig: string;
  /** Tells the API server of the pod of a member what its kubelet would, while the member runs and after it has ended. */
  tellOf(name: string, state: 'running' | 'failed'): Promise<PodObject>;
  stop(): Promise<void>;
};

const MERGE = 'application/merge-patch+json';
const NAMESPACE = 'kube-system';
/** In the container, in this folder of the distribution: certificate and key that are good for the members and for clients. */
const CONTAINER_NAMES = ['server', 'peer', 'healthcheck-client'];

const nodeOf = ({ name }: Machine): NodeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: {
      'kubernetes.io/hostname': name,
      'metalk8s.scality.com/version': '129.0.0',
      'node-role.kubernetes.io/master': '',
      'node-role.kubernetes.io/etcd': '',
    },
  },
});

function nodeStatus({ name, address }: Machine, now: Date): Partial<NodeStatus> {
  const amounts = { cpu: '4', memory: '16Gi', pods: '110' };
  const at = now.toISOString();
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  return {
    capacity: amounts,
    allocatable: amounts,
    conditions: [{ ...ready, lastHeartbeatTime: at, lastTransitionTime: at }],
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
  };
}

const podOf = ({ name }: Machine): PodObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `etcd-${name}`,
    namespace: NAMESPACE,
    labels: { component: 'etcd', tier: 'control-plane' },
    annotations: { 'kubernetes.io/config.mirror': 'real-tier', 'kubernetes.io/config.source': 'file' },
  },
  spec: {
    nodeName: name,
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    containers: [{ name: 'etcd', image: 'etcd:3.4.23', resources: { requests: { cpu: '100m' } } }],
    tolerations: [{ operator: 'Exists' }],
  },
});

/** The certificates of etcd as its container has them. */
async function writeContainerFolder(folder: string, files: IdentityFiles): Promise<void> {
  await mkdir(folder);
  await copyFile(files.authority, join(folder, 'ca.crt'));
  for (const name of CONTAINER_NAMES) {
    await copyFile(files.certificate, join(folder, `${name}.crt`));
    await copyFile(files.key, join(folder, `${name}.key`));
  }
}

/**
 * Starts three machines, each with a member of etcd and a kubelet that runs etcdctl beside it, and the objects that say so. Needs
 * root; takes some fifteen seconds.
 * @throws when a server does not become ready, with its last words; nothing stays behind
 */
export async function startMasters(options: Omit<RealClusterOptions, 'machines'> = {}): Promise<Masters> {
  const cluster = await startRealCluster({ ...options, machines: MASTERS });
  const { machines, etcd } = cluster;
  const { admin } = cluster.api;
  const stops: (() => Promise<void>)[] = [() => cluster.stop()];
  const stop = async () => {
    for (let step = stops.pop(); step !== undefined; step = stops.pop()) await step();
  };
  const tellOf = (name: string, state: 'running' | 'failed') => {
    const machine = machines.find((one) => one.name === name);
    if (machine === undefined) throw new Error(`There is no machine ${name}.`);
    return setPodState(admin, podOf(machine), state, new Date(), machine.address);
  };
  try {
    const folder = dirname(etcd.files.authority);
    const certificates = join(folder, 'container');
    await writeContainerFolder(certificates, etcd.files);
    await mkdir(join(folder, 'kubelet'));
    const files = await writeIdentity(join(folder, 'kubelet'), cluster.authority, 'kubelet', machines);
    for (const machine of machines) {
      const container = `${NAMESPACE}/${podOf(machine).metadata.name}/etcd`;
      const kubelet = await startKubelet(machine, { files, certificates, container });
      stops.push(() => kubelet.stop());
      await admin.do('POST', '/api/v1/nodes', nodeOf(machine));
      await admin.do(
        'PATCH',
        `/api/v1/nodes/${machine.name}/status`,
        { status: nodeStatus(machine, new Date()) },
        MERGE,
      );
      await admin.do('PATCH', `/api/v1/nodes/${machine.name}`, { spec: { taints: null } }, MERGE);
      await admin.do('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, podOf(machine));
      await tellOf(machine.name, 'running');
    }
    return { cluster, kubeconfig: await cluster.addUser('etcd-reader', ETCD_READING), tellOf, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
