import type { ContainerPort, Node, Pod } from '../../wire.ts';
import { allocatableOf, demandOf, type Demand, type PodDemand } from './demand.ts';
import { areFree, hostPortsOf } from './ports.ts';
import { isWanted } from './selection.ts';
import { best } from './score.ts';
import { untolerated } from './taints.ts';
import { mountsOf, volumesOn, type Binding, type Mounts, type Storage } from './volumes.ts';

/** What the scheduler knows of the nodes beside what they say themselves. */
export type Surroundings = {
  used: (node: Node) => PodDemand;
  podsOn: (node: Node) => Iterable<Pod>;
  storage: Storage;
};

/** Why a node does not take a pod; whether it could if other pods went. */
export type Refusal = { reasons: readonly string[]; resolvable: boolean };

const final = (reason: string): Refusal => ({ reasons: [reason], resolvable: false });
const passing = (...reasons: readonly string[]): Refusal => ({ reasons, resolvable: true });

const lacks = (wanted: number, used: number, offered: number): boolean => wanted > 0 && used + wanted > offered;

/** Everything of which a node has too little for a pod. */
export function shortages(wanted: PodDemand, used: Demand, offered: Demand): string[] {
  const lacking: string[] = [];
  if (used.pods + wanted.pods > offered.pods) lacking.push('Too many pods');
  if (lacks(wanted.cpu, used.cpu, offered.cpu)) lacking.push('Insufficient cpu');
  if (lacks(wanted.memory, used.memory, offered.memory)) lacking.push('Insufficient memory');
  if (lacks(wanted.ephemeralStorage, used.ephemeralStorage, offered.ephemeralStorage)) {
    lacking.push('Insufficient ephemeral-storage');
  }
  for (const name in wanted.others) {
    const { [name]: asked = 0 } = wanted.others;
    const { [name]: taken = 0 } = used.others;
    const { [name]: there = 0 } = offered.others;
    if (lacks(asked, taken, there)) lacking.push(`Insufficient ${name}`);
  }
  return lacking;
}

type Wanted = { pod: Pod; demand: PodDemand; ports: readonly ContainerPort[] };
/** The same for pods that fare alike on all nodes, but for their claims: everything of a pod that is looked at here. */
export const wishesOf = (pod: Pod): string => {
  const { tolerations, nodeSelector, affinity, preemptionPolicy } = pod.spec;
  return JSON.stringify([demandOf(pod), hostPortsOf(pod), tolerations, nodeSelector, affinity, preemptionPolicy]);
};

type Filter = (wanted: Wanted, node: Node, surroundings: Surroundings) => Refusal | null;

const CORDON = 'node.kubernetes.io/unschedulable';
const isUnschedulable = ({ spec: { unschedulable } }: Node): boolean => unschedulable === true;

/** The filters of the scheduler in its order, but for volumes; the first that refuses a node is the one that is told. */
const FILTERS: readonly Filter[] = [
  ({ pod }, node) =>
    isUnschedulable(node) &&
    untolerated(pod.spec, { ...node, spec: { taints: [{ key: CORDON, effect: 'NoSchedule' }] } })
      ? final('node(s) were unschedulable')
      : null,
  ({ pod }, node) => {
    const taint = untolerated(pod.spec, node);
    return taint ? final(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`) : null;
  },
  ({ pod }, node) => (isWanted(pod.spec, node) ? null : final("node(s) didn't match Pod's node affinity/selector")),
  ({ ports }, node, { podsOn }) =>
    areFree(ports, ports.length === 0 ? [] : podsOn(node))
      ? null
      : passing("node(s) didn't have free ports for the requested pod ports"),
  ({ demand }, node, { used }) => {
    const lacking = shortages(demand, used(node), allocatableOf(node));
    return lacking.length === 0 ? null : passing(...lacking);
  },
];

export type Choice = { node: Node; bindings: readonly Binding[] } | { why: string };

/** What a node says to a pod: no, with the reasons, or the volumes that it has for its claims. */
function look(
  wanted: Wanted,
  node: Node,
  mounts: Mounts,
  surroundings: Surroundings,
): Refusal | { bindings: readonly Binding[] } {
  for (const filter of FILTERS) {
    const refusal = filter(wanted, node, surroundings);
    if (refusal) return refusal;
  }
  const found = volumesOn(node, mounts, surroundings.storage);
  return 'why' in found ? final(found.why) : found;
}

/** The node that suits a pod best, or the scheduler's sentence on why none takes it. */
export function choose(pod: Pod, nodes: Iterable<Node>, surroundings: Surroundings): Choice {
  const all = [...nodes];
  if (all.length === 0) return { why: 'no nodes available to schedule pods' };
  const mounts = mountsOf(pod, surroundings.storage);
  if ('why' in mounts)
    return {
      why: sentence(
        pod,
        [mounts.why],
        all.map(() => final(mounts.why)),
      ),
    };
  const wanted = { pod, demand: demandOf(pod), ports: hostPortsOf(pod) };
  const refusals: Refusal[] = [];
  const open = new Map<Node, readonly Binding[]>();
  for (const node of all) {
    const answer = look(wanted, node, mounts, surroundings);
    if ('bindings' in answer) open.set(node, answer.bindings);
    else refusals.push(answer);
  }
  const node = best(pod, [...open.keys()], surroundings.used);
  if (node) return { node, bindings: open.get(node) ?? [] };
  return { why: sentence(pod, counted(refusals.flatMap(({ reasons }) => reasons)), refusals) };
}

/** Each of some texts once, with how often it stands there, in order of the texts that this gives. */
function counted(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const known = counts.get(text);
    counts.set(text, known === undefined ? 1 : known + 1);
  }
  return [...counts].map(([text, count]) => `${count} ${text}`).sort();
}

/** The message of the scheduler (1.29): the reasons of all nodes, and what preemption made of it. */
function sentence({ spec }: Pod, reasons: readonly string[], refusals: readonly Refusal[]): string {
  const none = `0/${refusals.length} nodes are available:`;
  const attempts = counted(
    refusals.map(({ resolvable }) =>
      resolvable ? 'No preemption victims found for incoming pod' : 'Preemption is not helpful for scheduling',
    ),
  );
  const preemption =
    spec.preemptionPolicy === 'Never'
      ? 'not eligible due to preemptionPolicy=Never.'
      : `${none} ${attempts.join(', ')}.`;
  return `${none} ${reasons.join(', ')}. preemption: ${preemption}`;
}
