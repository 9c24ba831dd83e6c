import { z } from 'zod';

// The shapes of what commands print as JSON, written once: the types come from here (imported as types only, so nothing
// of this is loaded by the program), and so do the JSON Schemas in docs/schemas.

export const API_VERSION = 'console.metalk8s/v1';

export const time = z.string().meta({ format: 'date-time', description: 'RFC 3339, UTC' });
export const text = z.string();

/** A field that may be unknown: `null` with the reason in `<name>Why`; a figure out of date says since when. */
export const unknowable = <N extends string, T extends z.ZodType>(name: N, value: T) =>
  ({
    [name]: value.nullable(),
    [`${name}Why`]: text.optional().describe(`why ${name} is null`),
    [`${name}StaleSince`]: time.optional().describe(`when ${name} was last known to be true`),
  }) as Record<N, z.ZodNullable<T>> & Record<`${N}Why` | `${N}StaleSince`, z.ZodOptional<z.ZodString>>;

const amount = z.number().nullable();
const cpu = amount.describe('cores');
const bytes = amount.describe('bytes');

export const amounts = z.strictObject({ cpu, memory: bytes, ephemeralStorage: bytes });
export const amountsWithPods = amounts.extend({ pods: amount.describe('pods') });

/** What was measured. */
export const used = z.strictObject({
  cpu,
  memory: bytes,
  ...unknowable('ephemeralStorage', z.number().describe('bytes')),
});

export const unlimited = z
  .strictObject({ cpu: z.number(), memory: z.number() })
  .describe('pods without a limit, of which limits say nothing');

export const taint = z.strictObject({
  key: text,
  value: text,
  effect: text,
  source: text.describe('who puts it there: an operator, the node controller, a role of the product'),
});

/** What every answer begins with. */
export const envelope = <K extends string>(kind: K) => ({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal(kind),
  cluster: text.describe('name of the cluster in the kubeconfig'),
  at: time.describe('when the answer was true'),
});
