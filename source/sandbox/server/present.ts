import type { KubernetesObject } from '../wire.ts';
import { apiVersion, type Resource } from './resource.ts';
import { notAcceptable } from './status.ts';

/** In which form a client wants objects: as they are, as a Table, or their metadata alone; in JSON or YAML. */
export type Form = {
  as: 'object' | 'Table' | 'PartialObjectMetadata';
  encoding: 'json' | 'yaml';
};

const ENCODINGS = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf;stream=watch',
];

const TRANSFORMS: Record<string, Form['as']> = {
  Table: 'Table',
  PartialObjectMetadata: 'PartialObjectMetadata',
  PartialObjectMetadataList: 'PartialObjectMetadata',
};

/**
 * Chooses the form by the Accept header, the first that this server can make. Throws the 406. Protobuf is not
 * spoken here; a client that offers JSON beside it gets JSON.
 */
export function negotiate(accept: string | undefined, stream: boolean): Form {
  const wanted = accept === undefined || accept.trim() === '' ? '*/*' : accept;
  for (const offer of wanted.split(',')) {
    const [type = '', ...parameters] = offer.split(';').map((part) => part.trim());
    const encoding = type === 'application/yaml' ? 'yaml' : 'json';
    if (!['application/json', 'application/yaml', 'application/*', '*/*'].includes(type)) continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return { as: 'object', encoding };
    const transform = TRANSFORMS[as];
    if (transform) return { as: transform, encoding };
  }
  throw notAcceptable(stream ? ENCODINGS : ENCODINGS.slice(0, 3));
}

const storedText = ({ view }: Resource, object: KubernetesObject): string =>
  JSON.stringify(view ? view(object) : object);

/** One object on its own, with kind and version in front. */
export function objectText(resource: Resource, object: KubernetesObject): string {
  const head = `{"kind":${JSON.stringify(resource.kind)},"apiVersion":${JSON.stringify(apiVersion(resource))},`;
  return head + storedText(resource, object).slice(1);
}

/** One object as an item of a list: without kind and version, unless the server does not know its type. */
export const itemText = (resource: Resource, object: KubernetesObject): string =>
  resource.custom ? objectText(resource, object) : storedText(resource, object);

/** What is measured and not stored has no version, and no pages. */
export type ListMetadata = { resourceVersion?: string; continue?: string; remainingItemCount?: number };
export type IncludeObject = 'None' | 'Metadata' | 'Object';

const META = '"apiVersion":"meta.k8s.io/v1"';

const partialText = ({ metadata }: KubernetesObject): string =>
  `{"kind":"PartialObjectMetadata",${META},"metadata":${JSON.stringify(metadata)}}`;

function definitions(resource: Resource): object[] {
  return resource.columns.map(({ name, type = 'string', format = '', description, priority }) => ({
    name,
    type,
    format,
    description,
    priority,
  }));
}

function rowText(resource: Resource, object: KubernetesObject, include: IncludeObject, now: number): string {
  const cells = JSON.stringify(resource.columns.map(({ cell }) => cell(object, now)));
  const parts: Record<IncludeObject, () => string> = {
    None: () => 'null',
    Metadata: () => partialText(object),
    Object: () => objectText(resource, object),
  };
  return `{"cells":${cells},"object":${parts[include]()}}`;
}

/** A whole list, or a page of one. */
export function listText(
  resource: Resource,
  objects: readonly KubernetesObject[],
  metadata: ListMetadata,
  { as }: Form,
  include: IncludeObject,
  now: number,
): string {
  const head = JSON.stringify(resource.custom && as === 'object' ? { continue: '', ...metadata } : metadata);
  switch (as) {
    case 'object':
      return `{"kind":"${resource.kind}List","apiVersion":"${apiVersion(resource)}","metadata":${head},"items":[${objects
        .map((object) => itemText(resource, object))
        .join(',')}]}`;
    case 'PartialObjectMetadata':
      return `{"kind":"PartialObjectMetadataList",${META},"metadata":${head},"items":[${objects.map(partialText).join(',')}]}`;
    case 'Table':
      return tableText(resource, objects, head, include, now, true);
  }
}

function tableText(
  resource: Resource,
  objects: readonly KubernetesObject[],
  metadata: string,
  include: IncludeObject,
  now: number,
  withColumns: boolean,
): string {
  const columns = withColumns ? JSON.stringify(definitions(resource)) : 'null';
  const rows = objects.map((object) => rowText(resource, object, include, now)).join(',');
  return `{"kind":"Table",${META},"metadata":${metadata},"columnDefinitions":${columns},"rows":[${rows}]}`;
}

/** One object in the form that was asked for. `first` tells whether a Table still has to say its columns. */
export function formText(
  resource: Resource,
  object: KubernetesObject,
  { as }: Form,
  include: IncludeObject,
  now: number,
  first = true,
): string {
  switch (as) {
    case 'object':
      return objectText(resource, object);
    case 'PartialObjectMetadata':
      return partialText(object);
    case 'Table': {
      const metadata = JSON.stringify({ resourceVersion: object.metadata.resourceVersion });
      return tableText(resource, [object], metadata, include, now, first);
    }
  }
}

/** The body of a BOOKMARK: an empty object of the kind that carries nothing but a resourceVersion. */
export function bookmarkText(resource: Resource, revision: number, { as }: Form): string {
  const resourceVersion = String(revision);
  switch (as) {
    case 'object':
      return JSON.stringify({
        kind: resource.kind,
        apiVersion: apiVersion(resource),
        metadata: { resourceVersion, creationTimestamp: null },
        ...resource.empty,
      });
    case 'PartialObjectMetadata':
      return `{"kind":"PartialObjectMetadata",${META},"metadata":${JSON.stringify({ resourceVersion, creationTimestamp: null })}}`;
    case 'Table':
      return `{"kind":"Table",${META},"metadata":${JSON.stringify({ resourceVersion })},"columnDefinitions":null,"rows":[]}`;
  }
}
