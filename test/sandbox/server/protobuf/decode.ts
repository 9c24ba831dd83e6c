import { PbfReader } from 'pbf';
import { MESSAGES } from './messages.ts';

// Reads what the API server tells as protobuf back into JSON, knowing nothing but the text of its messages as
// generated.proto has it: a judge of the encoder that shares no table with it.

type Field = { name: string; type: string; repeated: boolean; map: boolean };

/** A list of objects has the same two fields everywhere. */
const listOf = (kind: string): Map<number, Field> =>
  new Map([
    [1, { name: 'metadata', type: 'ListMeta', repeated: false, map: false }],
    [2, { name: 'items', type: kind, repeated: true, map: false }],
  ]);

/** Messages by name, and their fields by number. */
function parsed(text: string): Map<string, Map<number, Field>> {
  const messages = new Map<string, Map<number, Field>>();
  for (const [, message = '', body = ''] of text.matchAll(/message (\w+) \{([^}]*)\}/g)) {
    const fields = new Map<number, Field>();
    for (const [, label, key, type = '', name = '', number] of body.matchAll(
      /(?:(optional|repeated) |map<(string), )([\w.]+)>? (\w+) = (\d+);/g,
    )) {
      fields.set(Number(number), { name, type, repeated: label === 'repeated', map: key !== undefined });
    }
    messages.set(message, fields);
  }
  return messages;
}

const messages = parsed(MESSAGES);

type Values = Record<string, unknown>;

/** How messages that are no objects in JSON are told there. */
const TOLD: Readonly<Record<string, (values: Values) => unknown>> = {
  Time: ({ seconds }) =>
    seconds === undefined ? undefined : new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
  Quantity: (values) => values['string'],
  FieldsV1: (values) => values['Raw'],
};

/** Messages whose fields stand in JSON among those of the object that has them. */
const INLINE = new Set(['VolumeSource', 'PersistentVolumeSource']);

function readMessage(name: string, bytes: Uint8Array): unknown {
  const fields = messages.get(name) ?? (name.endsWith('List') ? listOf(name.slice(0, -'List'.length)) : undefined);
  if (!fields) throw new Error(`no message ${name}`);
  const reader = new PbfReader(bytes);
  const values: Values = {};
  for (let number = reader.nextField(); number !== 0; number = reader.nextField()) {
    const field = fields.get(number);
    if (!field) throw new Error(`${name} has no field ${number}`);
    readField(field, reader, values);
  }
  const told = TOLD[name];
  return told ? told(values) : withoutEmpty(values);
}

function readField(field: Field, reader: PbfReader, values: Values): void {
  const { name, type, repeated, map } = field;
  if (map) {
    const { key, value } = readEntry(type, reader.readBytes());
    values[name] = { ...(values[name] as object | undefined), [key]: value };
    return;
  }
  const value = readValue(type, reader);
  if (INLINE.has(type)) Object.assign(values, value);
  else values[name] = repeated ? [...((values[name] as unknown[] | undefined) ?? []), value] : value;
}

function readEntry(type: string, bytes: Uint8Array): { key: string; value: unknown } {
  const reader = new PbfReader(bytes);
  let key = '';
  let value: unknown;
  for (let number = reader.nextField(); number !== 0; number = reader.nextField()) {
    if (number === 1) key = reader.readString();
    else value = readValue(type, reader);
  }
  return { key, value };
}

function readValue(type: string, reader: PbfReader): unknown {
  switch (type) {
    case 'string':
      return reader.readString();
    case 'int32':
    case 'int64':
      return reader.readVarint(true);
    case 'bytes':
      return JSON.parse(Buffer.from(reader.readBytes()).toString());
    case 'bool':
      return reader.readBoolean();
    default:
      return readMessage(type, reader.readBytes());
  }
}

/** What Go leaves out of JSON because it is empty. */
function withoutEmpty(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) =>
        ![undefined, '', 0, false].includes(value as undefined) &&
        !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
    ),
  );
}

const MAGIC = 'k8s\0';

/** An answer as JSON: what is in its envelope, with kind and version. Throws when it is no such answer. */
export function jsonOf(answer: Buffer): Values {
  if (answer.subarray(0, 4).toString('latin1') !== MAGIC) throw new Error('no answer in protobuf');
  const reader = new PbfReader(answer.subarray(4));
  let named: Values = {};
  let raw: Uint8Array = new Uint8Array();
  for (let number = reader.nextField(); number !== 0; number = reader.nextField()) {
    const bytes = reader.readBytes();
    if (number === 1) named = readMessage('TypeMeta', bytes) as Values;
    if (number === 2) raw = bytes;
  }
  return { ...named, ...(readMessage(String(named['kind']), raw) as Values) };
}

/** The events of a watch: each with its type and its object. */
export function eventsOf(stream: Buffer): { type: string; object: Values }[] {
  const events: { type: string; object: Values }[] = [];
  for (let start = 0; start < stream.length;) {
    const end = start + 4 + stream.readUInt32BE(start);
    const reader = new PbfReader(stream.subarray(start + 4, end));
    let type = '';
    let object: Values = {};
    for (let number = reader.nextField(); number !== 0; number = reader.nextField()) {
      if (number === 1) type = reader.readString();
      else {
        const extension = new PbfReader(reader.readBytes());
        extension.nextField();
        object = jsonOf(Buffer.from(extension.readBytes()));
      }
    }
    events.push({ type, object });
    start = end;
  }
  return events;
}
