import { z } from 'zod';
import { UNMODELLED } from '../../model/kubernetes/placement.ts';
import { amounts, envelope, text, time, unknowable } from './pieces.ts';

const item = z.strictObject({
  namespace: text,
  name: text,
  uid: text,
  createdAt: time.nullable(),
  requested: amounts,
  ...unknowable('reason', text.describe("the scheduler's own")),
  nearest: z
    .array(
      z.strictObject({
        node: text,
        obstacles: z.array(text).describe('what keeps the pod off; empty when it fits by all that is modelled'),
        help: z.array(text).describe('what would let it in'),
      }),
    )
    .describe('the fewest and easiest obstacles first'),
  against: z
    .array(z.strictObject({ obstacle: text, nodes: z.number() }))
    .describe('on how many nodes each obstacle stands, the most first'),
  notModelled: z.array(z.enum(UNMODELLED)).describe('what the scheduler looks at besides'),
});

/** Pods that do not start, for no node was found for them: those that the scheduler takes first, first. */
export const pendingPods = z.strictObject({
  ...envelope('PendingPods'),
  ...unknowable('items', z.array(item)),
});
export type PendingPods = z.infer<typeof pendingPods>;
