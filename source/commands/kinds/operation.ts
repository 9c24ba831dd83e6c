import { z } from 'zod';
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

const step = z.strictObject({
  node: text,
  uid: text,
  changes: z.array(change),
  patch: z
    .array(
      z.strictObject({ op: z.enum(['test', 'add', 'replace', 'remove']), path: text, value: z.unknown().optional() }),
    )
    .describe('the JSON patch exactly as it is sent'),
  dryRun: z.strictObject({
    state: z.enum(['accepted', 'refused', 'not-checked']).describe('what the server said when asked without changing'),
    why: text.nullable(),
  }),
});

/** An edit: its plan, and what came of it. */
export const operation = z.strictObject({
  ...envelope('Operation'),
  operation: z.strictObject({
    id: text,
    name: text,
    title: text,
    dryRun: z.boolean().describe('true when nothing was sent'),
    undoes: text.nullable(),
    commands: z.array(text).describe('the kubectl lines that do the same'),
    plan: z.array(step).describe('one request a node; a node that needs no change has none'),
    unchanged: z.array(text).describe('nodes that hold everything asked already'),
    guards: z.array(z.strictObject({ name: text, state: z.enum(['passed', 'refused']), sentence: text })),
    effects: z.array(z.strictObject({ severity: z.enum(['note', 'warning']), sentence: text })),
    results: z
      .array(z.strictObject({ node: text, state: resultState, why: text.nullable() }))
      .describe('empty when nothing was sent'),
  }),
});
export type OperationDocument = z.infer<typeof operation>;
