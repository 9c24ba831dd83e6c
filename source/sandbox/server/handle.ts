import { pageNotFound, whole, type Answer, type ApiRequest } from './answers.ts';
import type { Backend } from './backend.ts';
import { decide, forbidden } from './authorize.ts';
import { objectBody } from './body.ts';
import type { ChangeContext } from './change.ts';
import { apiGroup, apiGroups, apiResources, apiVersions, versionInfo } from './discovery.ts';
import { answerHealth } from './health.ts';
import { answerMeasured, METRICS_GROUP, metricsOutage } from './metrics.ts';
import { isReview, review } from './reviews.ts';
import { attributesOf, isServed, parsePath, type Target } from './route.ts';
import { methodNotAllowed, unknownResource } from './status.ts';
import { passStorage } from './storage.ts';
import { handlerOf } from './verbs.ts';

/** Answers one request. Throws the Refusal that the caller turns into a Status. */
export async function handle(request: ApiRequest, backend: Backend): Promise<Answer> {
  const target = parsePath(request.path);
  const attributes = attributesOf(request.method, target, request.query);
  if (!decide(request.user, attributes, backend.denials).allowed) throw forbidden(request.user, attributes);
  return target.kind === 'path' ? answerPath(request, backend) : answerResource(request, target, backend);
}

type ResourceTarget = Extract<Target, { kind: 'resource' }>;

async function answerPath({ path, query }: ApiRequest, backend: Backend): Promise<Answer> {
  const clean = path.replace(/\/$/, '');
  if (clean === '/version') return whole(200, versionInfo());
  if (clean === '/metrics') return backend.own.answer(backend.clock.now());
  if (clean === '/api') return whole(200, apiVersions(backend.address()));
  const absent = backend.metrics.service === 'absent' ? METRICS_GROUP : null;
  if (clean === '/apis') return whole(200, apiGroups(absent));
  const [, root, group = '', version] = clean.split('/');
  if (root === 'apis' && group === METRICS_GROUP) {
    const outage = metricsOutage(backend.metrics);
    if (outage && (version !== undefined || absent !== null)) return outage;
  }
  if (root !== 'api' && root !== 'apis')
    return (await answerHealth(clean, query.has('verbose'), backend)) ?? pageNotFound();
  const found =
    root === 'api' ? apiResources('', group) : version === undefined ? apiGroup(group) : apiResources(group, version);
  return found === null ? pageNotFound() : whole(200, found);
}

async function answerResource(request: ApiRequest, target: ResourceTarget, backend: Backend): Promise<Answer> {
  const { group, version, plural, resource, name, subresource } = target;
  if (isReview(group, plural) && name === null) return answerReview(request, plural, backend);
  if (group === METRICS_GROUP) {
    const outage = metricsOutage(backend.metrics);
    if (outage) return outage;
  }
  if (!resource) {
    if (!isServed(group, version)) return pageNotFound();
    throw unknownResource();
  }
  // Objects of a namespace have a name only within it.
  if (resource.namespaced && target.namespace === null && name !== null) throw unknownResource();
  const namespace = resource.namespaced ? target.namespace : null;
  if (resource.measured) {
    if (subresource !== null) throw unknownResource();
    return answerMeasured(request, { resource, clock: backend.clock }, { namespace, name }, backend.metrics);
  }
  const handler = handlerOf(request.method, { resource, name, namespace, subresource });
  const outage = await passStorage(request, { resource, name, subresource }, backend);
  if (outage) return outage;
  const context: ChangeContext = {
    resource,
    collection: backend.collection(resource.collection),
    namespace,
    status: subresource === 'status',
    query: request.query,
    manager: request.query.get('fieldManager') ?? request.userAgent.split(/[/ ]/)[0] ?? 'unknown',
    clock: backend.clock,
    random: backend.random,
  };
  return handler(request, context, name ?? '', backend);
}

async function answerReview(request: ApiRequest, plural: string, backend: Backend): Promise<Answer> {
  if (request.method !== 'POST') throw methodNotAllowed();
  const body = objectBody(await request.body());
  return whole(201, review(plural, body, { user: request.user, denials: backend.denials, now: backend.clock.now() }));
}
