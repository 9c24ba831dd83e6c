import { type Resource } from './resource.ts';
import { findResource, RESOURCES } from './resources.ts';
import type { Attributes } from './authorize.ts';

/** Where a request points to: a resource of a group, known or not, or a plain path. */
export type Target =
  | { kind: 'path'; path: string }
  | {
      kind: 'resource';
      group: string;
      version: string;
      plural: string;
      resource: Resource | null;
      namespace: string | null;
      name: string | null;
      subresource: string | null;
    };

/** Reads the path of a request, in the layout of every Kubernetes API. */
export function parsePath(path: string): Target {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const [root, ...rest] = parts;
  const prefix = root === 'api' ? 1 : root === 'apis' ? 2 : null;
  if (prefix === null || rest.length <= prefix || rest.at(-1) === '') return { kind: 'path', path };
  const group = root === 'api' ? '' : (rest[0] ?? '');
  const version = rest[prefix - 1] ?? '';
  const below = rest.slice(prefix);
  const inNamespace = below[0] === 'namespaces' && below.length > 2 && below[2] !== 'status';
  const [plural = '', name = null, subresource = null] = inNamespace ? below.slice(2) : below;
  return {
    kind: 'resource',
    group,
    version,
    plural,
    resource: findResource(group, version, plural) ?? null,
    namespace: inNamespace ? (below[1] ?? '') : null,
    name,
    subresource,
  };
}

/** Whether any resource of the group and version is served; of others the server knows no paths at all. */
export const isServed = (group: string, version: string): boolean =>
  group === '' ||
  RESOURCES.some((each) => each.group === group && each.version === version) ||
  REVIEW_GROUPS.has(group);

const REVIEW_GROUPS: ReadonlySet<string> = new Set(['authentication.k8s.io', 'authorization.k8s.io']);

const isTrue = (text: string | null): boolean => text === '1' || text === 'true';

export const isWatch = (query: URLSearchParams): boolean => isTrue(query.get('watch'));

/** What the request wants to do, in the words of RBAC. */
export function attributesOf(method: string, target: Target, query: URLSearchParams): Attributes {
  if (target.kind === 'path') return { verb: method.toLowerCase(), path: target.path };
  const { group, plural, namespace, name, subresource } = target;
  return {
    verb: verbOf(method, name === null, query),
    group,
    resource: plural,
    ...(subresource === null ? {} : { subresource }),
    ...(namespace === null ? {} : { namespace }),
    ...(name === null ? {} : { name }),
  };
}

function verbOf(method: string, whole: boolean, query: URLSearchParams): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return whole ? (isWatch(query) ? 'watch' : 'list') : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return whole ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}
