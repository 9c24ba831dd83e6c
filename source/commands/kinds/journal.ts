import { z } from 'zod';
import { resultState, task } from './operation.ts';
import { envelope, text, time } from './pieces.ts';

const before = z
  .record(z.string().regex(/^(label [^ ]+|taint [^ ]+:[^ ]+|cordon)$/), z.unknown())
  .describe('what stood there, by "label KEY", "taint KEY:EFFECT" or "cordon"');

const { apiVersion, kind, at } = envelope('Journal');

/** The trail, the newest first. It is that of no one cluster: each item says in which context it was done. */
export const journal = z.strictObject({
  apiVersion,
  kind,
  at,
  items: z.array(
    z.strictObject({
      id: text,
      at: time,
      who: text,
      context: text,
      operation: text,
      task,
      object: text,
      uid: text,
      before,
      after: before.describe('what stands there since, named alike'),
      command: text,
      result: resultState,
      why: text.nullable(),
      undoes: text.nullable(),
    }),
  ),
});
export type JournalDocument = z.infer<typeof journal>;
