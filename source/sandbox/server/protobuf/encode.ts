import { PbfWriter } from 'pbf';
import type { Form } from '../form.ts';
import type { ListMetadata } from '../present.ts';
import { apiVersion, type Resource } from '../resource.ts';
import type { Status } from '../status.ts';
import { EVENT, NAMESPACE, NODE, PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, STORAGE_CLASS } from './core.ts';
import { LIST_META, PARTIAL_OBJECT_METADATA, STATUS } from './meta.ts';
import { POD } from './pod.ts';
import type { Type } from './types.ts';

/** What of the API this server tells as protobuf; all else is told in JSON, and custom resources are so everywhere. */
const MESSAGES: Readonly<Record<string, Type>> = {
  'v1/Event': EVENT,
  'v1/Namespace': NAMESPACE,
  'v1/Node': NODE,
  'v1/PersistentVolume': PERSISTENT_VOLUME,
  'v1/PersistentVolumeClaim': PERSISTENT_VOLUME_CLAIM,
  'v1/Pod': POD,
  'storage.k8s.io/v1/StorageClass': STORAGE_CLASS,
};

const ofResource = (resource: Resource): Type | null => MESSAGES[`${apiVersion(resource)}/${resource.kind}`] ?? null;

/** Whether objects of a resource can be told as protobuf. */
export const isEncodable = (resource: Resource): boolean => ofResource(resource) !== null;

/** Of what type an object is: it goes before the object in the envelope. */
type Named = { apiVersion: string; kind: string };

/** What a resource is told as: whole objects, or their metadata alone. */
type Told = { apiVersion: string; kind: string; message: Type };

function toldOf(resource: Resource, { as }: Form): Told {
  const message = ofResource(resource);
  if (as === 'Table' || message === null) throw new Error(`${resource.plural} cannot be told as protobuf`);
  return as === 'object'
    ? { apiVersion: apiVersion(resource), kind: resource.kind, message }
    : { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', message: PARTIAL_OBJECT_METADATA };
}

/** What every answer begins with (runtime/serializer/protobuf). */
const MAGIC = Buffer.from('k8s\0');

/** One writer for all: what it has written is copied out, and its room stays. */
const writer = new PbfWriter(new Uint8Array(2 ** 20));

/** The bytes that are written. Nothing that writes may call this. */
function written(write: (to: PbfWriter) => void): Buffer {
  writer.pos = 0;
  write(writer);
  return Buffer.from(writer.buf.subarray(0, writer.pos));
}

const LENGTH_DELIMITED = 2;

function writeType({ apiVersion: version, kind }: Named, to: PbfWriter): void {
  to.writeStringField(1, version);
  to.writeStringField(2, kind);
}

/** The end of an envelope (runtime.Unknown): no encoding and no type of content of its own. */
const ENVELOPE_END = written((to) => {
  to.writeStringField(3, '');
  to.writeStringField(4, '');
});

/** What comes before so many bytes of an object. */
const envelopeStart = (type: Named, length: number): Buffer =>
  Buffer.concat([
    MAGIC,
    written((to) => {
      to.writeMessage(1, writeType, type);
      to.writeTag(2, LENGTH_DELIMITED);
      to.writeVarint(length);
    }),
  ]);

/** The bytes of one message without its length. */
function bodyOf({ write }: Type, object: object): Buffer {
  const whole = written((to) => write(object, to));
  let start = 0;
  while ((whole[start] ?? 0x80) >= 0x80) start += 1;
  return whole.subarray(start + 1);
}

function enveloped(type: Named, body: Buffer): Buffer {
  return Buffer.concat([envelopeStart(type, body.length), body, ENVELOPE_END]);
}

const objectBytes = (type: Named, message: Type, object: object): Buffer => enveloped(type, bodyOf(message, object));

/** One object of a resource, or its metadata. Only for forms and resources that `isEncodable` allows. */
export function protobufOf(resource: Resource, form: Form, object: object): Buffer {
  const told = toldOf(resource, form);
  return objectBytes(told, told.message, object);
}

export const statusBytes = (status: Status): Buffer =>
  objectBytes({ apiVersion: 'v1', kind: 'Status' }, STATUS, status);

/** Objects that are written before others get their turn. */
const OBJECTS_AT_ONCE = 250;
const NOTHING = Buffer.alloc(0);

/**
 * A list, in parts. Its length stands in front, so nothing is sent before all is written; until then empty parts let
 * others have their turn.
 */
export function* protobufListOf(
  resource: Resource,
  form: Form,
  metadata: ListMetadata,
  objects: readonly object[],
): Generator<Buffer, void> {
  const { apiVersion: version, kind, message } = toldOf(resource, form);
  const parts = [
    written((to) => {
      to.writeTag(1, LIST_META.wire);
      LIST_META.write(metadata, to);
    }),
  ];
  for (let start = 0; start < objects.length; start += OBJECTS_AT_ONCE) {
    parts.push(
      written((to) => {
        for (const object of objects.slice(start, start + OBJECTS_AT_ONCE)) {
          to.writeTag(2, message.wire);
          message.write(object, to);
        }
      }),
    );
    yield NOTHING;
  }
  yield envelopeStart(
    { apiVersion: version, kind: `${kind}List` },
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  yield* parts;
  yield ENVELOPE_END;
}

/** One event of a watch: its length in four bytes, then a WatchEvent, which carries the object in an envelope. */
export function eventBytes(type: string, object: Buffer): Buffer {
  const event = written((to) => {
    to.writeStringField(1, type);
    to.writeMessage(2, (bytes, inner) => inner.writeBytesField(1, bytes), object);
  });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}
