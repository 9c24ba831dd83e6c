/**
 * The refusals of a Kubernetes API server: an HTTP status and a Status object, worded as a 1.29 server words them.
 */
export type Cause = { reason: string; message: string; field: string };

export type Status = {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: object;
  code?: number;
};

export class Refusal extends Error {
  readonly code: number;
  readonly status: Status;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: number,
    reason: string | null,
    message: string,
    details?: object,
    extra: { metadata?: { continue?: string }; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.code = code;
    this.headers = extra.headers ?? {};
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: extra.metadata ?? {},
      status: 'Failure',
      message,
      ...(reason === null ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

/** What a message names: a resource of a group, as `leases.coordination.k8s.io`. */
export type Named = { group: string; plural: string; kind: string };

const qualified = (group: string, name: string): string => (group === '' ? name : `${name}.${group}`);
const detailsOf = (kind: string, group: string, name?: string): object => ({
  ...(name === undefined ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind,
});

export const badRequest = (message: string): Refusal => new Refusal(400, 'BadRequest', message);
export const unauthorized = (): Refusal => new Refusal(401, 'Unauthorized', 'Unauthorized');
export const unknownResource = (): Refusal =>
  new Refusal(404, 'NotFound', 'the server could not find the requested resource', {});
export const methodNotAllowed = (): Refusal =>
  new Refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
export const unsupportedMediaType = (): Refusal =>
  new Refusal(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
/** The 415 of a custom resource, which lists what it takes. */
export const unsupportedPatch = (): Refusal =>
  new Refusal(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  );
export const unwatchable = ({ group, plural }: Named): Refusal =>
  new Refusal(
    405,
    'MethodNotAllowed',
    `watch is not supported on resources of kind "${qualified(group, plural)}"`,
    detailsOf(plural, group),
  );
export const tooLarge = (limit: number): Refusal =>
  new Refusal(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
export const expired = (message: string, metadata: { continue?: string } = {}): Refusal =>
  new Refusal(410, 'Expired', message, undefined, { metadata });

export const notAcceptable = (representations: readonly string[]): Refusal =>
  new Refusal(
    406,
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: ${representations.join(', ')}`,
    {},
  );

/** The 406 of what can be written, but not as the client wants it. */
export const notAccepted = (types: readonly string[]): Refusal =>
  new Refusal(406, 'NotAcceptable', `only the following media types are accepted: ${types.join(', ')}`);

export const notFound = ({ group, plural }: Named, name: string): Refusal =>
  new Refusal(404, 'NotFound', `${qualified(group, plural)} "${name}" not found`, detailsOf(plural, group, name));

export const alreadyExists = ({ group, plural }: Named, name: string): Refusal =>
  new Refusal(
    409,
    'AlreadyExists',
    `${qualified(group, plural)} "${name}" already exists`,
    detailsOf(plural, group, name),
  );

export const modified = ({ group, plural }: Named, name: string): Refusal =>
  new Refusal(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(group, plural)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    detailsOf(plural, group, name),
  );

/** The 422 of a PUT that does not say what it replaces, for resources that insist on it: it names the resource. */
export const versionRequired = ({ group, plural }: Named, name: string): Refusal => {
  const message = 'Invalid value: 0x0: must be specified for an update';
  const cause = { reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' };
  return invalid({ group, kind: plural }, name, [cause]);
};

/** A delete whose precondition does not hold names the kind, not the resource. */
export const preconditionFailed = (
  { group, kind }: Named,
  name: string,
  field: 'UID' | 'ResourceVersion',
  wanted: string,
  present: string,
): Refusal =>
  new Refusal(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(group, kind)} "${name}": the ${field} in the precondition (${wanted}) does not match the ${field} in record (${present}). The object might have been ${field === 'UID' ? 'deleted and then recreated' : 'modified'}`,
    detailsOf(kind, group, name),
  );

export const resourceVersionTooLarge = (wanted: number, current: number): Refusal =>
  new Refusal(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${wanted}, current: ${current}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    { headers: { 'retry-after': '1' } },
  );

/** A patch that cannot be applied, a failed `test` among the reasons: no more is told. */
export const unprocessablePatch = (): Refusal =>
  new Refusal(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/**
 * 422 with its causes. The message names each cause once, while the list of causes repeats those that the real server
 * finds at more than one place of its validation.
 */
export function invalid(
  { group, kind }: Pick<Named, 'group' | 'kind'>,
  name: string,
  causes: readonly Cause[],
): Refusal {
  const sentences = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const told = sentences.length === 1 ? (sentences[0] ?? '') : `[${sentences.join(', ')}]`;
  return new Refusal(422, 'Invalid', `${qualified(group, kind)} "${name}" is invalid: ${told}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
    causes,
  });
}

export const success = (details: object): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details,
});

/** What an eviction answers that was granted. */
export const evicted = (): Status => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });

export const forbiddenBudget = (name: string, why: string): Refusal =>
  new Refusal(403, 'Forbidden', `poddisruptionbudget.policy "${name}" is forbidden: ${why}`, {
    name,
    group: 'policy',
    kind: 'poddisruptionbudget',
  });

/** The 429 of a budget that has nothing left to give; `retryAfter` (seconds) only where it is soon known better. */
export const budgetExhausted = (why: string, retryAfter: number | null = null): Refusal =>
  new Refusal(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      causes: [{ reason: 'DisruptionBudget', message: why }],
      ...(retryAfter === null ? {} : { retryAfterSeconds: retryAfter }),
    },
    retryAfter === null ? {} : { headers: { 'retry-after': String(retryAfter) } },
  );
