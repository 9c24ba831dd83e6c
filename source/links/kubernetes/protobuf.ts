import { PbfReader } from 'pbf';
import { createTexts } from './texts.ts';

// Messages of the API read from protobuf into objects of the shape that its JSON has, by tables of field numbers. What
// a table does not name is skipped unread. As in the JSON of Kubernetes, what is empty is left out ("omitempty"), except
// where the API tells "empty" from "not set".

/**
 * Reads the value of one field, of which the reader knows the wire type. `before` is what an earlier field of the same
 * number gave; `end` is given where no length stands before the value. Undefined leaves the field out.
 */
export type ReadField = (reader: PbfReader, before: unknown, end?: number) => unknown;

/** What is no such message. */
export class NotProtobuf extends Error {
  override readonly name = 'NotProtobuf';
}

/** End of the length-delimited value at the reader, which is past its length afterwards. */
function endOf(reader: PbfReader): number {
  if (reader.type !== 2) throw new NotProtobuf(`a field has the wire type ${reader.type} instead of 2`);
  const end = reader.readVarint() + reader.pos;
  if (end > reader.length) throw new NotProtobuf('a field is longer than its message');
  return end;
}

const readText = createTexts();

function textAt(reader: PbfReader): string {
  const end = endOf(reader);
  const read = readText(reader.buf as Buffer, reader.pos, end);
  reader.pos = end;
  return read;
}

/** Bytes as they are: a message that is read later, by another table. */
export const bytes: ReadField = (reader) => {
  const end = endOf(reader);
  const read = reader.buf.subarray(reader.pos, end);
  reader.pos = end;
  return read;
};

function numberAt(reader: PbfReader): number {
  if (reader.type !== 0) throw new NotProtobuf(`a field has the wire type ${reader.type} instead of 0`);
  return reader.readVarint(true);
}

/** Text, left out when empty. */
export const text: ReadField = (reader) => textAt(reader) || undefined;
/** Text of which "empty" and "not set" are two things (a pointer in the API's own types). */
export const textIfSet: ReadField = (reader) => textAt(reader);
/** An integer, left out when zero. */
export const integer: ReadField = (reader) => numberAt(reader) || undefined;
/** An integer of which zero and "not set" are two things, or which JSON tells also when it is zero. */
export const integerIfSet: ReadField = (reader) => numberAt(reader);
/** A flag, left out when false. */
export const flag: ReadField = (reader) => numberAt(reader) !== 0 || undefined;

/** A field of a message; without a name its fields are those of the message around it (inlined in JSON). */
type Field = { readonly name: string | null; readonly read: ReadField };
/** Fields by number. `inline` as the name is for what JSON has in the object around it. */
export type Table = Readonly<Record<number, readonly [name: string | typeof inline, read: ReadField]>>;
export const inline = Symbol('inline');

type Target = Record<string, unknown>;
const empty = (): Target => ({});

/** A message; `fresh` is what it is before its first field, for fields that JSON always has. */
export function message(table: Table, fresh: () => Target = empty): ReadField {
  const fields: (Field | undefined)[] = [];
  for (const [number, [name, read]] of Object.entries(table))
    fields[Number(number)] = { name: name === inline ? null : name, read };
  return (reader, before, end = endOf(reader)) => {
    const object = (before as Target | undefined) ?? fresh();
    for (let number = reader.nextField(end); number !== 0; number = reader.nextField(end)) {
      const field = fields[number];
      if (field === undefined) continue;
      if (field.name === null) field.read(reader, object);
      else {
        const value = field.read(reader, object[field.name]);
        if (value !== undefined) object[field.name] = value;
      }
    }
    if (reader.pos !== end) throw new NotProtobuf('a field is longer than its message');
    return object;
  };
}

/** A repeated field. */
export function listOf(read: ReadField): ReadField {
  return (reader, before) => {
    const list = (before as unknown[] | undefined) ?? [];
    list.push(read(reader, undefined));
    return list;
  };
}

/** A map from text, whose entries are messages of a key (1) and a value (2). */
export function mapOf(read: ReadField): ReadField {
  return (reader, before) => {
    const end = endOf(reader);
    const map = (before as Target | undefined) ?? {};
    let key = '';
    let value: unknown = '';
    for (let number = reader.nextField(end); number !== 0; number = reader.nextField(end)) {
      if (number === 1) key = textAt(reader);
      else if (number === 2) value = read(reader, undefined);
    }
    if (reader.pos !== end) throw new NotProtobuf('a field is longer than its message');
    // A name such as `__proto__` is a name like any other, as for JSON.parse.
    if (key in map) Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
    else map[key] = value;
    return map;
  };
}

/** The only field of a message, in its place: as a Quantity is its text in JSON. */
export function only(number: number, read: ReadField): ReadField {
  return (reader, before) => {
    const end = endOf(reader);
    let value = before;
    for (let found = reader.nextField(end); found !== 0; found = reader.nextField(end))
      if (found === number) value = read(reader, value) ?? value;
    if (reader.pos !== end) throw new NotProtobuf('a field is longer than its message');
    return value;
  };
}

/** Go writes both numbers also when they are zero, as at the epoch, and its zero time as no field at all. */
const MOMENT = message({ 1: ['seconds', integerIfSet], 2: ['nanos', integerIfSet] });
/** Largest distance from the epoch that a Date can tell, ms (ECMA-262: Time Values). */
const LARGEST_TIME = 8.64e15;

/**
 * A time in whole seconds, or thousandths, as RFC 3339; Go's zero time, which JSON has as null, is left out. Of a field
 * that comes twice the later one counts, as in Go.
 */
function timeOf(written: (date: Date) => string): ReadField {
  // What is said of an object several times in a row is often of the same moment.
  const last = { milliseconds: NaN, text: '' };
  return (reader) => {
    const moment = MOMENT(reader, undefined) as { readonly seconds?: number; readonly nanos?: number };
    const { seconds = null, nanos = null } = moment;
    if (seconds === null && nanos === null) return undefined;
    const milliseconds = (seconds === null ? 0 : seconds * 1_000) + (nanos === null ? 0 : nanos / 1e6);
    if (milliseconds === last.milliseconds) return last.text;
    if (!(Math.abs(milliseconds) <= LARGEST_TIME)) return undefined;
    last.milliseconds = milliseconds;
    return (last.text = written(new Date(milliseconds)));
  };
}

/** metav1.Time, of which JSON tells whole seconds. */
export const time = timeOf((date) => `${date.toISOString().slice(0, -5)}Z`);
/** metav1.MicroTime, to the millisecond. */
export const microTime = timeOf((date) => date.toISOString());

/** Reads the one message that fills `bytes`. Throws NotProtobuf. */
export function readMessage(read: ReadField, bytes: Buffer): unknown {
  return readAt(read, new PbfReader(bytes), 0, bytes.length);
}

/** Reads the message that lies between two places of what a reader holds, which is a Buffer. Throws NotProtobuf. */
export function readAt(read: ReadField, reader: PbfReader, start: number, end: number): unknown {
  reader.pos = start;
  // Nothing before was read by this reader that it would have to skip.
  reader._valueStart = -1;
  try {
    return read(reader, undefined, end);
  } catch (error) {
    // The library's own words are of varints and wire types.
    throw error instanceof NotProtobuf
      ? error
      : new NotProtobuf(error instanceof Error ? error.message : String(error));
  }
}
