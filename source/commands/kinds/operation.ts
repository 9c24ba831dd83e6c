import { z } from 'zod';
import { TASKS } from '../../operations/operation.ts';
import { envelope, text } from './pieces.ts';

const taint = z.strictObject({ key: text, value: text, effect: text, timeAdded: text.nullable() });

/** What changes on a node; null is nothing there. */
export const change = z.discriminatedUnion('field', [
  z.strictObject({ field: z.literal('label'), key: text, before: text.nullable(), after: text.nullable() }),
  z.strictObject({
    field: z.literal('taint'),
    key: text,
    effect: text,
    before: taint.nullable(),
    after: taint.nullable(),
  }),
  z.strictObject({ field: z.literal('cordoned'), before: z.boolean(), after: z.boolean() }),
]);

export const resultState = z.enum(['done', 'conflict', 'refused', 'failed', 'unknown']);

export const task = z
  .enum(TASKS)
  .describe('what is done: an edit of a Node, a command to a member of etcd, or the backup of the product');

const step = z.strictObject({
  task,
  node: text,
  uid: text.optional().describe('of the Node, for an edit'),
  changes: z.array(change).optional().describe('for an edit'),
  does: z.array(text).optional().describe('in words, for everything but an edit'),
  patch: z
    .array(
      z.strictObject({ op: z.enum(['test', 'add', 'replace', 'remove']), path: text, value: z.unknown().optional() }),
    )
    .optional()
    .describe('the JSON patch exactly as it is sent, for an edit'),
  dryRun: z
    .strictObject({
      state: z
        .enum(['accepted', 'refused', 'not-checked'])
        .describe('what the server said when asked without changing'),
      why: text.nullable(),
    })
    .nullable()
    .describe('null where there is no dry run of it'),
});

/** An operation: its plan, and what came of it. */
export const operation = z.strictObject({
  ...envelope('Operation'),
  operation: z.strictObject({
    id: text,
    name: text,
    title: text,
    dryRun: z.boolean().describe('true when nothing was sent'),
    undoes: text.nullable(),
    confirmation: text.nullable().describe('what --confirm has to name; null where --yes is enough'),
    commands: z.array(text).describe('the lines that do the same by hand; none while the cluster stands against it'),
    plan: z.array(step).describe('one request a step, in their order; a node that needs no change has none'),
    unchanged: z.array(text).describe('nodes that hold everything asked already'),
    guards: z.array(z.strictObject({ name: text, state: z.enum(['passed', 'refused']), sentence: text })),
    effects: z.array(z.strictObject({ severity: z.enum(['note', 'warning']), sentence: text })),
    results: z
      .array(z.strictObject({ task, node: text, state: resultState, why: text.nullable() }))
      .describe('empty when nothing was sent'),
  }),
});
export type OperationDocument = z.infer<typeof operation>;
