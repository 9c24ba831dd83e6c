import { stringify } from 'yaml';
import type { SandboxClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { KubernetesObject } from '../wire.ts';
import type { Collection } from '../world/store.ts';
import { decide, forbidden, type Denial } from './authorize.ts';
import { objectBody, operationsBody, optionalBody } from './body.ts';
import { create, documentOf, existing, remove, replace, type ChangeContext, type Changed } from './change.ts';
import { apiGroup, apiGroups, apiResources, apiVersions, health, versionInfo } from './discovery.ts';
import { listPage, selectionOf } from './list.ts';
import { jsonPatch, mergePatch, strategicMergePatch, UnprocessablePatch, type Json, type JsonObject } from './patch.ts';
import { formText, listText, negotiate, type Form, type IncludeObject } from './present.ts';
import { apiVersion, type Resource } from './resource.ts';
import { isReview, review } from './reviews.ts';
import { attributesOf, isServed, isWatch, parsePath, type Target } from './route.ts';
import { badRequest, methodNotAllowed, unknownResource, unprocessablePatch, unsupportedMediaType } from './status.ts';
import type { User } from './users.ts';
import { openWatch, type StreamSink } from './watch.ts';

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
  clock: SandboxClock;
  random: Random;
  denials: ReadonlySet<Denial>;
  address: () => string;
  bookmarkInterval: number;
};

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';

