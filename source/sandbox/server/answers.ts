import { stringify } from 'yaml';
import type { SandboxClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { KubernetesObject } from '../wire.ts';
import type { Collection } from '../world/store.ts';
import type { Denial } from './authorize.ts';
import type { Changed, ChangeContext } from './change.ts';
import type { Metrics } from './metrics.ts';
import { formText, listText, negotiate, type Form, type IncludeObject, type ListMetadata } from './present.ts';
import type { User } from './users.ts';
import type { StreamSink } from './watch.ts';

/** A request after its caller is known. The body is read only by those who need it. */
export type ApiRequest = {
  user: User;
  method: string;
  path: string;
  query: URLSearchParams;
  accept: string | undefined;
  contentType: string;
  userAgent: string;
  body: () => Promise<string>;
};

export type Answer =
  | { kind: 'whole'; status: number; contentType: string; body: string; warnings: readonly string[] }
  | { kind: 'stream'; open: (sink: StreamSink) => () => void };

/** What the handlers need to know of the world and of the server. */
export type Backend = {
  collection(name: string): Collection;
  metrics: Metrics;
  clock: SandboxClock;
  random: Random;
  denials: ReadonlySet<Denial>;
  address: () => string;
  bookmarkInterval: number;
};

const JSON_TYPE = 'application/json';
export const TEXT_TYPE = 'text/plain; charset=utf-8';

export const whole = (
  status: number,
  body: object | string,
  contentType = JSON_TYPE,
  warnings: readonly string[] = [],
): Answer => ({
  kind: 'whole',
  status,
  contentType,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  warnings,
});

export const pageNotFound = (): Answer => whole(404, '404 page not found\n', TEXT_TYPE);

const INCLUDES: readonly IncludeObject[] = ['None', 'Metadata', 'Object'];

export const includeOf = (query: URLSearchParams): IncludeObject =>
  INCLUDES.find((include) => include === query.get('includeObject')) ?? 'Metadata';

/** A text that was made in a form, in the encoding of the form. */
export function encoded(status: number, { encoding }: Form, text: string, warnings: readonly string[] = []): Answer {
  if (encoding === 'json') return whole(status, text, JSON_TYPE, warnings);
  return whole(status, stringify(JSON.parse(text), { sortMapEntries: true }), 'application/yaml', warnings);
}

/** One object in the form that the request asks for. */
export function shown(
  request: ApiRequest,
  { resource, clock }: Pick<ChangeContext, 'resource' | 'clock'>,
  object: KubernetesObject,
  status = 200,
  warnings: readonly string[] = [],
): Answer {
  const form = negotiate(request.accept, false);
  const text = formText(resource, object, form, includeOf(request.query), clock.now());
  return encoded(status, form, text, warnings);
}

export const changed = (
  request: ApiRequest,
  context: ChangeContext,
  { object, warnings }: Changed,
  status = 200,
): Answer => shown(request, context, object, status, warnings);

/** Many objects in the form that the request asks for. */
export function listed(
  request: ApiRequest,
  { resource, clock }: Pick<ChangeContext, 'resource' | 'clock'>,
  objects: readonly KubernetesObject[],
  metadata: ListMetadata,
): Answer {
  const form = negotiate(request.accept, true);
  return encoded(200, form, listText(resource, objects, metadata, form, includeOf(request.query), clock.now()));
}
