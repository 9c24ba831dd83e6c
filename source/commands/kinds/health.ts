import { z } from 'zod';
import { AREAS, VERDICTS } from '../../checks/verdict/verdict.ts';
import { envelope, text, time, unknowable } from './pieces.ts';

const verdict = z.enum(VERDICTS);

const area = z.strictObject({
  ...unknowable(
    'verdict',
    verdict.describe(
      'the worst of its reasons, but that of certificates by those that can be read; null where the area is absent, and no part of the whole',
    ),
  ),
  sentence: text,
});

const reason = z.strictObject({
  area: z.enum(AREAS),
  severity: verdict.describe('healthy is only told'),
  sentence: text,
  since: time.nullable().describe('null where nothing tells since when'),
  next: z
    .strictObject({ screen: z.enum(['nodes', 'node', 'etcd', 'control-plane']), object: text.nullable() })
    .nullable()
    .describe('the screen of the console that shows more of it'),
});

/** How the cluster is, and why. */
export const health = z.strictObject({
  ...envelope('Health'),
  verdict: verdict.describe(
    'the worst of all areas that are there; what is not known is never healthy, and hides nothing bad',
  ),
  reasons: z.array(reason).describe('the worst first, then by area'),
  areas: z.strictObject(
    Object.fromEntries(AREAS.map((name) => [name, area])) as Record<(typeof AREAS)[number], typeof area>,
  ),
});
export type HealthDocument = z.infer<typeof health>;
