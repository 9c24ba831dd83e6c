import { z } from 'zod';
import { UNMODELLED } from '../../model/kubernetes/placement.ts';
import { NODE_GROUPS, PLANES } from '../../product/node-groups.ts';
import { ROLES } from '../../product/roles.ts';
import { demand, placeFields } from './node-list.ts';
import { amounts, amountsWithPods, envelope, text, unknowable, unlimited, used } from './pieces.ts';

const count = z.number();

/** What some nodes offer, and what is left of it. */
const fields = {
  nodes: count,
  openNodes: count.describe('those on which pods without tolerations are placed'),
  untoldNodes: count.describe(
    'those that do not say all of what they offer; what they leave out is in no sum of allocatable and free',
  ),
  ...unknowable('allocatable', amountsWithPods),
  ...unknowable('requested', amountsWithPods),
  ...unknowable('limits', amounts),
  ...unknowable('unlimited', unlimited),
  ...unknowable('used', used.describe('over the measured nodes')),
  measuredNodes: count,
  ...unknowable('free', amountsWithPods.describe('allocatable less requested; may be negative')),
  ...unknowable('freeForWorkloads', amountsWithPods.describe('what is free on the open nodes')),
  demand: demand.describe('what the roles of the nodes need in all'),
  undersized: z.array(text).describe('nodes with less than their roles need'),
  tight: z.array(text).describe('nodes without the margin'),
};
const headroomFigures = z.strictObject(fields);
const headroomOfNode = z.strictObject({ ...fields, ...placeFields });

const pod = z.strictObject({ namespace: text, name: text, uid: text });

const loss = z.strictObject({
  node: text,
  fits: z.boolean().describe('no pod that can move stays Pending'),
  vanishing: count.describe('pods of a DaemonSet and static pods, which go with the node'),
  moved: z.array(pod.extend({ to: text })),
  pending: z.array(pod).describe('would stay Pending'),
  bound: z.array(pod).describe('cannot move: a volume of theirs lies on the node'),
  leaving: z.array(pod).describe('being deleted already'),
  unowned: z.array(pod).describe('gone: no controller makes them anew'),
  untold: z.array(pod).describe('with claims, and volumes cannot be read'),
  ...unknowable('left', amountsWithPods.describe('free for workloads after that')),
  estimate: z.literal(true),
  notModelled: z
    .array(z.enum(UNMODELLED))
    .describe('what the scheduler looks at besides, of the pods that move or stay Pending'),
});

const fit = z.strictObject({
  request: z.strictObject({
    cpu: z.number().describe('cores'),
    memory: z.number().describe('bytes'),
    ephemeralStorage: z.number().describe('bytes'),
    replicas: count,
    selector: z.record(text, text),
  }),
  fits: z.boolean(),
  most: count.describe('replicas that fit in all'),
  where: z.array(z.strictObject({ node: text, replicas: count })),
  obstacles: z.array(z.strictObject({ obstacle: text, nodes: count })).describe('why not, the most nodes first'),
});

const { apiVersion, kind, cluster: name, at } = envelope('Headroom');

/** What is left, what fits, and what a loss would cost. `cluster` holds the figures of all nodes, with its name. */
export const headroom = z.strictObject({
  apiVersion,
  kind,
  at,
  cluster: headroomFigures.extend({ name }),
  role: z.enum(ROLES).nullable().describe('what --role confines byNode, largestHole, ifLost largest and fits to'),
  byGroup: z.record(z.enum(NODE_GROUPS), headroomFigures).describe('a node counts once'),
  byPlane: z.record(z.enum(PLANES), headroomFigures).describe('a node counts in each plane that it serves'),
  byRole: z.record(z.enum(ROLES), headroomFigures).describe('a node counts under each of its roles'),
  byNode: z.record(text, headroomOfNode),
  ...unknowable(
    'largestHole',
    z.strictObject({ node: text, free: amountsWithPods }).describe('the open node with the most room for one pod'),
  ),
  ...unknowable('ifLost', loss.describe('of the node of --if-lost, else of the largest')),
  ...unknowable('fits', z.array(fit).describe('one for each --fits, with all nodes up')),
});
export type HeadroomDocument = z.infer<typeof headroom>;
