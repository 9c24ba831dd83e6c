import type { KubernetesObject, NodeMetrics, PodMetrics } from '../wire.ts';
import { amount } from '../world/quantity.ts';
import { nameColumn, type Column } from './column.ts';

const NANOCORES = 1e9;
const KIBIBYTE = 1024;

type Usage = NodeMetrics['usage'];

const columnsOf = <T extends KubernetesObject & { window: string }>(
  usagesOf: (object: T) => readonly Usage[],
): readonly Column<T>[] => {
  const sum = (object: T, resource: keyof Usage): number =>
    usagesOf(object).reduce((total, usage) => total + amount(usage[resource]), 0);
  return [
    nameColumn,
    {
      name: 'cpu',
      priority: 0,
      description: 'CPU that is used.',
      cell: (object) => `${Math.round(sum(object, 'cpu') * NANOCORES)}n`,
    },
    {
      name: 'memory',
      priority: 0,
      description: 'Memory that is used.',
      cell: (object) => `${Math.round(sum(object, 'memory') / KIBIBYTE)}Ki`,
    },
    { name: 'Window', priority: 0, description: 'Time over which it was measured.', cell: ({ window }) => window },
  ];
};

export const nodeMetricsColumns = columnsOf<NodeMetrics>(({ usage }) => [usage]);
export const podMetricsColumns = columnsOf<PodMetrics>(({ containers }) => containers.map(({ usage }) => usage));
