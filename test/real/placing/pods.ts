// The pods that run on the hundred nodes: what they ask for, what binds them to where they are, and who would make them anew.
import type { Random } from '../../../source/sandbox/random.ts';
import type { PodState } from '../kubelet.ts';
import { podAddress, roleKey } from '../seed/nodes.ts';
import { SANDBOXED, type SeededPod } from '../seed/pods.ts';
import { pick } from '../seed/quantities.ts';
import type { Container, OwnerReference, PodObject, PodSpec } from '../wire.ts';
import type { Host } from './nodes.ts';
import { boundClaim, type BoundClaim } from './volumes.ts';

export const NAMESPACE = 'workloads';

/** Classes of priority. None evicts others, and none lies below the pods that have no class, for whom others are evicted. */
export const PRIORITIES: Readonly<Record<string, number>> = { important: 1_000, urgent: 5_000, 'rather-soon': 10 };

export const priorityClasses = (): object[] =>
  Object.entries(PRIORITIES).map(([name, value]) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    preemptionPolicy: 'Never',
  }));

/** A pod on its node, and the claim that was made for it. */
export type HostedPod = SeededPod & { readonly bound: BoundClaim | null };

/** Millicores, MiB and MiB. */
type Room = { readonly cpu: number; readonly memory: number; readonly disk: number };

const IMAGE = 'registry.invalid/app:1';
const CPU = [50, 100, 100, 150, 200, 250, 300, 400, 500, 700, 1_000, 1_500, 3_000];
const MEMORY = [64, 128, 200, 256, 333, 512, 512, 768, 1_024, 2_048, 3_000, 6_000];
const DISK = [0, 0, 0, 0, 500, 1_000, 2_000, 8_000];
const PORTS = [8_080, 8_443, 9_090];

/** Requests in the notation of the API; what is zero is not asked for. */
export const container = (name: string, { cpu, memory, disk }: Room): Container => ({
  name,
  image: IMAGE,
  resources: {
    requests: {
      ...(cpu > 0 && { cpu: `${cpu}m` }),
      ...(memory > 0 && { memory: `${memory}Mi` }),
      ...(disk > 0 && { 'ephemeral-storage': `${disk}Mi` }),
    },
  },
});

const split = (total: Room, share: number): [Room, Room] => {
  const part = (amount: number) => Math.floor(amount * share);
  const first = { cpu: part(total.cpu), memory: part(total.memory), disk: part(total.disk) };
  const rest = { cpu: total.cpu - first.cpu, memory: total.memory - first.memory, disk: total.disk - first.disk };
  return [first, rest];
};
const OVERHEAD = { cpu: 130, memory: 120, disk: 0 };

/** Ways to ask for the same in all: by one container, by two, by what prepares the pod, or by its runtime. */
const SHAPES: readonly ((total: Room) => Pick<PodSpec, 'containers' | 'initContainers' | 'runtimeClassName'>)[] = [
  ...Array.from({ length: 8 }, () => (total: Room) => ({ containers: [container('app', total)] })),
  ...Array.from({ length: 4 }, () => (total: Room) => {
    const [first, rest] = split(total, 0.3);
    return { containers: [container('app', rest), container('beside', first)] };
  }),
  (total) => ({ initContainers: [container('prepare', total)], containers: [container('app', split(total, 0.5)[0])] }),
  (total) => {
    const left = { cpu: total.cpu - OVERHEAD.cpu, memory: total.memory - OVERHEAD.memory, disk: total.disk };
    if (left.cpu < 0 || left.memory < 0) return { containers: [container('app', total)] };
    return { containers: [container('app', left)], runtimeClassName: SANDBOXED.metadata.name };
  },
];

const required = (...expressions: readonly { key: string; operator: string; values?: readonly string[] }[]) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: expressions }] },
    },
  },
});

