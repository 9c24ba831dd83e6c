import type {
  ApiServerHealth,
  BackupCopy,
  ClientCertificates,
  LeaderLease,
  Workload,
} from '../model/control-plane/control-plane.ts';
import { isHeld } from '../model/control-plane/leader.ts';
import { absent, mapReading, valueOf, type Reading } from '../model/reading.ts';
import { API_SERVER_PORT } from '../product/certificates.ts';
import { LEADER_LEASES, SERVICES, type Service } from '../product/services.ts';
import { askedReading, lastRound, silentSince } from './asked-reading.ts';
import type { ClusterState } from './cluster-state.ts';
import { freshFor } from './control-plane-budget.ts';
import {
  certificates,
  clientCertificates,
  hostOf,
  unreadCertificates,
  type CertificateStanding,
  type UnreadCertificate,
} from './control-plane-certificates.ts';
import {
  controlPlaneNodes,
  hostsOf,
  isMetalK8s,
  type ControlPlaneNode,
  type Hosts,
  type Standing,
} from './control-plane-nodes.ts';
import { NOT_ASKED } from './picture.ts';
import { seen } from './seen.ts';

export type { CertificateStanding, UnreadCertificate } from './control-plane-certificates.ts';
export type { ControlPlaneNode, Standing, StaticPodStanding } from './control-plane-nodes.ts';

/** A workload of the product; a known null is not there. */
export type ServiceStanding = {
  readonly service: Service;
  readonly workload: Reading<Workload | null>;
  readonly standing: Standing;
};

/**
 * Who leads a component. `held` is seen to be renewed; `lapsed` is not renewed any more, `free` has no holder,
 * `missing` is no Lease at all; `unknown` is not told, or only by clocks that do not agree.
 */
export type LeaderStanding = {
  readonly name: string;
  readonly lease: Reading<LeaderLease | null>;
  /** The node in the identity of the holder, `NODE_UUID`; null where there is none. */
  readonly node: string | null;
  /** ms since the last renewal when it was asked, by the clocks of both; null where not told. */
  readonly age: number | null;
  readonly standing: 'held' | 'lapsed' | 'free' | 'missing' | 'unknown';
};

/** One API server at its own address. */
export type ApiServerStanding = {
  readonly address: string;
  /** The master that has the address; null for a load balancer or the end of a tunnel. */
  readonly node: string | null;
  readonly health: Reading<ApiServerHealth>;
  /** Since when it does not answer, ms since the epoch; null while it does. */
  readonly lostSince: number | null;
  /** Names of the checks that fail, live ones first. */
  readonly failing: readonly string[];
};

export type BackupStanding = {
  /** The newest that came to its end well; null where no Job did. */
  readonly newest: BackupCopy | null;
  /** ms since it ended; null where there is none or its end is not told. */
  readonly age: number | null;
  /** The last of each node, newest first, whatever came of it. */
  readonly copies: readonly BackupCopy[];
};

/** Everything of the control plane but etcd itself, as far as it is known. */
export type ControlPlanePicture = {
  readonly nodes: Reading<readonly ControlPlaneNode[]>;
  readonly services: readonly ServiceStanding[];
  readonly leaders: readonly LeaderStanding[];
  readonly apiServers: readonly ApiServerStanding[];
  /** What ends first is first; what could not be read is last. */
  readonly certificates: readonly CertificateStanding[];
  /** Those by which requests came, as the API server in use counts them. */
  readonly clients: Reading<ClientCertificates>;
  /** Those of which Salt alone knows when they end. */
  readonly unread: Reading<readonly UnreadCertificate[]>;
  readonly backup: Reading<BackupStanding>;
};

const between = (since: number | null, until: number): number | null => (since === null ? null : until - since);

type Inputs = { readonly state: ClusterState; readonly hosts: Hosts; readonly now: number };

const WORKLOADS = {
  Deployment: 'deployments',
  DaemonSet: 'daemonSets',
  StatefulSet: 'statefulSets',
} as const satisfies Record<Workload['kind'], keyof ClusterState>;

function serviceStanding({ state, hosts }: Inputs, service: Service): ServiceStanding {
  const resource = WORKLOADS[service.kind];
  const found = state[resource].get(`${service.namespace}/${service.name}`) ?? null;
  const workload = seen(found, state.resources[resource], 'the workloads are still being read');
  return { service, workload, standing: serviceWord(workload, service.only === null && isMetalK8s(state, hosts)) };
}

