import type { IncomingMessage } from 'node:http';
import { PbfReader } from 'pbf';
import { cutInto, type Cut } from './cutting.ts';
import { asObject, asText, type Fields } from './fields.ts';
import { bytes, message, NotProtobuf, only, readAt, readMessage, text, type ReadField } from './protobuf.ts';
import { LIST_META, STATUS } from './protobuf-schemas.ts';

// How the API server puts objects into protobuf (apimachinery: runtime/serializer/protobuf): four bytes, then a message
// that says what the object is and holds it. A watch is frames of a length (four bytes, big-endian) and an event, which
// holds such an object.

/** The media type of all of these. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** Whether the body of an answer is protobuf (Content-Type, whose parameters say whether it is a watch). */
export const isProtobuf = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers['content-type']?.split(';', 1)[0]?.trim() === PROTOBUF;

const MAGIC = Buffer.from('k8s\0', 'latin1');

/** runtime.Unknown. */
const ENVELOPE = message({ 1: ['typeMeta', message({ 2: ['kind', text] })], 2: ['raw', bytes] });
const RAW = 2;

/** metav1.WatchEvent, whose object is a runtime.RawExtension. */
const WATCH_EVENT = message({ 1: ['type', text], 2: ['object', only(1, bytes)] });

/** One object as its JSON would be, as far as `read` names its fields; a Status whenever that came instead. */
export function readObject(read: ReadField, of: Buffer): Fields {
  if (!of.subarray(0, MAGIC.length).equals(MAGIC)) throw new NotProtobuf('an object does not begin as such');
  const envelope = asObject(readMessage(ENVELOPE, of.subarray(MAGIC.length)));
  const raw = envelope?.['raw'];
  if (!(raw instanceof Buffer)) throw new NotProtobuf('an envelope holds no object');
  const kind = asText(asObject(envelope?.['typeMeta'])?.['kind']);
  return readMessage(kind === 'Status' ? STATUS : read, raw) as Fields;
}

/** The events of a watch, as their JSON would be, those of each chunk together. Throws NotProtobuf, TooLong. */
export async function* watchFrames(
  body: AsyncIterable<Buffer>,
  read: ReadField,
  longest: number,
): AsyncGenerator<Iterable<Fields>> {
  for await (const frames of cutInto(body, cutFrames, longest)) yield eventsIn(frames, read);
}

function* eventsIn(frames: readonly Buffer[], read: ReadField): Generator<Fields> {
  for (const frame of frames) {
    const { type, object } = readMessage(WATCH_EVENT, frame) as { readonly type?: string; readonly object?: Buffer };
    if (type === undefined || object === undefined) throw new NotProtobuf('a frame of the watch is no event');
    yield { type, object: readObject(read, object) };
  }
}

const LENGTH = 4;

const cutFrames: Cut<Buffer> = (held) => {
  const pieces: Buffer[] = [];
  let at = 0;
  let wanted = LENGTH;
  while (at + LENGTH <= held.length) {
    wanted = LENGTH + held.readUInt32BE(at);
    if (at + wanted > held.length) break;
    pieces.push(held.subarray(at + LENGTH, at + wanted));
    at += wanted;
    wanted = LENGTH;
  }
  return { pieces, used: at, wanted };
};

/** A list while it comes. */
export type ListStream = {
  /** Items as their JSON would be, those of each chunk together. Throws NotProtobuf, TooLong. */
  readonly items: AsyncGenerator<readonly unknown[]>;
  /** ListMeta, which stands before the items; null until it came. */
  readonly metadata: () => Fields | null;
};

/** Reads a list item by item, so that it is never held whole. A list that breaks off throws NotProtobuf. */
export function listStream(body: AsyncIterable<Buffer>, read: ReadField, longest: number): ListStream {
  let metadata: Fields | null = null;
  /** Bytes of the list that are still to come; null before its envelope was opened. */
  let left: number | null = null;

  const cut: Cut<unknown> = (held) => {
    const pieces: unknown[] = [];
    let at = 0;
    if (left === null) {
      const raw = rawIn(held);
      if ('wanted' in raw) return { pieces, used: 0, wanted: raw.wanted };
      at = raw.start;
      left = raw.end - raw.start;
    }
    const reader = new PbfReader(held);
    while (left > 0) {
      const field = fieldAt(held, at);
      if (field === null) return { pieces, used: at, wanted: held.length - at + 1 };
      if (field.end > held.length) return { pieces, used: at, wanted: field.end - at };
      if (field.number === 1) metadata = asObject(readAt(LIST_META, reader, field.start, field.end));
      else if (field.number === 2) pieces.push(readAt(read, reader, field.start, field.end));
      left -= field.end - at;
      at = field.end;
    }
    if (left < 0) throw new NotProtobuf('an item is longer than its list');
    return { pieces, used: held.length, wanted: 1 };
  };

  async function* items() {
    yield* cutInto(body, cut, longest);
    if (left !== 0) throw new NotProtobuf('the list broke off');
  }
  return { items: items(), metadata: () => metadata };
}

type Place = { readonly number: number; readonly start: number; readonly end: number };

/** Bytes of an envelope before its object, which are a version and a kind: far more than they need. */
const LONGEST_HEAD = 4 * 1024;

/** Where the object of an envelope lies, which may not be there as a whole; until that can be told, the bytes it wants. */
function rawIn(held: Buffer): Place | { readonly wanted: number } {
  if (held.length < MAGIC.length) return { wanted: MAGIC.length };
  if (!held.subarray(0, MAGIC.length).equals(MAGIC)) throw new NotProtobuf('a list does not begin as such');
  for (let at = MAGIC.length; at <= LONGEST_HEAD;) {
    const field = fieldAt(held, at);
    if (field === null) return { wanted: held.length + 1 };
    if (field.number === RAW) return field;
    if (field.end > held.length && field.end <= LONGEST_HEAD) return { wanted: field.end + 1 };
    at = field.end;
  }
  throw new NotProtobuf('an envelope does not come to its object');
}

/** The field that begins at `at`, all of which have a length here; null when its head is not there as a whole. */
function fieldAt(held: Buffer, at: number): Place | null {
  const tag = varintAt(held, at);
  if (tag === null) return null;
  if ((tag.value & 7) !== 2) throw new NotProtobuf(`a field has the wire type ${tag.value & 7} instead of 2`);
  const length = varintAt(held, tag.end);
  return length && { number: tag.value >>> 3, start: length.end, end: length.end + length.value };
}

/** Longest varint of 32 bits (protobuf encoding). */
const LONGEST_VARINT = 5;

function varintAt(held: Buffer, start: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let index = 0; index < LONGEST_VARINT; index += 1) {
    const byte = held[start + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  throw new NotProtobuf('a length is none');
}
