import type { Json, JsonObject } from './patch.ts';
import { apiVersion, type Resource } from './resource.ts';
import { badRequest } from './status.ts';

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Throws the 400 of a body of another kind than the resource has. */
export function refuseOtherKind(
  { kind, ...resource }: Pick<Resource, 'kind' | 'group' | 'version'>,
  body: JsonObject,
): void {
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

export function refuseOtherName(body: JsonObject, name: string): void {
  const metadata = body['metadata'];
  const given = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata['name'] : undefined;
  if (given !== name) {
    throw badRequest(`the name of the object (${textOf(given)}) does not match the name on the URL (${name})`);
  }
}
