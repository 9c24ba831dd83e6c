import { isReady, keepsPodsOut } from '../model/kubernetes/node-status.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import { valueOf } from '../model/reading.ts';
import { taintWords } from '../text/taint.ts';
import { withMargin, type Demand, type DemandMet } from '../product/sizing.ts';
import type { NodeRow } from './node-rows.ts';
import { cores, coresWords, UNKNOWN } from '../text/amounts.ts';
import { list } from '../text/words.ts';

/** The taint by which the node controller says once more that a node is cordoned. */
const CORDON_TAINT = 'node.kubernetes.io/unschedulable';

/** What keeps pods without tolerations off a node, each as a clause; nothing for an open node (`isOpen`). */
export function closedBy(node: ClusterNode): readonly string[] {
  const taints = (node.taints ?? []).filter(
    (taint) => keepsPodsOut(taint) && !(node.cordoned && taint.key === CORDON_TAINT),
  );
  return [
    ...(isReady(node) ? [] : ['not Ready']),
    ...(node.cordoned ? ['cordoned'] : []),
    ...(node.deleting ? ['being deleted'] : []),
    ...taints.map((taint) => `taint ${taintWords(taint)}`),
  ];
}

/**
 * A node by name, with what the scheduler passes over unless a taint says it too: that it is not Ready, or is being
 * deleted. Holds the name as it came.
 */
export function nameWithState(name: string, nodes: ReadonlyMap<string, ClusterNode>): string {
  const node = nodes.get(name);
  if (node === undefined) return name;
  const states = [...(isReady(node) ? [] : ['not Ready']), ...(node.deleting ? ['being deleted'] : [])];
  return states.length === 0 ? name : `${name} (${list(states)})`;
}

/** Whether pods without tolerations may be placed on the node, and if not, why. Holds text of the cluster as it came. */
export const workloadsText = ({ node, open }: NodeRow): string =>
  open ? 'may be placed here' : `are kept off: ${list(closedBy(node))}`;

/** Whether a machine is large enough for its roles, in a word. */
export const SIZES: Record<DemandMet, string> = { yes: 'ok', tight: 'tight', no: 'undersized' };

/** Bytes as the guide counts them: gigabytes of 10^9 bytes, two decimals at most. */
export const gigabytes = (bytes: number): string => String(Math.round(bytes / 1e7) / 100);

export const demandText = ({ cpu, memory }: Demand): string => `${coresWords(cpu)} and ${gigabytes(memory)} GB`;

const amountsHad = ({ cpu, memory }: ClusterNode['capacity']): string =>
  `${cpu === null ? UNKNOWN : cores(cpu)} and ${memory === null ? UNKNOWN : gigabytes(memory)}`;

/**
 * What the roles of a node need, with its arithmetic: "undersized: needs 2.2 cores and 4.5 GB for bootstrap, master and
 * etcd; with the margin 3.3 and 6.75; has 2 and 4.1".
 */
export function sizeText({ node, roles, demand, demandMet }: NodeRow): string {
  const met = valueOf(demandMet);
  const margin = withMargin(demand);
  const needing = roles.filter((role) => role !== 'node');
  return [
    `${met === null ? UNKNOWN : SIZES[met]}: needs ${demandText(demand)} for ${list([...needing, 'what every node runs'])}`,
    `with the margin ${cores(margin.cpu)} and ${gigabytes(margin.memory)}`,
    `has ${amountsHad(node.capacity)}`,
  ].join('; ');
}

/** Sentences that name the nodes too small for their roles, and with `tight` those without margin; none when all is well. */
export function sizeSentences(rows: readonly NodeRow[], withTight: boolean): readonly string[] {
  const named = (met: DemandMet) =>
    rows.filter(({ demandMet }) => valueOf(demandMet) === met).map(({ node }) => node.name);
  const undersized = named('no');
  const tight = withTight ? named('tight') : [];
  return [
    ...(undersized.length > 0 ? [`Undersized for their roles: ${list(undersized, 5)}.`] : []),
    ...(tight.length > 0 ? [`Tight, without the margin that the guide advises: ${list(tight, 5)}.`] : []),
  ];
}

/** What machines have of a resource together; unknown as soon as one of them does not say. */
export function capacityWords(
  rows: readonly NodeRow[],
  resource: 'cpu' | 'memory',
  words: (amount: number) => string,
): string {
  const had = rows.map(({ node }) => node.capacity[resource]).filter((amount) => amount !== null);
  return had.length < rows.length ? UNKNOWN : words(had.reduce((sum, amount) => sum + amount, 0));
}
