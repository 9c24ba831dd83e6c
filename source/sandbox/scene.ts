import type { EtcdConditions } from './world/etcd/etcd.ts';
import type { Machine } from './world/machines.ts';
import type { Workload } from './world/workloads/workload.ts';
import type { Future, Past } from './world/world.ts';

/** How large a scene is wanted; a scene has its own size where nothing is said. */
export type SceneSize = { nodes?: number; pods?: number };

/** A state of affairs to show or to test with. */
export type Scene = {
  /** One sentence for the help. */
  told: string;
  machines: (size: SceneSize) => Machine[];
  workloads: (size: SceneSize, machines: readonly Machine[]) => Workload[];
  /** What happened to its machines before the sandbox is started. */
  past?: (machines: readonly Machine[]) => Past;
  /** What will happen once it runs, in a scene without a past. */
  future?: (machines: readonly Machine[]) => Future;
  etcd?: EtcdConditions;
  /** Days for which the certificates hold, where it is not a year. */
  certificates?: CertificateDays;
  /** Whether the nodes that have etcd listen at addresses of their own, for who goes there directly. */
  reachable?: true;
};

/** Days for which the certificate of the API server holds, and those of its clients. */
export type CertificateDays = { server: number; clients: number };
