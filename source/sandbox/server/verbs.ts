import { changed, includeOf, listed, shown, told, type Answer, type ApiRequest } from './answers.ts';
import type { Backend } from './backend.ts';
import { objectBody, operationsBody, optionalBody } from './body.ts';
import { create, documentOf, existing, replace, type ChangeContext } from './change.ts';
import { remove, removeAll } from './deletion.ts';
import { eventWriter } from './events.ts';
import { evict } from './eviction.ts';
import { negotiate } from './negotiate.ts';
import { listPage, selectionOf } from './list.ts';
import { refuseOtherKind, refuseOtherName } from './mismatch.ts';
import { jsonPatch, mergePatch, UnprocessablePatch, type JsonObject } from './patch.ts';
import { proxyToPod } from './pod-proxy.ts';
import type { Resource } from './resource.ts';
import { isWatch } from './route.ts';
import {
  badRequest,
  methodNotAllowed,
  unknownResource,
  unprocessablePatch,
  unsupportedMediaType,
  unsupportedPatch,
} from './status.ts';
import { strategicMerge } from './strategic-merge.ts';
import { openWatch } from './watch.ts';

export type Handler = (
  request: ApiRequest,
  context: ChangeContext,
  name: string,
  backend: Backend,
) => Promise<Answer> | Answer;

type Door = 'whole' | 'one' | 'status' | 'eviction' | 'proxy' | 'exec';
type Place = { resource: Resource; name: string | null; namespace: string | null; subresource: string | null };

/** What the methods do: on all objects of a resource, on one, and on the doors below one. */
const HANDLERS: Readonly<Record<Door, Partial<Record<string, Handler>>>> = {
  whole: { GET: listOrWatch, POST: createOne, DELETE: deleteAll },
  one: { GET: getOne, PUT: putOne, PATCH: patch, DELETE: deleteOne },
  status: { GET: getOne, PUT: putOne, PATCH: patch },
  eviction: {
    POST: async (request, context, name, backend) =>
      told(request.accept, evict(context, backend, name, objectBody(await request.body())), 201),
  },
  proxy: {
    GET: proxyToPod,
    HEAD: proxyToPod,
    POST: proxyToPod,
    PUT: proxyToPod,
    PATCH: proxyToPod,
    DELETE: proxyToPod,
  },
  // What upgrades never comes here.
  exec: { GET: upgradeRequired, POST: upgradeRequired },
};

function doorOf({ resource, name, subresource }: Place): Door {
  if (name === null) return 'whole';
  if (subresource === null) return 'one';
  if (subresource === 'status' && resource.hasStatus) return 'status';
  const door = resource.subresources.find((each) => each.name === subresource);
  if (!door) throw unknownResource();
  return door.name;
}

/** The handler of a method at a place. Throws 404 where there is no such door, 405 where it has no such method. */
export function handlerOf(method: string, place: Place): Handler {
  const { resource, name, namespace } = place;
  const handler = HANDLERS[doorOf(place)][method];
  const nowhere = name === null && method !== 'GET' && resource.namespaced && namespace === null;
  if (!handler || nowhere) throw methodNotAllowed();
  return handler;
}

function upgradeRequired(): Answer {
  throw badRequest('Upgrade request required');
}

function getOne(request: ApiRequest, context: ChangeContext, name: string): Answer {
  return shown(request, context, existing(context, name));
}

async function createOne(request: ApiRequest, context: ChangeContext): Promise<Answer> {
  const body = objectBody(await request.body());
  refuseOtherKind(context.resource, body);
  return changed(request, context, create(context, body), 201);
}

async function putOne(request: ApiRequest, context: ChangeContext, name: string): Promise<Answer> {
  const body = objectBody(await request.body());
  refuseOtherKind(context.resource, body);
  refuseOtherName(body, name);
  return changed(request, context, replace(context, existing(context, name), body, 'update'));
}

async function deleteOne(request: ApiRequest, context: ChangeContext, name: string): Promise<Answer> {
  const removed = remove(context, name, optionalBody(await request.body()));
  return 'status' in removed ? told(request.accept, removed.status, 200) : shown(request, context, removed.object);
}

/** Deletes what a list of the same query would show, and answers that list. */
async function deleteAll(request: ApiRequest, context: ChangeContext): Promise<Answer> {
  const body = optionalBody(await request.body());
  const { resource, collection, namespace, query } = context;
  const { objects, metadata } = listPage(collection, selectionOf(resource, query, namespace), query);
  return listed(request, context, removeAll(context, objects, body), metadata);
}

function listOrWatch(request: ApiRequest, context: ChangeContext, _name: string, backend: Backend): Answer {
  const { query } = request;
  const { resource, collection, namespace } = context;
  const selection = selectionOf(resource, query, namespace);
  if (isWatch(query)) {
    const form = negotiate(request.accept, resource, true);
    const writer = eventWriter(resource, form, includeOf(query));
    const { clock, random, etcd, bookmarkInterval } = backend;
    const open = openWatch({ resource, collection, selection, query, writer, clock, random, etcd, bookmarkInterval });
    return { kind: 'stream', contentType: writer.contentType, open };
  }
  const { objects, metadata } = listPage(collection, selection, query);
  return listed(request, context, objects, metadata);
}

type Patch = (document: JsonObject, text: string, resource: Resource) => JsonObject;

/** The kinds of patch that are taken, with how each makes the changed document. */
const PATCHES: Readonly<Record<string, Patch>> = {
  'application/json-patch+json': (document, text) => jsonPatch(document, operationsBody(text)),
  'application/merge-patch+json': (document, text) => mergePatch(document, objectBody(text, 'patch')),
};
const BUILT_IN_PATCHES: Readonly<Record<string, Patch>> = {
  ...PATCHES,
  'application/strategic-merge-patch+json': (document, text, { kind }) =>
    strategicMerge(kind, document, objectBody(text, 'patch')),
};

/** A server knows the types of its own kinds only: nobody can tell how lists of a custom resource merge. */
function patchOf({ contentType }: ApiRequest, { custom }: Resource): Patch {
  const patches = custom ? PATCHES : BUILT_IN_PATCHES;
  const apply = Object.hasOwn(patches, contentType) ? patches[contentType] : undefined;
  if (!apply) throw custom ? unsupportedPatch() : unsupportedMediaType();
  return apply;
}

async function patch(request: ApiRequest, context: ChangeContext, name: string): Promise<Answer> {
  const apply = patchOf(request, context.resource);
  const text = await request.body();
  // Read after the body has come: between the two another request may have changed it.
  const present = existing(context, name);
  const document = patched(() => apply(documentOf(context, present), text, context.resource));
  return changed(request, context, replace(context, present, document, 'patch'));
}

function patched(apply: () => JsonObject): JsonObject {
  try {
    return apply();
  } catch (error) {
    throw error instanceof UnprocessablePatch ? unprocessablePatch() : error;
  }
}
