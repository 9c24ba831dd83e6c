import type { Role } from '../../../product/roles.ts';
import type { Toleration } from '../../wire.ts';

export type ContainerTemplate = {
  name: string;
  image: string;
  requests?: Record<string, string>;
  limits?: Record<string, string>;
  hostPorts?: readonly number[];
};

/** A claim that each pod of a StatefulSet has, and the Volume that is made for it on a site that has been set up. */
export type ClaimTemplate = {
  name: string;
  size: string;
  /** What the claim asks of the labels of its volume, and what those of the volume are. */
  labels: Record<string, string>;
  /** The Volume is called after its node and this. */
  volume: string;
  from: 'disk' | 'sparse file' | 'logical volume';
  /** Its volumes are made on nodes of this role; on any that takes the pod when there is none. */
  role?: Role;
};

/** What runs on the site: one row a workload, from which its pods and their owners are made. */
export type Workload = {
  kind: 'Static' | 'DaemonSet' | 'Deployment' | 'StatefulSet' | 'CronJob';
  namespace: string;
  name: string;
  /** Pods of a Deployment or StatefulSet. */
  replicas?: number;
  /** Of a static pod: nodes that have this role; on every node when there is none. */
  role?: Role;
  nodeSelector?: Record<string, string>;
  tolerations?: readonly Toleration[];
  labels?: Record<string, string>;
  init?: readonly ContainerTemplate[];
  containers: readonly ContainerTemplate[];
  hostNetwork?: boolean;
  priorityClass?: 'system-node-critical' | 'system-cluster-critical';
  /** Of a StatefulSet. */
  claims?: readonly ClaimTemplate[];
  /** Pods that must stay when others are evicted, or that may go at a time. */
  budget?: { minAvailable: number } | { maxUnavailable: number };
  /** An application that is rolled out anew now and then. */
  rolls?: boolean;
  /** Of a CronJob: seconds between runs, and how long one takes. */
  every?: number;
  takes?: number;
};
