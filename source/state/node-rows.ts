import type { Amounts } from '../model/kubernetes/amounts.ts';
import { nodeStatus, type StatusFlag } from '../model/kubernetes/node-status.ts';
import type { ClusterNode, Taint } from '../model/kubernetes/node.ts';
import { absent, denied, known, mapReading, stale, type Reading } from '../model/reading.ts';
import { VERSION_LABEL } from '../product/keys.ts';
import { otherTaints, roleMarks, rolesOf } from '../product/node-roles.ts';
import { planesOf } from '../product/planes.ts';
import type { Role } from '../product/roles.ts';
import type { ClusterState, NodeSums, ResourceView } from './cluster-state.ts';
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
};

const RANKS: readonly StatusFlag['severity'][] = ['critical', 'warning', 'unknown', 'intent', 'normal'];

/** The sums of a node as far as the pods are known: a node without pods has nothing requested only when all were listed. */
function sumsReading(sums: NodeSums | undefined, { status }: ResourceView): Reading<NodeSums> {
  switch (status.state) {
    case 'live':
      return known(sums ?? NO_SUMS);
    case 'stale':
      return stale(sums ?? NO_SUMS, status.since);
    case 'loading':
      return absent('the pods are still being read');
    case 'denied':
      return denied(status.right);
    case 'absent':
      return absent(status.why);
  }
}

const less = (whole: number | null, part: number): number | null => (whole === null ? null : whole - part);

const freeOf = ({ allocatable }: ClusterNode, requested: Amounts) => ({
  cpu: less(allocatable.cpu, requested.cpu),
  memory: less(allocatable.memory, requested.memory),
  ephemeralStorage: less(allocatable.ephemeralStorage, requested.ephemeralStorage),
});

/** One row, from the node and its sums. Pure. */
export function nodeRow(node: ClusterNode, sums: NodeSums | undefined, pods: ResourceView): NodeRow {
  const status = nodeStatus(node);
  const reading = sumsReading(sums, pods);
  return {
    node,
    status,
    severity: Math.min(...status.map(({ severity }) => RANKS.indexOf(severity))),
    roles: rolesOf(node),
    marks: roleMarks(node),
    otherTaints: otherTaints(node),
    planes: planesOf(node),
    metalk8sVersion: node.labels[VERSION_LABEL] ?? null,
    requested: mapReading(reading, ({ requests }) => requests),
    limits: mapReading(reading, ({ limits }) => limits),
    free: mapReading(reading, ({ requests }) => freeOf(node, requests)),
    pods: mapReading(reading, ({ pods: counts }) => counts),
  };
}

/**
 * Gives the rows of all nodes of a state, in no order. Keeps those it gave before: only a row whose node, sums or view
 * of the pods changed is made anew, so that equal rows are the same object.
 */
export function createNodeRows(): (state: ClusterState) => readonly NodeRow[] {
  type Kept = { node: ClusterNode; sums: NodeSums | undefined; row: NodeRow };
  let kept = new Map<string, Kept>();
  let seen: { nodes: number; pods: number; view: ResourceView } | null = null;
  let rows: readonly NodeRow[] = [];
  return (state) => {
    const view = state.resources.pods;
    const viewChanged = seen?.view.status !== view.status;
    if (seen !== null && !viewChanged && seen.nodes === state.revision.nodes && seen.pods === state.revision.pods)
      return rows;
    const next = new Map<string, Kept>();
    for (const node of state.nodes.values()) {
      const sums = state.sumsByNode.get(node.name);
      const before = kept.get(node.name);
      const same = before !== undefined && !viewChanged && before.node === node && before.sums === sums;
      next.set(node.name, same ? before : { node, sums, row: nodeRow(node, sums, view) });
    }
    kept = next;
    seen = { nodes: state.revision.nodes, pods: state.revision.pods, view };
    rows = [...next.values()].map(({ row }) => row);
    return rows;
  };
}
