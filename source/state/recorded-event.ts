import { QUESTIONS, RESOURCES } from '../model/cluster-event.ts';
import type {
  ClusterEvent,
  Items,
  Question,
  Resource,
  ResourceStatus,
  Rights,
  ServerFacts,
  Told,
  Unanswered,
} from '../model/cluster-event.ts';
import type {
  ApiServerHealth,
  BackupCopy,
  CertificateEnd,
  ClientCertificates,
  HealthAnswer,
  HealthCheck,
  LeaderLease,
  Workload,
} from '../model/control-plane/control-plane.ts';
import type {
  EtcdAlarm,
  EtcdFigures,
  EtcdHealth,
  EtcdMember,
  EtcdMembership,
  RequestCount,
} from '../model/etcd/etcd.ts';
import type { Histogram } from '../model/histogram.ts';
import type { Amounts, NodeAmounts } from '../model/kubernetes/amounts.ts';
import type { NodeAddress, NodeCondition, Taint } from '../model/kubernetes/node.ts';
import { UNMODELLED } from '../model/kubernetes/placement.ts';
import type { HostPort, NodeTerm, Placement, Requirement } from '../model/kubernetes/placement.ts';
import type { Toleration } from '../model/kubernetes/pod.ts';
import { isInstant } from '../text/age.ts';

// A recording comes from anywhere: what it holds counts as an event only when every field that is read is of its kind.

type Check = (value: unknown) => boolean;
/** A check for each field of a type; fields that no check names may be there and are not read. */
type Checks<T> = { readonly [K in keyof T]-?: Check };

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const time: Check = (value) => typeof value === 'number' && isInstant(value);
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
/** Whole, and small enough that sums of it are exact. */
const amount: Check = (value) => Number.isSafeInteger(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
const shape =
  <T>(checks: Checks<T>): Check =>
  (value) =>
    isObject(value) &&
    Object.entries<Check>(checks).every(([name, check]) => Object.hasOwn(value, name) && check(value[name]));

/** A union told apart by the text in one field. */
const oneOf =
  (field: string, checks: Readonly<Record<string, Check>>): Check =>
  (value) => {
    const name = isObject(value) ? value[field] : null;
    return typeof name === 'string' && Object.hasOwn(checks, name) && checks[name]?.(value) === true;
  };

const amounts = shape<Amounts>({ cpu: amount, memory: amount, ephemeralStorage: amount });
const nodeAmounts = shape<NodeAmounts>({
  cpu: orNull(amount),
  memory: orNull(amount),
  ephemeralStorage: orNull(amount),
  pods: orNull(amount),
});

const among =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);

const requirement = shape<Requirement>({ key: text, operator: text, values: listOf(text) });
const terms = listOf(shape<NodeTerm>({ labels: listOf(requirement), fields: listOf(requirement) }));
const placement = shape<Placement>({
  selector: mapOf(text),
  terms: orNull(terms),
  hostPorts: listOf(shape<HostPort>({ address: text, protocol: text, port: number })),
  gates: listOf(text),
  unmodelled: listOf(among(...UNMODELLED)),
});

const workload = shape<Workload>({
  uid: text,
  kind: among('Deployment', 'DaemonSet', 'StatefulSet'),
  namespace: text,
  name: text,
  wanted: number,
  serving: number,
  createdAt: orNull(time),
});

