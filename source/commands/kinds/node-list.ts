import { z } from 'zod';
import { NODE_GROUPS, PLANES } from '../../product/node-groups.ts';
import { amounts, amountsWithPods, envelope, taint, text, time, unknowable, unlimited, used } from './pieces.ts';

/** What the roles need by the sizing table of the guide, and with its margin of half as much again. */
export const demand = z.strictObject({
  cpu: z.number().describe('cores'),
  memory: z.number().describe('bytes'),
  cpuWithMargin: z.number().describe('cores'),
  memoryWithMargin: z.number().describe('bytes'),
});
const demandOfNode = demand.extend(
  unknowable('met', z.enum(['yes', 'tight', 'no']).describe('against capacity; tight is without the margin')),
);

/** Where a node counts, and whether it takes workloads. */
export const placeFields = {
  group: z.enum(NODE_GROUPS).describe('the one group in which the node is counted'),
  serves: z.array(z.enum(PLANES)),
  open: z.boolean().describe('pods without tolerations are placed here'),
  closedBy: z.array(text).describe('what keeps them out; empty when the node is open'),
};

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
  ...unknowable('used', used),
  ...unknowable('free', amountsWithPods),
  ...unknowable('pods', z.strictObject({ running: z.number(), total: z.number() })),
  ...unknowable('unlimited', unlimited),
  demand: demandOfNode,
  ...placeFields,
  ...unknowable('alerts', z.strictObject({ critical: z.number(), warning: z.number() })),
};

export const nodeItem = z.strictObject(nodeFields);
export type NodeItem = z.infer<typeof nodeItem>;

export const nodeList = z.strictObject({ ...envelope('NodeList'), items: z.array(nodeItem) });
export type NodeList = z.infer<typeof nodeList>;
