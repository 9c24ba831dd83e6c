import { isObject, type Json, type JsonObject } from './patch.ts';
import { badRequest, invalid, type Cause } from './status.ts';

/** The options of a request, which their own validation names by a kind of their own. */
const OPTIONS_KIND = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
};
type Verb = keyof typeof OPTIONS_KIND;

const refused = (verb: Verb, cause: Cause): Error =>
  invalid({ group: 'meta.k8s.io', kind: OPTIONS_KIND[verb] }, '', [cause]);

const unsupported = (field: string, shown: string, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${shown}: supported values: ${supported.map((each) => `"${each}"`).join(', ')}`,
  field,
});

function dryRun(values: readonly string[], verb: Verb): boolean {
  if (values.some((value) => value !== 'All')) {
    const shown = `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
    throw refused(verb, unsupported('dryRun', shown, ['All']));
  }
  return values.length > 0;
}

/** Whether nothing is to be stored. Throws the 422 for any value of `dryRun` but `All`. */
export const isDryRun = (query: URLSearchParams, verb: Exclude<Verb, 'delete'>): boolean =>
  dryRun(query.getAll('dryRun'), verb);

export type DeleteOptions = {
  dry: boolean;
  /** Seconds, or null when the object itself says how long it takes. */
  grace: number | null;
  uid: string | null;
  resourceVersion: string | null;
};

/** Who deletes what an object owns is the business of its owner in this world, but the option must be one. */
const PROPAGATIONS = ['Foreground', 'Background', 'Orphan'];

const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

function seconds(value: Json | undefined): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw badRequest(`gracePeriodSeconds: ${JSON.stringify(value)} is no whole number`);
  }
  // What is negative means as soon as can be.
  return value < 0 ? 1 : value;
}

/**
 * How an object is to be deleted: from the body (a DeleteOptions) when there is one, else from the query, never from
 * both. Throws 400 and 422.
 */
export function deleteOptions(query: URLSearchParams, body: JsonObject | null): DeleteOptions {
  const given: JsonObject = body ?? ofQuery(query);
  const values = Array.isArray(given['dryRun']) ? given['dryRun'].map(String) : [];
  const policy = text(given['propagationPolicy']);
  if (policy !== null && !PROPAGATIONS.includes(policy)) {
    throw refused('delete', unsupported('propagationPolicy', JSON.stringify(policy), [...PROPAGATIONS, 'nil']));
  }
  const preconditions = isObject(given['preconditions']) ? given['preconditions'] : {};
  return {
    dry: dryRun(values, 'delete'),
    grace: seconds(given['gracePeriodSeconds']),
    uid: text(preconditions['uid']),
    resourceVersion: text(preconditions['resourceVersion']),
  };
}

function ofQuery(query: URLSearchParams): JsonObject {
  const grace = query.get('gracePeriodSeconds');
  return {
    dryRun: query.getAll('dryRun'),
    propagationPolicy: query.get('propagationPolicy'),
    gracePeriodSeconds: grace === null ? null : Number(grace),
  };
}
