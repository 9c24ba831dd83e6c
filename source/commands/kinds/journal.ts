import { z } from 'zod';
import { resultState } from './operation.ts';
import { envelope, text, time } from './pieces.ts';

const before = z.record(text, z.unknown()).describe('what stood there, by label:KEY, taint:KEY:EFFECT or cordoned');

/** The trail, the newest first. */
export const journal = z.strictObject({
  ...envelope('Journal'),
  items: z.array(
    z.strictObject({
      id: text,
      at: time,
      who: text,
      context: text,
      operation: text,
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
