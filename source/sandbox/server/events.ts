import type { KubernetesObject } from '../wire.ts';
import { MEDIA_TYPES, type Form } from './form.ts';
import { bookmarkOf, bookmarkText, formText, type IncludeObject } from './present.ts';
import { eventBytes, protobufOf, statusBytes } from './protobuf/encode.ts';
import type { Resource } from './resource.ts';
import type { Status } from './status.ts';

/** How the events of one watch are written. */
export type EventWriter = {
  contentType: string;
  event: (type: string, object: KubernetesObject, now: number) => string | Buffer;
  bookmark: (revision: number) => string | Buffer;
  error: (status: Status) => string | Buffer;
};

export function eventWriter(resource: Resource, form: Form, include: IncludeObject): EventWriter {
  return form.encoding === 'protobuf' ? inProtobuf(resource, form) : inJson(resource, form, include);
}

/** All watches of a resource are told of a change one after the other, so what was written last is kept. */
function lastWritten<T>(): (key: string, object: object, write: () => T) => T {
  const last = new Map<string, { object: object; written: T }>();
  return (key, object, write) => {
    const known = last.get(key);
    if (known?.object === object) return known.written;
    const written = write();
    last.set(key, { object, written });
    return written;
  };
}

const lastText = lastWritten<string>();
const lastBytes = lastWritten<Buffer>();

const keyOf = ({ group, plural }: Resource, { as }: Form): string => `${group}/${plural}/${as}`;

/** A line of JSON an event. */
function inJson(resource: Resource, form: Form, include: IncludeObject): EventWriter {
  const line = (type: string, text: string): string => `{"type":"${type}","object":${text}}\n`;
  const key = keyOf(resource, form);
  let first = true;
  const textOf = (object: KubernetesObject, now: number): string => {
    const write = (): string => formText(resource, object, form, include, now, first);
    // A row of a Table says how old its object is now, and the first one comes with the columns.
    const text = form.as === 'Table' ? write() : lastText(key, object, write);
    first = false;
    return text;
  };
  return {
    contentType: MEDIA_TYPES.json,
    event: (type, object, now) => line(type, textOf(object, now)),
    bookmark: (revision) => line('BOOKMARK', bookmarkText(resource, revision, form)),
    error: (status) => line('ERROR', JSON.stringify(status)),
  };
}

/** A message with its length in front an event. */
function inProtobuf(resource: Resource, form: Form): EventWriter {
  const key = keyOf(resource, form);
  const bytesOf = (object: object): Buffer => lastBytes(key, object, () => protobufOf(resource, form, object));
  return {
    contentType: `${MEDIA_TYPES.protobuf};stream=watch`,
    event: (type, object) => eventBytes(type, bytesOf(object)),
    bookmark: (revision) => eventBytes('BOOKMARK', protobufOf(resource, form, bookmarkOf(resource, revision))),
    error: (status) => eventBytes('ERROR', statusBytes(status)),
  };
}