const whole = (
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

const pageNotFound = (): Answer => whole(404, '404 page not found\n', TEXT_TYPE);

/** Answers one request. Throws the Refusal that the caller turns into a Status. */
export async function handle(request: ApiRequest, backend: Backend): Promise<Answer> {
  const target = parsePath(request.path);
  const attributes = attributesOf(request.method, target, request.query);
  if (!decide(request.user, attributes, backend.denials).allowed) throw forbidden(request.user, attributes);
  return target.kind === 'path' ? answerPath(request, backend) : answerResource(request, target, backend);
}

type ResourceTarget = Extract<Target, { kind: 'resource' }>;

function answerPath({ path, query }: ApiRequest, backend: Backend): Answer {
  const clean = path.replace(/\/$/, '');
  if (clean === '/version') return whole(200, versionInfo());
  if (clean === '/api') return whole(200, apiVersions(backend.address()));
  if (clean === '/apis') return whole(200, apiGroups());
  const [, root, group = '', version] = clean.split('/');
  const found =
    root === 'api'
      ? apiResources('', group)
      : root === 'apis'
        ? version === undefined
          ? apiGroup(group)
          : apiResources(group, version)
        : health(clean, query.has('verbose'));
  if (found === null) return pageNotFound();
  return typeof found === 'string' ? whole(200, found, TEXT_TYPE) : whole(200, found);
}

async function answerResource(request: ApiRequest, target: ResourceTarget, backend: Backend): Promise<Answer> {
  const { group, version, plural, resource, name, subresource } = target;
  if (isReview(group, plural) && name === null) return answerReview(request, plural, backend);
  if (!resource) {
    if (!isServed(group, version)) return pageNotFound();
    throw unknownResource();
  }
  if (subresource !== null && !(subresource === 'status' && resource.hasStatus)) throw unknownResource();
  // Objects of a namespace have a name only within it.
  if (resource.namespaced && target.namespace === null && name !== null) throw unknownResource();
  const collection = backend.collection(resource.collection);
  const context: ChangeContext = {
    resource,
    collection,
    namespace: resource.namespaced ? target.namespace : null,
    status: subresource === 'status',
    query: request.query,
    manager: request.query.get('fieldManager') ?? request.userAgent.split(/[/ ]/)[0] ?? 'unknown',
    clock: backend.clock,
    random: backend.random,
  };
  const handler = HANDLERS[name === null ? 'whole' : 'one'][request.method];
  if (!handler || (request.method === 'POST' && resource.namespaced && target.namespace === null))
    throw methodNotAllowed();
  return handler(request, context, name ?? '', backend);
}

async function answerReview(request: ApiRequest, plural: string, backend: Backend): Promise<Answer> {
  if (request.method !== 'POST') throw methodNotAllowed();
  const body = objectBody(await request.body());
  return whole(201, review(plural, body, { user: request.user, denials: backend.denials, now: backend.clock.now() }));
}

type Handler = (
  request: ApiRequest,
  context: ChangeContext,
  name: string,
  backend: Backend,
) => Promise<Answer> | Answer;

const INCLUDES: readonly IncludeObject[] = ['None', 'Metadata', 'Object'];

const includeOf = (query: URLSearchParams): IncludeObject =>
  INCLUDES.find((include) => include === query.get('includeObject')) ?? 'Metadata';

const HANDLERS: Record<'whole' | 'one', Partial<Record<string, Handler>>> = {
  whole: {
    GET: listOrWatch,
    async POST(request, context) {
      const { resource } = context;
      const body = objectBody(await request.body());
      refuseOtherKind(resource, body);
      return changed(request, context, create(context, body), 201);
    },
  },
  one: {
    GET: (request, context, name) => shown(request, context, existing(context, name)),
    async PUT(request, context, name) {
      const body = objectBody(await request.body());
      refuseOtherKind(context.resource, body);
      refuseOtherName(body, name);
      return changed(request, context, replace(context, existing(context, name), body, 'update'));
    },
    PATCH: patch,
    async DELETE(request, context, name) {
      const left = remove(context, name, optionalBody(await request.body()));
      if ('metadata' in left && 'kind' in left) return whole(200, left);
      return shown(request, context, left);
    },
  },
};

function listOrWatch(request: ApiRequest, context: ChangeContext, _name: string, backend: Backend): Answer {
  const { query } = request;
  const { resource, collection, namespace } = context;
  const watching = isWatch(query);
  const form = negotiate(request.accept, true);
  const include = includeOf(query);
  const selection = selectionOf(resource, query, namespace);
  if (watching) {
    const { clock, random, bookmarkInterval } = backend;
    const open = openWatch({ resource, collection, selection, query, form, include, clock, random, bookmarkInterval });
    return { kind: 'stream', open };
  }
  const { objects, metadata } = listPage(collection, selection, query);
  return encoded(200, form, listText(resource, objects, metadata, form, include, backend.clock.now()));
}

function shown(
  request: ApiRequest,
  { resource, clock }: ChangeContext,
  object: KubernetesObject,
  status = 200,
  warnings: readonly string[] = [],
): Answer {
  const form = negotiate(request.accept, false);
  const text = formText(resource, object, form, includeOf(request.query), clock.now());
  return encoded(status, form, text, warnings);
}

const changed = (request: ApiRequest, context: ChangeContext, { object, warnings }: Changed, status = 200): Answer =>
  shown(request, context, object, status, warnings);

function encoded(status: number, { encoding }: Form, text: string, warnings: readonly string[] = []): Answer {
  if (encoding === 'json') return whole(status, text, JSON_TYPE, warnings);
  return whole(status, stringify(JSON.parse(text), { sortMapEntries: true }), 'application/yaml', warnings);
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function refuseOtherKind({ kind, ...resource }: Resource, body: JsonObject): void {
  const given = body['kind'];
  const version = body['apiVersion'];
  if (given === kind || given === undefined) return;
  const shownKind = textOf(given);
  const shownVersion = textOf(version);
  if (version !== apiVersion(resource) || given === '') {
    throw badRequest(`no kind "${shownKind}" is registered for version "${shownVersion}" in scheme`);
  }
  const internal = resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '');
  throw badRequest(
    `${shownKind} in version "${shownVersion}" cannot be handled as a ${kind}: converting (${shownVersion}.${shownKind}) to (${internal}.${kind}): unknown conversion`,
  );
}

function refuseOtherName(body: JsonObject, name: string): void {
  const metadata = body['metadata'];
  const given = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata['name'] : undefined;
  if (given !== name) {
    throw badRequest(`the name of the object (${textOf(given)}) does not match the name on the URL (${name})`);
  }
}

/** The kinds of patch that are taken, with how each makes the changed document. */
const PATCHES: Readonly<Record<string, (document: JsonObject, text: string) => JsonObject>> = {
  'application/json-patch+json': (document, text) => jsonPatch(document, operationsBody(text)),
  'application/merge-patch+json': (document, text) => mergePatch(document, objectBody(text, 'patch')),
  'application/strategic-merge-patch+json': (document, text) =>
    strategicMergePatch(document, objectBody(text, 'patch')),
};

async function patch(request: ApiRequest, context: ChangeContext, name: string): Promise<Answer> {
  const apply = Object.hasOwn(PATCHES, request.contentType) ? PATCHES[request.contentType] : undefined;
  if (!apply) throw unsupportedMediaType();
  const text = await request.body();
  // Read after the body has come: between the two another request may have changed it.
  const present = existing(context, name);
  return changed(
    request,
    context,
    replace(context, present, patched(apply, documentOf(context, present), text), 'patch'),
  );
}

function patched(
  apply: (document: JsonObject, text: string) => JsonObject,
  document: JsonObject,
  text: string,
): JsonObject {
  try {
    return apply(document, text);
  } catch (error) {
    throw error instanceof UnprocessablePatch ? unprocessablePatch() : error;
  }
}
