import type { Amounts } from '../model/kubernetes/amounts.ts';
import { isOpen, nodeStatus, type StatusFlag } from '../model/kubernetes/node-status.ts';
import type { NodeUsage } from '../model/kubernetes/node-usage.ts';
import type { ClusterNode, Taint } from '../model/kubernetes/node.ts';
import { absent, known, mapReading, stale, type Reading } from '../model/reading.ts';
import { VERSION_LABEL } from '../product/keys.ts';
import { groupOf, planesServed, type NodeGroup, type Plane } from '../product/node-groups.ts';
import { otherTaints, roleMarks, rolesOf } from '../product/node-roles.ts';
import { planesOf } from '../product/planes.ts';
import type { Role } from '../product/roles.ts';
import { demandMet, demandOf, type Demand, type DemandMet } from '../product/sizing.ts';
import type { ClusterState, NodeSums, ResourceView } from './cluster-state.ts';
import { seen } from './seen.ts';
import { NO_SUMS } from './sums.ts';

/** One node as lists show it: what the Node itself says, and what the pods bound to it add up to. */
export type NodeRow = {
  readonly node: ClusterNode;
  readonly status: readonly StatusFlag[];
  /** Rank of the worst status, 0 the worst, for sorting. */
  readonly severity: number;
  readonly roles: readonly Role[];
  /** Roles and their taints as the guide draws them: `BT M E`. */
  readonly marks: string;
  /** Taints that no role mark shows. */
  readonly otherTaints: readonly Taint[];
  readonly planes: { readonly control: Reading<string>; readonly workload: Reading<string> };
  readonly metalk8sVersion: string | null;
  readonly requested: Reading<Amounts>;
  readonly limits: Reading<Amounts>;
  /** Allocatable less requested, per resource; null where the node does not say what it offers. */
  readonly free: Reading<{ readonly [K in keyof Amounts]: number | null }>;
  readonly pods: Reading<NodeSums['pods']>;
  /** Active pods without a limit, by resource. */
  readonly unlimited: Reading<NodeSums['unlimited']>;
  /** Measured, of what the node has: may be more than is allocatable, or than is requested. */
  readonly used: Reading<Pick<NodeUsage, 'cpu' | 'memory'>>;
  readonly group: NodeGroup;
  readonly serves: readonly Plane[];
  /** Whether pods without tolerations are placed here. */
  readonly open: boolean;
  /** What its roles need by the guide, and whether the machine is large enough. */
  readonly demand: Demand;
  readonly demandMet: Reading<DemandMet>;
};

const RANKS: readonly StatusFlag['severity'][] = ['critical', 'warning', 'unknown', 'intent', 'normal'];

/** The sums of a node as far as the pods are known: a node without pods has nothing requested only when all were listed. */
const sumsReading = (sums: NodeSums | undefined, pods: ResourceView): Reading<NodeSums> =>
  seen(sums ?? NO_SUMS, pods, 'the pods are still being read');

const less = (whole: number | null, part: number): number | null => (whole === null ? null : whole - part);

const freeOf = ({ allocatable }: ClusterNode, requested: Amounts) => ({
  cpu: less(allocatable.cpu, requested.cpu),
  memory: less(allocatable.memory, requested.memory),
  ephemeralStorage: less(allocatable.ephemeralStorage, requested.ephemeralStorage),
});

/** Sources measure every 15 to 60 seconds; what is older than this is told with its age. */
const FRESH = 150_000;

/** What a node uses, by the last measurement of it; older than the answer it came with when its source lags. */
function usedReading(usage: NodeUsage | undefined, metrics: ResourceView): Reading<NodeUsage> {
  const reading = seen(usage ?? null, metrics, 'the metrics are still being read');
  if (reading.state !== 'known' && reading.state !== 'stale') return reading;
  if (reading.value === null) return absent('the metrics API does not name the node');
  const { at } = reading.value;
  if (reading.state === 'stale') return stale(reading.value, at ?? reading.since);
  const lags = at !== null && metrics.heardAt !== null && metrics.heardAt - at > FRESH;
  return lags ? stale(reading.value, at) : known(reading.value);
}

/** What a row is made from, besides the node. */
export type RowSources = {
  readonly sums: NodeSums | undefined;
  readonly pods: ResourceView;
  readonly usage: NodeUsage | undefined;
  readonly metrics: ResourceView;
};

/** What a state holds for the row of a node. */
export const rowSources = (state: ClusterState, name: string): RowSources => ({
  sums: state.sumsByNode.get(name),
  pods: state.resources.pods,
  usage: state.usage.get(name),
  metrics: state.resources.usage,
});

/** What of a row comes from the Node alone. */
type OfNode = Omit<NodeRow, 'requested' | 'limits' | 'free' | 'pods' | 'unlimited' | 'used'>;

function readNode(node: ClusterNode): OfNode {
  const status = nodeStatus(node);
  const roles = rolesOf(node);
  const demand = demandOf(roles);
  return {
    node,
    status,
    severity: Math.min(...status.map(({ severity }) => RANKS.indexOf(severity))),
    roles,
    marks: roleMarks(node),
    otherTaints: otherTaints(node),
    planes: planesOf(node),
    metalk8sVersion: node.labels[VERSION_LABEL] ?? null,
    group: groupOf(roles),
    serves: planesServed(node),
    open: isOpen(node),
    demand,
    demandMet: demandMet(demand, node.capacity),
  };
}

/** A Node is replaced and never changed, and its pods change far more often, so it is read once. */
const read = new WeakMap<ClusterNode, OfNode>();

function ofNode(node: ClusterNode): OfNode {
  const before = read.get(node);
  if (before !== undefined) return before;
  const made = readNode(node);
  read.set(node, made);
  return made;
}

/** One row, from the node, its sums and its measurement. Pure. */
export function nodeRow(node: ClusterNode, { sums, pods, usage, metrics }: RowSources): NodeRow {
  const reading = sumsReading(sums, pods);
  return {
    ...ofNode(node),
    requested: mapReading(reading, ({ requests }) => requests),
    limits: mapReading(reading, ({ limits }) => limits),
    free: mapReading(reading, ({ requests }) => freeOf(node, requests)),
    pods: mapReading(reading, ({ pods: counts }) => counts),
    unlimited: mapReading(reading, ({ unlimited }) => unlimited),
    used: usedReading(usage, metrics),
  };
}
