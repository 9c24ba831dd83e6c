import type { KubernetesObject } from '../wire.ts';
import type { Form } from './form.ts';
import { jsonText, metadataText } from './json-text.ts';
import { apiVersion, type Resource } from './resource.ts';

const storedText = ({ view }: Resource, object: KubernetesObject): string => jsonText(view ? view(object) : object);

/** One object on its own, with kind and version in front. */
function objectText(resource: Resource, object: KubernetesObject): string {
  const head = `{"kind":${JSON.stringify(resource.kind)},"apiVersion":${JSON.stringify(apiVersion(resource))},`;
  return head + storedText(resource, object).slice(1);
}

/** One object as an item of a list: without kind and version, unless the server does not know its type. */
const itemText = (resource: Resource, object: KubernetesObject): string =>
  resource.custom ? objectText(resource, object) : storedText(resource, object);

/** What is measured and not stored has no version, and no pages. */
export type ListMetadata = { resourceVersion?: string; continue?: string; remainingItemCount?: number };
export type IncludeObject = 'None' | 'Metadata' | 'Object';

const META = '"apiVersion":"meta.k8s.io/v1"';

const partialText = ({ metadata }: KubernetesObject): string =>
  `{"kind":"PartialObjectMetadata",${META},"metadata":${metadataText(metadata)}}`;

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

/** A list is a frame around the texts of its objects. */
type ListText = { start: string; item: (object: KubernetesObject) => string };

function listOf(
  resource: Resource,
  metadata: ListMetadata,
  as: Form['as'],
  include: IncludeObject,
  now: number,
): ListText {
  const head = JSON.stringify(resource.custom && as === 'object' ? { continue: '', ...metadata } : metadata);
  switch (as) {
    case 'object':
      return {
        start: `{"kind":"${resource.kind}List","apiVersion":"${apiVersion(resource)}","metadata":${head},"items":[`,
        item: (object) => itemText(resource, object),
      };
    case 'PartialObjectMetadata':
      return {
        start: `{"kind":"PartialObjectMetadataList",${META},"metadata":${head},"items":[`,
        item: partialText,
      };
    case 'Table':
      return {
        start: tableStart(head, JSON.stringify(definitions(resource))),
        item: (object) => rowText(resource, object, include, now),
      };
  }
}

const tableStart = (metadata: string, columns: string): string =>
  `{"kind":"Table",${META},"metadata":${metadata},"columnDefinitions":${columns},"rows":[`;

/** Objects that are written before others get their turn. */
const OBJECTS_AT_ONCE = 100;

/** A whole list, or a page of one, in parts. */
export function* listText(
  resource: Resource,
  objects: readonly KubernetesObject[],
  metadata: ListMetadata,
  { as }: Form,
  include: IncludeObject,
  now: number,
): Generator<string, void> {
  const { start, item } = listOf(resource, metadata, as, include, now);
  let text = start;
  for (let first = 0; first < objects.length; first += OBJECTS_AT_ONCE) {
    if (first > 0) text += ',';
    yield (
      text +
      objects
        .slice(first, first + OBJECTS_AT_ONCE)
        .map(item)
        .join()
    );
    text = '';
  }
  yield `${text}]}`;
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
      const columns = first ? JSON.stringify(definitions(resource)) : 'null';
      return `${tableStart(metadata, columns)}${rowText(resource, object, include, now)}]}`;
    }
  }
}

/** An empty object of a kind that carries nothing but a resourceVersion, as a BOOKMARK has it. */
export const bookmarkOf = (resource: Resource, revision: number): object => ({
  metadata: { resourceVersion: String(revision), creationTimestamp: null },
  ...resource.empty,
});

/** The body of a BOOKMARK. */
export function bookmarkText(resource: Resource, revision: number, { as }: Form): string {
  const { metadata, ...empty } = bookmarkOf(resource, revision) as { metadata: object };
  switch (as) {
    case 'object':
      return JSON.stringify({ kind: resource.kind, apiVersion: apiVersion(resource), metadata, ...empty });
    case 'PartialObjectMetadata':
      return `{"kind":"PartialObjectMetadata",${META},"metadata":${JSON.stringify(metadata)}}`;
    case 'Table':
      return `${tableStart(JSON.stringify({ resourceVersion: String(revision) }), 'null')}]}`;
  }
}
