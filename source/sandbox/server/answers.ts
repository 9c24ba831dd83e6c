import { stringify } from 'yaml';
import type { KubernetesObject } from '../wire.ts';
import type { Changed, ChangeContext } from './change.ts';
import { MEDIA_TYPES, type Encoding } from './form.ts';
import { negotiate, statusEncoding } from './negotiate.ts';
import { formText, listText, type IncludeObject, type ListMetadata } from './present.ts';
import { protobufListOf, protobufOf, statusBytes } from './protobuf/encode.ts';
import type { Status } from './status.ts';
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

/** An answer with its end. */
export type WholeAnswer = Extract<Answer, { kind: 'whole' }>;

export type Answer =
  | {
      kind: 'whole';
      status: number;
      contentType: string;
      /** Parts, made as they are asked for; an empty one lets others have their turn. */
      body: Iterable<string | Buffer>;
      warnings: readonly string[];
      headers?: Readonly<Record<string, string>>;
    }
  | { kind: 'stream'; contentType: string; open: (sink: StreamSink) => () => void };

export const TEXT_TYPE = 'text/plain; charset=utf-8';

const made = (
  status: number,
  contentType: string,
  body: Iterable<string | Buffer>,
  warnings: readonly string[] = [],
): WholeAnswer => ({ kind: 'whole', status, contentType, body, warnings });

export const whole = (status: number, body: object | string, contentType = MEDIA_TYPES.json): WholeAnswer =>
  made(status, contentType, [typeof body === 'string' ? body : JSON.stringify(body)]);

/** A Status as the client takes it. */
export function told(accept: string | undefined, status: Status, code: number): WholeAnswer {
  const encoding = statusEncoding(accept);
  return encoding === 'protobuf'
    ? made(code, MEDIA_TYPES.protobuf, [statusBytes(status)])
    : inText(code, encoding, [JSON.stringify(status)]);
}

export const pageNotFound = (): Answer => whole(404, '404 page not found\n', TEXT_TYPE);

const INCLUDES: readonly IncludeObject[] = ['None', 'Metadata', 'Object'];

export const includeOf = (query: URLSearchParams): IncludeObject =>
  INCLUDES.find((include) => include === query.get('includeObject')) ?? 'Metadata';

/** JSON as it is, or as YAML. */
function inText(
  status: number,
  encoding: Exclude<Encoding, 'protobuf'>,
  texts: Iterable<string>,
  warnings: readonly string[] = [],
): WholeAnswer {
  const body = encoding === 'json' ? texts : [stringify(JSON.parse([...texts].join('')), { sortMapEntries: true })];
  return made(status, MEDIA_TYPES[encoding], body, warnings);
}

/** One object in the form that the request asks for. */
export function shown(
  request: ApiRequest,
  { resource, clock }: Pick<ChangeContext, 'resource' | 'clock'>,
  object: KubernetesObject,
  status = 200,
  warnings: readonly string[] = [],
): Answer {
  const form = negotiate(request.accept, resource, false);
  if (form.encoding === 'protobuf') {
    return made(status, MEDIA_TYPES.protobuf, [protobufOf(resource, form, object)], warnings);
  }
  const text = formText(resource, object, form, includeOf(request.query), clock.now());
  return inText(status, form.encoding, [text], warnings);
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
  const form = negotiate(request.accept, resource, true);
  if (form.encoding === 'protobuf') {
    return made(200, MEDIA_TYPES.protobuf, protobufListOf(resource, form, metadata, objects));
  }
  const texts = listText(resource, objects, metadata, form, includeOf(request.query), clock.now());
  return inText(200, form.encoding, texts);
}