const ITEMS: Readonly<Record<Resource, Check>> = {
  nodes: shape<Items['nodes']>({
    name: text,
    uid: text,
    createdAt: orNull(time),
    deleting: flag,
    labels: mapOf(text),
    annotations: mapOf(text),
    cordoned: flag,
    taints: orNull(listOf(shape<Taint>({ key: text, value: text, effect: text, timeAdded: orNull(text) }))),
    conditions: listOf(
      shape<NodeCondition>({ type: text, status: text, reason: text, message: text, since: orNull(time) }),
    ),
    addresses: listOf(shape<NodeAddress>({ type: text, address: text })),
    capacity: nodeAmounts,
    allocatable: nodeAmounts,
    system: shape<Items['nodes']['system']>({
      kubelet: text,
      containerRuntime: text,
      operatingSystem: text,
      kernel: text,
      architecture: text,
    }),
  }),
  pods: shape<Items['pods']>({
    uid: text,
    namespace: text,
    name: text,
    node: orNull(text),
    phase: text,
    status: text,
    ready: shape<Items['pods']['ready']>({ containers: number, of: number }),
    restarts: number,
    createdAt: orNull(time),
    deleting: flag,
    mirror: flag,
    owner: orNull(shape<NonNullable<Items['pods']['owner']>>({ kind: text, name: text })),
    requests: amounts,
    limits: amounts,
    tolerations: listOf(
      shape<Toleration>({ key: text, operator: text, value: text, effect: text, seconds: orNull(number) }),
    ),
    unlimited: listOf(among('cpu', 'memory')),
    placement,
    claims: listOf(text),
    ephemeralClaims: listOf(text),
    priority: number,
    unscheduled: orNull(text),
  }),
  events: shape<Items['events']>({
    uid: text,
    type: text,
    reason: text,
    message: text,
    node: text,
    source: text,
    count: number,
    at: orNull(time),
  }),
  usage: shape<Items['usage']>({
    uid: text,
    at: orNull(time),
    cpu: orNull(amount),
    memory: orNull(amount),
  }),
  persistentVolumes: shape<Items['persistentVolumes']>({
    uid: text,
    name: text,
    labels: mapOf(text),
    storageClass: text,
    capacity: orNull(amount),
    accessModes: listOf(text),
    mode: text,
    phase: text,
    claim: orNull(shape<NonNullable<Items['persistentVolumes']['claim']>>({ namespace: text, name: text, uid: text })),
    terms: orNull(terms),
    deleting: flag,
  }),
  claims: shape<Items['claims']>({
    uid: text,
    namespace: text,
    name: text,
    storageClass: orNull(text),
    request: orNull(amount),
    accessModes: listOf(text),
    mode: text,
    selector: orNull(
      shape<NonNullable<Items['claims']['selector']>>({ labels: mapOf(text), requirements: listOf(requirement) }),
    ),
    phase: text,
    volume: orNull(text),
    deleting: flag,
  }),
  storageClasses: shape<Items['storageClasses']>({
    uid: text,
    name: text,
    provisioner: text,
    waitsForPod: flag,
    topologies: orNull(terms),
  }),
  volumes: shape<Items['volumes']>({
    uid: text,
    name: text,
    node: text,
    storageClass: text,
    labels: mapOf(text),
    size: orNull(amount),
    phase: orNull(among('Available', 'Failed', 'Pending', 'Terminating')),
    message: text,
    deleting: flag,
  }),
  deployments: workload,
  daemonSets: workload,
  statefulSets: workload,
};

type StatusOf<S extends ResourceStatus['state']> = Omit<Extract<ResourceStatus, { state: S }>, 'state'>;
const STATUSES: Readonly<Record<ResourceStatus['state'], Check>> = {
  loading: shape<StatusOf<'loading'>>({ loaded: number, total: orNull(number) }),
  live: isObject,
  stale: shape<StatusOf<'stale'>>({ since: time, why: text }),
  denied: shape<StatusOf<'denied'>>({ right: text, why: text }),
  absent: shape<StatusOf<'absent'>>({ why: text }),
};

const facts = shape<ServerFacts>({
  cluster: text,
  context: text,
  user: text,
  kubernetesVersion: orNull(text),
  metalk8sVersion: orNull(text),
  door: shape<ServerFacts['door']>({ address: text, first: flag }),
});

const resource: Check = (value) => RESOURCES.some((name) => name === value);
const ofItems = oneOf(
  'resource',
  Object.fromEntries(Object.entries(ITEMS).map(([name, check]) => [name, shape({ items: listOf(check) })])),
);

