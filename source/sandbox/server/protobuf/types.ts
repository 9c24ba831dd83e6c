import type { PbfWriter } from 'pbf';
import { SHARED_PARTS } from '../shared-parts.ts';

// How the Go types of Kubernetes are written as protobuf (the marshallers that go-to-protobuf generates): fields in
// order of their numbers, a field that is no pointer always, even when it is empty, and maps in order of key.

/** A value as the wire has it: as a varint, or with its length in front. */
export type Type = { wire: 0 | 2; write: (value: unknown, writer: PbfWriter) => void };

/** Writes what an object has of one field. */
export type Field = (object: Readonly<Record<string, unknown>>, writer: PbfWriter) => void;

/** One field of a message: its number, its name in JSON, and how it is written. */
export type Row = readonly [number: number, name: string, kind: Kind];
export type Kind = (number: number, name: string) => Field;

const EMPTY: Readonly<Record<string, unknown>> = {};
const ZERO = 0;

export const TEXT: Type = {
  wire: 2,
  write: (value, writer) => writer.writeString(typeof value === 'string' ? value : ''),
};
export const INTEGER: Type = {
  wire: 0,
  write: (value, writer) => writer.writeVarint(typeof value === 'number' ? value : ZERO),
};
export const TRUTH: Type = { wire: 0, write: (value, writer) => writer.writeBoolean(value === true) };

type Instant = { seconds: number; nanoseconds: number };

/** Times that were read before: many objects of a site began in the same second. */
const instants = new Map<string, Instant>();
const KEPT_INSTANTS = 1000;

function instantOf(text: string): Instant {
  const known = instants.get(text);
  if (known !== undefined) return known;
  if (instants.size >= KEPT_INSTANTS) instants.clear();
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const instant = {
    seconds: Math.floor(Date.parse(text) / 1000),
    nanoseconds: Number(fraction.padEnd(9, '0').slice(0, 9)),
  };
  instants.set(text, instant);
  return instant;
}

/** A time is a message of seconds and nanoseconds, and an empty one where there is none. */
export const TIME: Type = { wire: 2, write: (value, writer) => writer.writeRawMessage(writeTime, value) };

function writeTime(value: unknown, writer: PbfWriter): void {
  if (typeof value !== 'string') return;
  const { seconds, nanoseconds } = instantOf(value);
  writer.writeVarintField(1, seconds);
  writer.writeVarintField(2, nanoseconds);
}

/** A quantity is a message of its text. */
export const QUANTITY: Type = {
  wire: 2,
  write: (value, writer) => writer.writeRawMessage((text, inner) => inner.writeStringField(1, text), String(value)),
};

/** FieldsV1: a message of the bytes of its JSON. */
export const JSON_BYTES: Type = {
  wire: 2,
  write: (value, writer) =>
    writer.writeRawMessage((bytes, inner) => inner.writeBytesField(1, bytes), Buffer.from(JSON.stringify(value))),
};

/** A message of these fields, which are given in order of their numbers. */
export function message(...rows: readonly Row[]): Type & { fields: readonly Field[] } {
  const fields = rows.map(([number, name, kind]) => kind(number, name));
  const writeFields = (object: Readonly<Record<string, unknown>>, writer: PbfWriter): void => {
    for (const field of fields) field(object, writer);
  };
  return {
    wire: 2,
    fields,
    write: (value, writer) => writer.writeRawMessage(writeFields, (value ?? EMPTY) as typeof EMPTY),
  };
}

/** A field that is always there. */
export const always =
  (type: Type): Kind =>
  (number, name) =>
  (object, writer) => {
    writer.writeTag(number, type.wire);
    type.write(object[name], writer);
  };

/** Writes the value of a field, which there is. */
type Written = (value: unknown, number: number, writer: PbfWriter) => void;

/** Bytes of a field that were worked out before, tags and all. */
function writeBytes(bytes: Uint8Array, writer: PbfWriter): void {
  writer.realloc(bytes.length);
  writer.buf.set(bytes, writer.pos);
  writer.pos += bytes.length;
}

/** A field that is left out where there is no value. What is shared is worked out once. */
function present(write: Written): Kind {
  return (number, name) => {
    if (!SHARED_PARTS.has(name)) {
      return (object, writer) => {
        const value = object[name];
        if (value !== undefined && value !== null) write(value, number, writer);
      };
    }
    const kept = new WeakMap<object, Uint8Array>();
    return (object, writer) => {
      const value = object[name];
      if (typeof value !== 'object' || value === null) return;
      const known = kept.get(value);
      if (known !== undefined) {
        writeBytes(known, writer);
        return;
      }
      const start = writer.pos;
      write(value, number, writer);
      kept.set(value, writer.buf.slice(start, writer.pos));
    };
  };
}

/** A field that is there when it has a value: a pointer of Go. */
export const pointer = (type: Type): Kind =>
  present((value, number, writer) => {
    writer.writeTag(number, type.wire);
    type.write(value, writer);
  });

export const list = (type: Type): Kind =>
  present((values, number, writer) => {
    for (const value of values as readonly unknown[]) {
      writer.writeTag(number, type.wire);
      type.write(value, writer);
    }
  });

/** A map is a list of messages, each with a key and a value. */
export const map = (type: Type): Kind => {
  const writeEntry = ([key, value]: readonly [string, unknown], writer: PbfWriter): void => {
    writer.writeStringField(1, key);
    writer.writeTag(2, type.wire);
    type.write(value, writer);
  };
  return present((value, number, writer) => {
    const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const entry of entries) writer.writeMessage(number, writeEntry, entry);
  });
};

/** A field whose message has no name in JSON: its fields stand among those of the object itself. */
export const inline =
  (type: Type): Kind =>
  (number) =>
  (object, writer) => {
    writer.writeTag(number, type.wire);
    type.write(object, writer);
  };
