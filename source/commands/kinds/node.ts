import { z } from 'zod';
import { nodeFields } from './node-list.ts';
import { amounts, envelope, text, time, unknowable } from './pieces.ts';

const condition = z.strictObject({
  type: text,
  status: text,
  reason: text,
  message: text,
  since: time.nullable(),
});

const pod = z.strictObject({
  namespace: text,
  name: text,
  uid: text,
  status: text,
  ready: z.strictObject({ containers: z.number(), of: z.number() }),
  restarts: z.number(),
  createdAt: time.nullable(),
  owner: z.strictObject({ kind: text, name: text }).nullable(),
  finished: z.boolean().describe('a finished pod holds no resources'),
  requested: amounts,
  limits: amounts,
});

const event = z.strictObject({
  type: text,
  reason: text,
  message: text,
  source: text,
  count: z.number(),
  at: time.nullable(),
});

/** Everything of one node. */
export const node = z.strictObject({
  ...envelope('Node'),
  ...nodeFields,
  conditions: z.array(condition),
  addresses: z.array(z.strictObject({ type: text, address: text })),
  labels: z.record(text, text),
  annotations: z.record(text, text),
  system: z.strictObject({
    kubelet: text,
    containerRuntime: text,
    operatingSystem: text,
    kernel: text,
    architecture: text,
  }),
  ...unknowable('podList', z.array(pod).describe('the largest request first')),
  ...unknowable('events', z.array(event).describe('the newest first')),
});
export type NodeDocument = z.infer<typeof node>;
