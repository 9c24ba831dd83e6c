import type { Amounts, NodeAmounts } from '../model/kubernetes/amounts.ts';
import type { NodeUsage } from '../model/kubernetes/node-usage.ts';
import { absent, known, type Reading } from '../model/reading.ts';
import { taintSource } from '../product/node-roles.ts';
import { withMargin, type Demand } from '../product/sizing.ts';
import type { NodeRow } from '../state/node-rows.ts';
import { closedBy } from '../state/node-words.ts';
import type { NodeItem } from './kinds/node-list.ts';
import { instantOrNull, told } from './told.ts';

type Answered = { readonly [K in keyof Amounts]: number | null };

const cores = (millicores: number | null): number | null => (millicores === null ? null : millicores / 1_000);

/** Amounts in base units: cores and bytes. */
export const inBaseUnits = ({ cpu, memory, ephemeralStorage }: Answered) => ({
  cpu: cores(cpu),
  memory,
  ephemeralStorage,
});

export const offered = (amounts: NodeAmounts) => ({ ...inBaseUnits(amounts), pods: amounts.pods });

const NOT_READY = ['NotReady', 'Unknown', 'NeverRegistered'];

/** A figure of which this version has no source. */
const NO_ALERTS: Reading<never> = absent('alerts are not read by this version');

const orAbsent = (value: string | null, why: string): Reading<string> =>
  value === null || value === '' ? absent(why) : known(value);

const NO_STORAGE_USED: Reading<never> = absent('the metrics API says nothing of ephemeral storage');

/** What was measured, in base units. */
export const usedUnits = ({ cpu, memory }: Pick<NodeUsage, 'cpu' | 'memory'>) => ({
  cpu: cores(cpu),
  memory,
  ...told('ephemeralStorage', NO_STORAGE_USED, () => null),
});

/** What roles need, in base units. */
export function demandUnits(demand: Demand) {
  const more = withMargin(demand);
  return {
    cpu: demand.cpu / 1_000,
    memory: demand.memory,
    cpuWithMargin: more.cpu / 1_000,
    memoryWithMargin: more.memory,
  };
}

/** Where a node counts, and whether it takes workloads. */
export const placeOf = ({ node, group, serves, open }: NodeRow) => ({
  group,
  serves: [...serves],
  open,
  closedBy: [...closedBy(node)],
});

/** A row of nodes as programs read it. */
export function nodeItem(row: NodeRow): NodeItem {
  const { node, status, roles, planes, requested, limits, free, pods, metalk8sVersion } = row;
  const active = pods.state === 'known' || pods.state === 'stale' ? pods.value.active : null;
  const podsLeft = active === null || node.allocatable.pods === null ? null : node.allocatable.pods - active;
  return {
    name: node.name,
    uid: node.uid,
    createdAt: instantOrNull(node.createdAt),
    status: status.map(({ name }) => name),
    notReadySince: instantOrNull(status.find(({ name }) => NOT_READY.includes(name))?.since ?? null),
    roles: [...roles].sort(),
    taints: (node.taints ?? []).map((taint) => ({
      key: taint.key,
      value: taint.value,
      effect: taint.effect,
      source: taintSource(taint),
    })),
    planes: {
      ...told('control', planes.control, (address) => address),
      ...told('workload', planes.workload, (address) => address),
    },
    version: {
      ...told('kubelet', orAbsent(node.system.kubelet, 'the kubelet has not registered'), (version) => version),
      ...told('metalk8s', orAbsent(metalk8sVersion, 'the node has no version label'), (version) => version),
    },
    capacity: offered(node.capacity),
    allocatable: offered(node.allocatable),
    ...told('requested', requested, (amounts) => ({ ...inBaseUnits(amounts), pods: active })),
    ...told('limits', limits, inBaseUnits),
    ...told('unlimited', row.unlimited, (counts) => counts),
    ...told('used', row.used, usedUnits),
    ...told('free', free, (amounts) => ({ ...inBaseUnits(amounts), pods: podsLeft })),
    ...told('pods', pods, ({ running, total }) => ({ running, total })),
    demand: { ...demandUnits(row.demand), ...told('met', row.demandMet, (met) => met) },
    ...placeOf(row),
    ...told('alerts', NO_ALERTS, () => null),
  };
}
