import type { Role } from '../../product/roles.ts';
import type { Machine } from './machines.ts';

export type Size = Pick<Machine, 'cores' | 'memoryKi' | 'diskKi'>;

const GIBIBYTE_KI = 1024 * 1024;

/** Firmware and kernel keep a part of the memory that is built in, so a machine shows a little less. */
export const size = (cores: number, gibibytes: number, diskGibibytes: number): Size => ({
  cores,
  memoryKi: Math.floor(gibibytes * GIBIBYTE_KI * 0.985),
  diskKi: diskGibibytes * GIBIBYTE_KI - 10_240,
});

const BOOTSTRAP = size(4, 16, 200);
const CONTROL = size(8, 32, 200);
const WORKER = size(16, 64, 400);

/** A machine by its name on the site; the role that it has is tainted where it is said to be. */
type Place = { name: string; roles: readonly Role[]; taints: readonly Role[]; size: Size };

const place = (name: string, size: Size, roles: readonly Role[], taints: readonly Role[] = []): Place => ({
  name: `par1-${name}`,
  roles,
  taints,
  size,
});

export type Layout = { fixed: readonly Place[]; workers: number; worker: Size };

/**
 * The architectures of the MetalK8s guide ("Standard", "Extended" and "Compact" architecture): the machines that are
 * always there, and workload nodes. The bootstrap of a compact cluster has the `node` role too, by which the product
 * leaves its taints off.
 */
export const STANDARD: Layout = {
  fixed: [
    place('bootstrap', BOOTSTRAP, ['bootstrap', 'master', 'etcd'], ['bootstrap']),
    place('control-1', CONTROL, ['master', 'etcd', 'infra'], ['infra']),
    place('control-2', CONTROL, ['master', 'etcd', 'infra'], ['infra']),
  ],
  workers: 3,
  worker: WORKER,
};

export const EXTENDED: Layout = {
  fixed: [
    place('bootstrap', BOOTSTRAP, ['bootstrap'], ['bootstrap']),
    ...[1, 2, 3].map((index) => place(`control-${index}`, CONTROL, ['master', 'etcd'], ['master', 'etcd'])),
    ...[1, 2].map((index) => place(`infra-${index}`, CONTROL, ['infra'], ['infra'])),
  ],
  workers: 4,
  worker: WORKER,
};

export const COMPACT_1: Layout = {
  fixed: [place('bootstrap', size(8, 32, 400), ['bootstrap', 'master', 'etcd', 'infra', 'node'])],
  workers: 0,
  worker: WORKER,
};

export const COMPACT_3: Layout = {
  fixed: [
    place('bootstrap', WORKER, ['bootstrap', 'master', 'etcd', 'infra', 'node']),
    ...[1, 2].map((index) => place(`control-${index}`, WORKER, ['master', 'etcd', 'infra'])),
  ],
  workers: 0,
  worker: WORKER,
};

/** The machines of a layout, or the one that has every role where a site of a single machine is asked for. */
export const sitedAs = (layout: Layout, nodes?: number): Machine[] =>
  machinesOf(nodes === 1 && layout.fixed.length > 1 ? COMPACT_1 : layout, nodes);

/** The machines of a layout: as many as are asked for, workload nodes added at the end or machines left away there. */
function machinesOf({ fixed, workers, worker }: Layout, nodes = fixed.length + workers): Machine[] {
  const added = Math.max(0, nodes - fixed.length);
  const digits = Math.max(1, String(added).length);
  const names = Array.from({ length: added }, (_, index) => `worker-${String(index + 1).padStart(digits, '0')}`);
  return [...fixed, ...names.map((name) => place(name, worker, ['node']))]
    .slice(0, nodes)
    .map(({ size: { cores, memoryKi, diskKi }, ...rest }, index) => ({
      ...rest,
      cores,
      memoryKi,
      diskKi,
      index,
      rack: `rack-${'abc'.charAt(index % 3)}`,
    }));
}

/** The same machines, some of another size. */
export const resized = (machines: readonly Machine[], sizes: Readonly<Record<string, Size>>): Machine[] =>
  machines.map((machine) => ({ ...machine, ...sizes[machine.name] }));
