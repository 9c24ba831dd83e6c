import type {
  ApiServerHealth,
  BackupCopy,
  CertificateEnd,
  LeaderLease,
  Workload,
} from '../model/control-plane/control-plane.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import type { Reading } from '../model/reading.ts';
import type { Renewal } from '../product/certificates.ts';
import type { Role } from '../product/roles.ts';
import type { Service, StaticPod } from '../product/services.ts';

/**
 * How something that should run does: all of it, a part, none, or it is not there although it should be (`missing`),
 * or need not be (`not-installed`). `unknown` where nobody can tell, now or at all.
 */
export type Standing = 'serving' | 'partly' | 'down' | 'missing' | 'not-installed' | 'unknown';

/** A static pod on its node; a known null is not there. Stale from when its node was last heard of. */
export type StaticPodStanding = {
  readonly pod: StaticPod;
  readonly node: string;
  readonly row: Reading<PodRow | null>;
  readonly standing: Standing;
};

/** A node that carries the master, etcd or bootstrap role, with the static pods that these bring. */
export type ControlPlaneNode = {
  readonly node: string;
  readonly roles: readonly Role[];
  readonly pods: readonly StaticPodStanding[];
};

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

/** A certificate, or why it could not be read. */
export type CertificateStanding = {
  readonly what: string;
  readonly where: string;
  /** The master that shows it. */
  readonly node: string | null;
  readonly certificate: Reading<CertificateEnd>;
  /** Null where it could not be read. */
  readonly daysLeft: number | null;
  readonly renewal: Renewal | null;
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
  readonly backup: Reading<BackupStanding>;
};