/** What binds a pod to nodes like its own. */
const BONDS: readonly ((host: Host) => Partial<PodSpec>)[] = [
  ...Array.from({ length: 14 }, () => () => ({})),
  ({ labels }) => (labels['disk'] === undefined ? {} : { nodeSelector: { disk: labels['disk'] } }),
  ({ labels }) => required({ key: 'example.com/zone', operator: 'In', values: [labels['example.com/zone'] ?? ''] }),
  ({ labels }) =>
    required({
      key: 'example.com/zone',
      operator: 'NotIn',
      values: labels['example.com/zone'] === 'north' ? ['south'] : ['north'],
    }),
  ({ labels }) => required({ key: 'disk', operator: labels['disk'] === undefined ? 'DoesNotExist' : 'Exists' }),
  ({ labels }) =>
    required({ key: 'example.com/rack', operator: 'Gt', values: [String(Number(labels['example.com/rack']) - 3)] }),
];

/** Two pods of three on a node with a purpose are made for it. */
function bondOf(random: Random, host: Host): Partial<PodSpec> {
  const { dedicated } = host.labels;
  const purpose = dedicated === undefined ? roleKey('infra') : 'dedicated';
  const value = host.labels[purpose];
  return value !== undefined && random.between(1, 3) > 1
    ? { nodeSelector: { [purpose]: value } }
    : pick(random, BONDS)(host);
}

type Tolerations = NonNullable<PodSpec['tolerations']>;
const toleratesAll = ({ node }: Host): Tolerations =>
  node.taints.map(({ key, value = '', effect }) => ({
    key,
    effect,
    ...(value === '' ? { operator: 'Exists' } : { operator: 'Equal', value }),
  }));
const DATABASES: Tolerations = [{ key: 'dedicated', operator: 'Equal', value: 'database', effect: 'NoSchedule' }];

const OWNERS = [
  'ReplicaSet',
  'ReplicaSet',
  'ReplicaSet',
  'ReplicaSet',
  'ReplicaSet',
  'ReplicaSet',
  'StatefulSet',
  'StatefulSet',
  'Job',
  null,
];
const STATES: readonly PodState[] = [
  ...Array.from({ length: 24 }, () => 'running' as const),
  'creating',
  'succeeded',
  'failed',
];

const owner = (kind: string, name: string, uid: string): OwnerReference => ({
  apiVersion: kind === 'Node' ? 'v1' : kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  name,
  uid,
  controller: true,
});

const NOTHING: Room = { cpu: 0, memory: 0, disk: 0 };
/** Whether a pod in this state holds nothing any more. */
export const isEnded = (state: PodState): boolean => state === 'succeeded' || state === 'failed';

/** A host while pods are put on it. */
type Filling = { readonly host: Host; taken: Room; slots: number; readonly ports: Set<number>; misses: number };

const MISSES = 20;
const isFull = ({ host, slots, misses }: Filling): boolean => misses >= MISSES || slots >= host.slots;

/** What a pod may ask for here; null when what chance gave goes beyond what the host is to be filled with. */
function drawRoom(random: Random, { host, taken }: Filling): Room | null {
  const fewSlots = host.slots < 20;
  const room = {
    cpu: random.between(1, 12) === 1 ? 0 : pick(random, CPU),
    memory: random.between(1, 12) === 1 ? 0 : pick(random, MEMORY),
    disk: pick(random, DISK),
  };
  const sum = { cpu: taken.cpu + room.cpu, memory: taken.memory + room.memory, disk: taken.disk + room.disk };
  const fill = fewSlots ? 0.7 : host.fill;
  return sum.cpu <= host.cpu * fill && sum.memory <= host.memory * fill && sum.disk <= host.disk * fill ? room : null;
}