const histogram = shape<Histogram>({ bounds: listOf((value) => typeof value === 'number'), counts: listOf(number) });
const figures = shape<EtcdFigures>({
  id: orNull(text),
  version: orNull(text),
  startedAt: orNull(time),
  hasLeader: orNull(flag),
  isLeader: orNull(flag),
  isLearner: orNull(flag),
  dbSize: orNull(number),
  dbSizeInUse: orNull(number),
  quota: orNull(number),
  committed: orNull(number),
  applied: orNull(number),
  leaderChanges: orNull(number),
  failedProposals: orNull(number),
  pendingProposals: orNull(number),
  slowApplies: orNull(number),
  peerFailures: orNull(number),
  defragmentations: orNull(number),
  fsync: orNull(histogram),
  commit: orNull(histogram),
  roundTrips: mapOf(histogram),
  requests: orNull(mapOf(shape<RequestCount>({ all: number, failed: number }))),
  handling: mapOf(histogram),
});
const source = among('pod proxy', 'etcdctl', 'directly');
const checks = listOf(shape<HealthCheck>({ name: text, ok: flag }));
const probed = shape<HealthAnswer>({ ok: flag, checks, milliseconds: number });

const ANSWERS: Readonly<Record<Question, Check>> = {
  etcdFigures: shape<Told['etcdFigures']>({ node: text, source, figures }),
  etcdHealth: shape<Told['etcdHealth']>({
    node: text,
    source,
    health: shape<EtcdHealth>({ healthy: flag, reason: text }),
  }),
  etcdMembership: shape<Told['etcdMembership']>({
    source,
    membership: shape<EtcdMembership>({
      cluster: text,
      members: listOf(
        shape<EtcdMember>({ id: text, name: text, peerUrls: listOf(text), clientUrls: listOf(text), isLearner: flag }),
      ),
      alarms: listOf(shape<EtcdAlarm>({ member: orNull(text), kind: text })),
      leader: orNull(text),
    }),
  }),
  leases: listOf(
    shape<LeaderLease>({
      name: text,
      holder: text,
      renewedAt: orNull(time),
      movedAt: orNull(time),
      seconds: orNull(number),
      transitions: orNull(number),
    }),
  ),
  apiServer: shape<ApiServerHealth>({ address: text, live: probed, ready: probed }),
  certificate: shape<CertificateEnd>({
    what: text,
    where: text,
    subject: text,
    from: time,
    until: time,
    distrust: orNull(text),
    unverified: orNull(text),
  }),
  clientCertificates: shape<ClientCertificates>({
    where: text,
    since: orNull(time),
    requests: number,
    atLeast: orNull(number),
    below: orNull(number),
  }),
  backups: listOf(
    shape<BackupCopy>({
      job: text,
      node: orNull(text),
      startedAt: orNull(time),
      endedAt: orNull(time),
      outcome: among('done', 'failed', 'running'),
    }),
  ),
};

const unanswered = shape<Unanswered>({ kind: among('denied', 'absent', 'lost'), why: text, right: orNull(text) });

type EventOf<T extends ClusterEvent['type']> = Omit<Extract<ClusterEvent, { type: T }>, 'type' | 'at'>;
const EVENTS: Readonly<Record<ClusterEvent['type'], Check>> = {
  status: shape<EventOf<'status'>>({ resource, status: oneOf('state', STATUSES) }),
  'list-started': shape<EventOf<'list-started'>>({ resource }),
  'list-ended': shape<EventOf<'list-ended'>>({ resource }),
  listed: ofItems,
  changed: ofItems,
  deleted: shape<EventOf<'deleted'>>({ resource, uids: listOf(text) }),
  heard: shape<EventOf<'heard'>>({ resource }),
  server: shape<EventOf<'server'>>({ facts }),
  latency: shape<EventOf<'latency'>>({ milliseconds: number }),
  unanswered: () => true,
  rights: shape<EventOf<'rights'>>({ rights: shape<Rights>({ patchNodes: orNull(flag) }) }),
  answer: oneOf(
    'question',
    Object.fromEntries(Object.entries(ANSWERS).map(([name, check]) => [name, shape({ answer: check })])),
  ),
  'no-answer': shape<EventOf<'no-answer'>>({ question: among(...QUESTIONS), about: text, failure: unanswered }),
};

const dated = shape<{ at: number }>({ at: time });
const known = oneOf('type', EVENTS);

/** Whether a value from a file is an event that the picture can take and every screen can draw. */
export const isClusterEvent = (value: unknown): value is ClusterEvent => dated(value) && known(value);
