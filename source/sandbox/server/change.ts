import { timestamp, type SandboxClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { KubernetesObject, ManagedFields, Node, ObjectMeta } from '../wire.ts';
import { keyOf, type Collection } from '../world/store.ts';
import { without } from '../fields.ts';
import { generatedName, withDefaults } from './defaults.ts';
import { manage } from './managed-fields.ts';
import { isDryRun } from './options.ts';
import { equal, isObject, type Json, type JsonObject } from './patch.ts';
import { apiVersion, type Resource } from './resource.ts';
import { alreadyExists, badRequest, invalid, modified, notFound, versionRequired, type Cause } from './status.ts';
import { KIND_CAUSES } from './validate-storage.ts';
import { decodingError, metadataCauses, nodeCauses, unknownFields } from './validate.ts';

/** The object that a change is about, and how the request wants it done. */
export type ChangeContext = {
  resource: Resource;
  collection: Collection;
  namespace: string | null;
  /** Writes the status and nothing else, or everything else. */
  status: boolean;
  query: URLSearchParams;
  manager: string;
  clock: SandboxClock;
  random: Random;
};

/** What a change left behind, and what the server warns of. */
export type Changed = { object: KubernetesObject; warnings: string[] };

/** Where an object of a namespace, or of none, lies in its collection. */
export const keyIn = (namespace: string | null, name: string): string =>
  namespace === null ? name : `${namespace}/${name}`;

export function existing({ resource, collection, namespace }: ChangeContext, name: string): KubernetesObject {
  const object = collection.get(keyIn(namespace, name));
  if (!object) throw notFound(resource, name);
  return object;
}

/** The object as a document that a patch is applied to. */
export const documentOf = ({ resource }: ChangeContext, object: KubernetesObject): JsonObject =>
  ({ kind: resource.kind, apiVersion: apiVersion(resource), ...object }) as unknown as JsonObject;

/** Stores a new object. Throws 400, 409 and 422. */
export function create(context: ChangeContext, body: JsonObject): Changed {
  const { resource, collection, namespace, query, random } = context;
  const dry = isDryRun(query, 'create');
  const document = withDefaults(resource.kind, decoded(context, body), timestamp(context.clock.now()));
  const given = isObject(document['metadata']) ? document['metadata'] : {};
  const prefix = given['generateName'];
  const named = typeof given['name'] === 'string' ? given['name'] : '';
  const name = named === '' && typeof prefix === 'string' ? generatedName(prefix, random) : named;
  const metadata: ObjectMeta = {
    ...(given as Partial<ObjectMeta>),
    name,
    ...(namespace === null ? {} : { namespace }),
    uid: random.uuid(),
    resourceVersion: '',
    creationTimestamp: timestamp(context.clock.now()),
    ...(resource.generations ? { generation: 1 } : {}),
  };
  const object = fromDocument(document, metadata);
  refuseInvalid(context, null, object);
  if (collection.get(keyOf(object))) throw alreadyExists(resource, name);
  const managed = withManagers(context, null, object);
  return { object: dry ? unversioned(managed) : collection.put(managed), warnings: warningsOf(context, body) };
}

/** What was never stored has no version. */
const unversioned = (object: KubernetesObject): KubernetesObject =>
  ({ ...object, metadata: without(object.metadata, 'resourceVersion') }) as KubernetesObject;

/** Puts a changed document in the place of an object. Throws 400, 409 and 422; what changes nothing writes nothing. */
export function replace(
  context: ChangeContext,
  present: KubernetesObject,
  body: JsonObject,
  verb: 'update' | 'patch',
): Changed {
  const { resource, collection, query } = context;
  const dry = isDryRun(query, verb);
  const warnings = warningsOf(context, body);
  const document = decoded(context, body, verb === 'patch');
  const given = (isObject(document['metadata']) ? document['metadata'] : {}) as Partial<ObjectMeta>;
  const before = present.metadata;
  if (given.name !== undefined && given.name !== before.name) {
    throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${before.name})`);
  }
  if (verb === 'update' && resource.guarded && !given.resourceVersion) throw versionRequired(resource, before.name);
  if (given.resourceVersion && given.resourceVersion !== before.resourceVersion) throw modified(resource, before.name);
  const object = kept(context, present, fromDocument(document, metadataAfter(before, given)));
  refuseInvalid(context, present, object);
  if (sameContent(present, object)) return { object: present, warnings };
  const managed = withManagers(context, present, counted(resource, present, object));
  return { object: dry ? managed : stored(collection, managed), warnings };
}

type Specified = KubernetesObject & { spec?: Json };

/** A change of what is wanted counts up the generation, by which controllers know that they have not seen it. */
function counted({ generations }: Resource, before: KubernetesObject, after: KubernetesObject): KubernetesObject {
  if (!generations || equal((before as Specified).spec, (after as Specified).spec)) return after;
  const { generation = 0 } = before.metadata;
  return { ...after, metadata: { ...after.metadata, generation: generation + 1 } };
}

/** Stores an object, or lets it go when it was only waiting for its last finalizer. */
function stored(collection: Collection, object: KubernetesObject): KubernetesObject {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = object.metadata;
  const waited = deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
  const gone = waited ? collection.remove(keyOf(object)) : undefined;
  if (!gone) return collection.put(object);
  return { ...object, metadata: { ...object.metadata, resourceVersion: gone.metadata.resourceVersion } };
}

/** What only the server may set stays as it was, unless the client says otherwise about it and is told no. */
function metadataAfter(before: ObjectMeta, given: Partial<ObjectMeta>): ObjectMeta {
  const { labels, annotations, ownerReferences, finalizers } = given;
  const { name, namespace, generateName, resourceVersion, generation, managedFields } = before;
  const { deletionTimestamp, deletionGracePeriodSeconds } = before;
  return {
    name,
    ...(generateName === undefined ? {} : { generateName }),
    ...(namespace === undefined ? {} : { namespace }),
    uid: given.uid ?? before.uid,
    resourceVersion,
    ...(generation === undefined ? {} : { generation }),
    creationTimestamp: given.creationTimestamp ?? before.creationTimestamp,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(managedFields === undefined ? {} : { managedFields }),
  };
}

/** Status is written through its own door only, and nothing else goes through that door but metadata. */
function kept(
  { resource, status }: ChangeContext,
  present: KubernetesObject,
  changed: KubernetesObject,
): KubernetesObject {
  if (!resource.hasStatus) return changed;
  const before = present as KubernetesObject & { status?: unknown };
  const after = changed as KubernetesObject & { status?: unknown };
  if (status)
    return {
      ...present,
      metadata: changed.metadata,
      ...(after.status === undefined ? {} : { status: after.status }),
    };
  return { ...without(after, 'status'), ...(before.status === undefined ? {} : { status: before.status }) };
}

const content = (object: KubernetesObject): JsonObject =>
  ({ ...object, metadata: without(object.metadata, 'managedFields', 'resourceVersion') }) as unknown as JsonObject;

const sameContent = (a: KubernetesObject, b: KubernetesObject): boolean => equal(content(a), content(b));

function withManagers(
  context: ChangeContext,
  before: KubernetesObject | null,
  after: KubernetesObject,
): KubernetesObject {
  const { resource, manager, clock, status } = context;
  const managedFields: ManagedFields[] = manage(
    after.metadata.managedFields ?? [],
    before ? content(before) : {},
    content(after),
    { manager, time: timestamp(clock.now()), apiVersion: apiVersion(resource), status },
  );
  return { ...after, metadata: { ...after.metadata, ...(managedFields.length === 0 ? {} : { managedFields }) } };
}

const EMPTY_WHEN = (value: unknown): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** The document as the server's decoder leaves it: known types, no unknown fields, nothing empty. */
function decoded({ resource, query }: ChangeContext, body: JsonObject, patched = false): JsonObject {
  const error = decodingError(resource.kind, body);
  const unknown = unknownFields(resource.kind, body);
  const strict = query.get('fieldValidation') === 'Strict' && unknown.length > 0;
  const told =
    error ??
    (strict ? `strict decoding error: ${unknown.map((field) => `unknown field "${field}"`).join(', ')}` : null);
  if (told !== null) throw undecodable(resource, body, told, patched);
  const { metadata, spec, ...rest } = body;
  const known = isObject(spec)
    ? Object.fromEntries(Object.entries(spec).filter(([field]) => !unknown.includes(`spec.${field}`)))
    : undefined;
  return {
    ...rest,
    ...(isObject(metadata) ? { metadata: pruned(metadata) } : {}),
    ...(known === undefined ? {} : { spec: resource.kind === 'Node' ? pruned(known) : known }),
  };
}

const pruned = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !EMPTY_WHEN(value)));

function undecodable({ kind, ...resource }: Resource, body: JsonObject, told: string, patched: boolean): Error {
  if (!patched) {
    return badRequest(`${kind} in version "${resource.version}" cannot be handled as a ${kind}: ${told}`);
  }
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(body))}: ${told}`;
  return invalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}

const warningsOf = ({ resource, query }: ChangeContext, body: JsonObject): string[] =>
  query.get('fieldValidation') === 'Ignore'
    ? []
    : unknownFields(resource.kind, body).map((field) => `unknown field "${field}"`);

function fromDocument(document: JsonObject, metadata: ObjectMeta): KubernetesObject {
  return { metadata, ...without(document, 'kind', 'apiVersion', 'metadata') };
}

function refuseInvalid({ resource }: ChangeContext, before: KubernetesObject | null, after: KubernetesObject): void {
  const causes: Cause[] = metadataCauses(before?.metadata ?? null, after.metadata);
  if (resource.kind === 'Node') causes.push(...nodeCauses(before as Node | null, after as Node));
  causes.push(...(KIND_CAUSES[resource.kind]?.(after) ?? []));
  if (causes.length > 0) throw invalid(resource, after.metadata.name, causes);
}