/** One that is scaled to zero serves nobody either. */
function serviceWord(workload: Reading<Workload | null>, isNeeded: boolean): Standing {
  if (workload.state === 'denied' || workload.state === 'absent') return 'unknown';
  if (workload.value === null) return isNeeded ? 'missing' : 'not-installed';
  const { wanted, serving } = workload.value;
  if (serving === 0) return 'down';
  return serving < wanted ? 'partly' : 'serving';
}

function leaderStanding({ state, now }: Inputs, name: string): LeaderStanding {
  const asked = state.asked.leases.get('');
  const lease = mapReading(
    askedReading(asked, now, freshFor('leases')),
    (leases) => leases.find((one) => one.name === name) ?? null,
  );
  const found = valueOf(lease);
  const at = asked?.answer?.at ?? now;
  return {
    name,
    lease,
    node: found === null ? null : nodeOf(found.holder),
    age: between(found?.renewedAt ?? null, at),
    standing: leaderWord(lease, at),
  };
}

function leaderWord(lease: Reading<LeaderLease | null>, at: number): LeaderStanding['standing'] {
  if (lease.state === 'denied' || lease.state === 'absent') return 'unknown';
  if (lease.value === null) return 'missing';
  if (lease.value.holder === '') return 'free';
  const held = isHeld(lease.value, at);
  return held === null ? 'unknown' : held ? 'held' : 'lapsed';
}

/** The identity of a leader is its node's name and a UUID (Kubernetes: kube-scheduler, kube-controller-manager). */
const nodeOf = (holder: string): string | null => /^(.+)_[^_]*$/s.exec(holder)?.[1] ?? null;

const addressOf = (host: string): string => `https://${host.includes(':') ? `[${host}]` : host}:${API_SERVER_PORT}`;

function apiServers({ state, hosts, now }: Inputs): readonly ApiServerStanding[] {
  const fresh = freshFor('apiServer');
  const asked = new Map(lastRound(state.asked.apiServer, fresh));
  const masters = hosts.nodes.filter(({ roles }) => roles.includes('master')).map(({ node }) => node.name);
  const own = [...hosts.byAddress].filter(([, node]) => masters.includes(node)).map(([host]) => addressOf(host));
  return [...new Set([...own, ...asked.keys()])].map((address): ApiServerStanding => {
    const one = asked.get(address);
    const health = askedReading(one, now, fresh);
    return {
      address,
      node: hosts.byAddress.get(hostOf(address)) ?? null,
      health,
      lostSince: one === undefined ? null : silentSince(one, now, fresh),
      failing: health.state === 'known' ? failingOf(health.value) : [],
    };
  });
}

/** Where a server says no without a check that fails, what says so is the endpoint itself. */
const failingOf = ({ live, ready }: ApiServerHealth): readonly string[] => [
  ...new Set(
    [
      { name: 'livez', ...live },
      { name: 'readyz', ...ready },
    ].flatMap(({ name, ok, checks }) => {
      const failing = checks.filter((check) => !check.ok).map((check) => check.name);
      return ok || failing.length > 0 ? failing : [name];
    }),
  ),
];

function backup({ state, now }: Inputs): Reading<BackupStanding> {
  const asked = state.asked.backups.get('');
  const { status } = state.resources.nodes;
  const copies =
    asked === undefined && status.state === 'absent' && status !== NOT_ASKED
      ? absent('not asked: the nodes could not be read')
      : askedReading(asked, now, freshFor('backups'));
  return mapReading(copies, (all): BackupStanding => {
    const newestFirst = [...all].sort((one, other) => whenOf(other) - whenOf(one));
    const newest = newestFirst.find(({ outcome }) => outcome === 'done') ?? null;
    return {
      newest,
      age: between(newest?.endedAt ?? null, now),
      copies: [...Map.groupBy(newestFirst, ({ node, job }) => node ?? job).values()].flatMap((of) => of.slice(0, 1)),
    };
  });
}

const whenOf = ({ startedAt, endedAt }: BackupCopy): number => endedAt ?? startedAt ?? -Infinity;

/** Everything of the control plane but etcd, as it is known at `now`, ms since the epoch. */
export function controlPlanePicture(state: ClusterState, now: number): ControlPlanePicture {
  const inputs: Inputs = { state, hosts: hostsOf(state), now };
  return {
    nodes: controlPlaneNodes(state),
    services: SERVICES.map((service) => serviceStanding(inputs, service)),
    leaders: LEADER_LEASES.map((name) => leaderStanding(inputs, name)),
    apiServers: apiServers(inputs),
    certificates: certificates(inputs),
    clients: clientCertificates(inputs),
    unread: unreadCertificates(inputs),
    backup: backup(inputs),
  };
}