function workload(random: Random, number: number, filling: Filling, room: Room): HostedPod {
  const { host } = filling;
  const state = pick(random, STATES);
  const app = `app-${random.between(1, 60)}`;
  const ownerKind = pick(random, OWNERS);
  const name = `${app}-${random.suffix(5)}-${number}`;
  const port = random.between(1, 25) === 1 ? pick(random, PORTS) : null;
  const claimed = random.between(1, 25);
  const bound =
    claimed > 2
      ? null
      : boundClaim(NAMESPACE, `data-${name}`, claimed === 1 || random.between(1, 2) === 1 ? [host.node.name] : null);
  const priority = pick(random, [...Object.keys(PRIORITIES), ...Array.from({ length: 9 }, () => null)]);
  const shape = pick(random, SHAPES)(room);
  const containers =
    port === null || filling.ports.has(port)
      ? shape.containers
      : shape.containers.map((one, at) =>
          at === 0 ? { ...one, ports: [{ containerPort: port, hostPort: port }] } : one,
        );
  if (port !== null && !isEnded(state)) filling.ports.add(port);
  return {
    manifest: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: NAMESPACE,
        labels: { app },
        ...(ownerKind !== null && { ownerReferences: [owner(ownerKind, app, random.uuid())] }),
      },
      spec: {
        nodeName: host.node.name,
        ...shape,
        containers,
        ...bondOf(random, host),
        tolerations: [...toleratesAll(host), ...(random.between(1, 15) === 1 ? DATABASES : [])],
        ...(priority !== null && { priorityClassName: priority }),
        ...(bound !== null && {
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: bound.claim.metadata.name } }],
        }),
        ...(isEnded(state) && { restartPolicy: 'Never' }),
      },
    },
    state,
    ...(state !== 'creating' && { address: podAddress(host.index, filling.slots + 1) }),
    terminating: false,
    bound,
  };
}

/** A static pod and a pod of a daemonset, which live and end with their node. */
function ownOf(random: Random, { node, index }: Host): HostedPod[] {
  const pod = (
    name: string,
    room: Room,
    of: OwnerReference,
    annotations?: Readonly<Record<string, string>>,
  ): HostedPod => {
    const manifest: PodObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'kube-system', ...(annotations && { annotations }), ownerReferences: [of] },
      spec: {
        nodeName: node.name,
        hostNetwork: true,
        containers: [container('app', room)],
        tolerations: [{ operator: 'Exists' }],
      },
    };
    return { manifest, state: 'running', address: podAddress(index, 0), terminating: false, bound: null };
  };
  const hash = random.uuid().replaceAll('-', '');
  const mirrored = { 'kubernetes.io/config.hash': hash, 'kubernetes.io/config.mirror': hash };
  return [
    pod(
      `apiserver-proxy-${node.name}`,
      { cpu: 25, memory: 32, disk: 0 },
      owner('Node', node.name, random.uuid()),
      mirrored,
    ),
    pod(
      `calico-node-${random.suffix(5)}`,
      { cpu: 250, memory: 0, disk: 0 },
      owner('DaemonSet', 'calico-node', random.uuid()),
    ),
  ];
}

const plus = (one: Room, other: Room): Room => ({
  cpu: one.cpu + other.cpu,
  memory: one.memory + other.memory,
  disk: one.disk + other.disk,
});

/**
 * Exactly `count` pods, all bound: every host in turn takes one until it is as full as it is to be. What is left then asks for
 * nothing but a slot.
 */
export function hostedPods(random: Random, count: number, hosts: readonly Host[]): HostedPod[] {
  const fillings = hosts
    .filter(({ node, fill }) => node.status !== null && fill > 0)
    .map((host): Filling => ({
      host,
      taken: { cpu: 275, memory: 32, disk: 0 },
      slots: 2,
      ports: new Set(),
      misses: 0,
    }));
  const pods = fillings.flatMap(({ host }) => ownOf(random, host));
  const add = (filling: Filling, room: Room) => {
    const pod = workload(random, pods.length, filling, room);
    pods.push(pod);
    if (isEnded(pod.state)) return;
    filling.taken = plus(filling.taken, room);
    filling.slots += 1;
  };
  while (pods.length < count && !fillings.every(isFull))
    for (const filling of fillings) {
      if (isFull(filling) || pods.length >= count) continue;
      const room = drawRoom(random, filling);
      if (room === null) filling.misses += 1;
      else add(filling, room);
    }
  const roomy = fillings.filter(({ host }) => host.slots > 100);
  for (let at = 0; pods.length < count; at += 1) {
    const filling = roomy[at % roomy.length];
    if (filling === undefined) throw new Error('No host has slots to spare.');
    add(filling, NOTHING);
  }
  return pods;
}
