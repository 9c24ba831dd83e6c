import { z } from 'zod';
import { amounts, amountsWithPods, envelope, taint, text, time, unknowable } from './pieces.ts';

const demand = z.strictObject({
  cpu: z.number().describe('cores'),
  memory: z.number().describe('bytes'),
  cpuWithMargin: z.number().describe('cores'),
  memoryWithMargin: z.number().describe('bytes'),
  met: z.enum(['yes', 'tight', 'no']),
});

/** What is said of a node in a list, and first of all on its own. */
export const nodeFields = {
  name: text,
  uid: text,
  createdAt: time.nullable(),
  status: z.array(text).describe('every state that holds, the worst first'),
  notReadySince: time.nullable().describe('null when the node is ready, or when nothing tells since when it is not'),
  roles: z.array(text).describe('in alphabetical order'),
  taints: z.array(taint),
  planes: z.strictObject({ ...unknowable('control', text), ...unknowable('workload', text) }),
  version: z.strictObject({ ...unknowable('kubelet', text), ...unknowable('metalk8s', text) }),
  capacity: amountsWithPods,
  allocatable: amountsWithPods,
  ...unknowable('requested', amountsWithPods),
  ...unknowable('limits', amounts),
  ...unknowable('used', amounts),
  ...unknowable('free', amountsWithPods),
  ...unknowable('pods', z.strictObject({ running: z.number(), total: z.number() })),
  ...unknowable('demand', demand),
  ...unknowable('alerts', z.strictObject({ critical: z.number(), warning: z.number() })),
};

export const nodeItem = z.strictObject(nodeFields);
export type NodeItem = z.infer<typeof nodeItem>;

export const nodeList = z.strictObject({ ...envelope('NodeList'), items: z.array(nodeItem) });
export type NodeList = z.infer<typeof nodeList>;
