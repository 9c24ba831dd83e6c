import type { NodeAmounts } from '../model/kubernetes/amounts.ts';
import { absent, known, type Reading } from '../model/reading.ts';
import type { Role } from './roles.ts';

/** What the services of a node need: CPU in millicores, memory in bytes. */
export type Demand = { readonly cpu: number; readonly memory: number };

const GIGABYTE = 1e9;
const row = (cores: number, gigabytes: number): Demand => ({ cpu: cores * 1_000, memory: gigabytes * GIGABYTE });

/** What every node needs for the Salt minion and the kubelet (MetalK8s guide: sizing, common services). */
export const COMMON_DEMAND = row(0.2, 0.5);

/** What each role adds (MetalK8s guide: sizing); applications are not counted, so `node` adds nothing. */
export const ROLE_DEMAND: Readonly<Record<Role, Demand>> = {
  bootstrap: row(1, 2),
  master: row(0.5, 1),
  etcd: row(0.5, 1),
  infra: row(0.5, 2),
  node: row(0, 0),
};

/** The guide advises half as much again on top of the sums. */
const MARGIN = 1.5;
/** Firmware and kernel keep a part of what a machine is sold with. */
const TOLERANCE = 0.95;

/** The sum of what the roles of a node need, with the common services once. */
export const demandOf = (roles: readonly Role[]): Demand =>
  roles.reduce(
    (sum, role) => ({ cpu: sum.cpu + ROLE_DEMAND[role].cpu, memory: sum.memory + ROLE_DEMAND[role].memory }),
    COMMON_DEMAND,
  );

export const withMargin = ({ cpu, memory }: Demand): Demand => ({ cpu: cpu * MARGIN, memory: memory * MARGIN });

/** `no`: less than the sum; `tight`: less than the sum with its margin. */
export type DemandMet = 'yes' | 'tight' | 'no';

/**
 * Whether a machine is large enough for its roles. Compared with capacity, not allocatable: the common row is what
 * the kubelet reserves.
 */
export function demandMet(demand: Demand, { cpu, memory }: NodeAmounts): Reading<DemandMet> {
  if (cpu === null || memory === null) return absent('the node does not say what it has');
  const covers = (wanted: Demand): boolean => cpu >= wanted.cpu * TOLERANCE && memory >= wanted.memory * TOLERANCE;
  if (covers(withMargin(demand))) return known('yes');
  return known(covers(demand) ? 'tight' : 'no');
}
