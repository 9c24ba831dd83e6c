import type { KubernetesObject } from '../wire.ts';
import { ageColumns, type Column } from './column.ts';
import { metadataFields, nameField, type Fields } from './selectable.ts';

/** A resource as the server serves it. What differs between resources is here, and in the tables that go by their kind. */
export type Resource = {
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  shortNames: readonly string[];
  namespaced: boolean;
  /** Whether `…/status` is a door of its own: then status is written there and only there. */
  hasStatus: boolean;
  /** Name of the collection of the world that holds the objects; two resources can show the same one. */
  collection: string;
  /** Fields that a field selector may name. */
  fields: Readonly<Record<string, (object: KubernetesObject) => string>>;
  columns: readonly Column<KubernetesObject>[];
  /** What an object of this kind has beside its metadata when it is empty: the body of a bookmark. */
  empty: object;
  /** Whether the server keeps recent changes of it in memory: if not, a watch that is too old is told so by etcd. */
  cached: boolean;
  /** How the stored object looks through this resource. */
  view: ((object: KubernetesObject) => object) | null;
  /** Groups of resources that kubectl takes together. */
  categories: readonly string[];
  /** Whether a CustomResourceDefinition brought it: then no strategic merge, and a generation that counts. */
  custom: boolean;
  /** Whether nothing is stored: objects are measured when they are asked for, can be read and not be watched. */
  measured: boolean;
  /** Whether each change of the specification counts up `metadata.generation`. */
  generations: boolean;
  /** Whether a PUT must say which version it replaces. */
  guarded: boolean;
  /** Whether a delete answers with the object that went, not with a Status. */
  returnsDeleted: boolean;
  /** Doors beside `…/status`, as discovery tells of them. */
  subresources: readonly Subresource[];
};

/** A door below an object; its kind may be of another group than the object. */
export type Subresource = {
  name: 'eviction' | 'exec' | 'proxy';
  group?: string;
  version?: string;
  kind: string;
  verbs: readonly string[];
};

type Row<T extends KubernetesObject> = Pick<Resource, 'group' | 'version' | 'kind' | 'plural'> &
  Partial<Omit<Resource, 'fields' | 'columns'>> & { fields?: Fields<T>; columns?: readonly Column<T>[] };

/** Completes a row of the table. The collection of a resource holds objects of its own type only. */
export function resource<T extends KubernetesObject>(row: Row<T>): Resource {
  const fields = (row.fields ?? (row.namespaced === false ? nameField : metadataFields)) as Resource['fields'];
  const columns = (row.columns ?? ageColumns) as unknown as Resource['columns'];
  return {
    singular: row.kind.toLowerCase(),
    shortNames: [],
    namespaced: true,
    hasStatus: false,
    collection: row.plural,
    empty: {},
    view: null,
    categories: [],
    custom: false,
    measured: false,
    generations: row.custom === true,
    guarded: row.custom === true,
    returnsDeleted: false,
    subresources: [],
    cached: row.plural !== 'events',
    ...row,
    fields,
    columns,
  };
}

export const apiVersion = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;
