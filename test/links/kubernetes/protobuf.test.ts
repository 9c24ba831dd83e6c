import fc from 'fast-check';
import { PbfWriter } from 'pbf';
import { describe, expect, test } from 'vitest';
import { TooLong } from '../../../source/links/kubernetes/cutting.ts';
import {
  flag,
  inline,
  integer,
  integerIfSet,
  listOf,
  mapOf,
  message,
  microTime,
  NotProtobuf,
  only,
  readMessage,
  text,
  textIfSet,
  time,
} from '../../../source/links/kubernetes/protobuf.ts';
import { listStream, readObject, watchFrames } from '../../../source/links/kubernetes/protobuf-stream.ts';

const written = (write: (writer: PbfWriter) => void): Buffer => {
  const writer = new PbfWriter();
  write(writer);
  return Buffer.from(writer.finish());
};

/** The library's own writer of text loses characters beyond the basic plane. */
const writeText = (writer: PbfWriter, number: number, value: string) =>
  writer.writeBytesField(number, Buffer.from(value));

const THING = message({
  1: ['name', text],
  2: ['note', textIfSet],
  3: ['count', integer],
  4: ['exit', integerIfSet],
  5: ['on', flag],
  6: ['since', time],
  7: ['seen', microTime],
  8: ['size', only(1, textIfSet)],
  9: ['labels', mapOf(textIfSet)],
  10: ['words', listOf(textIfSet)],
  11: ['inner', message({ 1: ['name', text] })],
  12: [inline, message({ 3: ['source', text] })],
});

type Thing = {
  readonly name: string;
  readonly note: string | null;
  readonly count: number;
  readonly exit: number | null;
  readonly on: boolean;
  readonly since: number | null;
  readonly labels: readonly (readonly [string, string])[];
  readonly words: readonly string[];
  readonly source: string;
  readonly unknown: readonly (readonly [number, string])[];
};

/** As apimachinery's Time: both numbers even when zero, and nothing of its zero time. */
const writeMoment = (seconds: number | null, moment?: PbfWriter) => {
  if (seconds === null) return;
  moment?.writeVarintField(1, seconds);
  moment?.writeVarintField(2, 0);
};

/** As Go writes it: every field that is no pointer, in the order of numbers, with others between. */
function bytesOf(thing: Thing): Buffer {
  return written((writer) => {
    writeText(writer, 1, thing.name);
    if (thing.note !== null) writeText(writer, 2, thing.note);
    writer.writeVarintField(3, thing.count);
    if (thing.exit !== null) writer.writeVarintField(4, thing.exit);
    writer.writeBooleanField(5, thing.on);
    writer.writeMessage(6, writeMoment, thing.since);
    for (const [number, value] of thing.unknown) writeText(writer, number, value);
    for (const [key, value] of thing.labels)
      writer.writeMessage(
        9,
        (entry: readonly [string, string], map) => {
          writeText(map, 1, entry[0]);
          writeText(map, 2, entry[1]);
        },
        [key, value],
      );
    for (const word of thing.words) writeText(writer, 10, word);
    writer.writeMessage(12, (source, inner) => writeText(inner, 3, source), thing.source);
  });
}

/** As the JSON of the same. */
const jsonOf = (thing: Thing): unknown => ({
  ...(thing.name && { name: thing.name }),
  ...(thing.note !== null && { note: thing.note }),
  ...(thing.count !== 0 && { count: thing.count }),
  ...(thing.exit !== null && { exit: thing.exit }),
  ...(thing.on && { on: true }),
  ...(thing.since !== null && { since: new Date(thing.since * 1_000).toISOString().replace('.000', '') }),
  ...(thing.labels.length > 0 && { labels: Object.fromEntries(thing.labels) }),
  ...(thing.words.length > 0 && { words: thing.words }),
  ...(thing.source && { source: thing.source }),
});

const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'));
const thing: fc.Arbitrary<Thing> = fc.record({
  name: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 90 }), fc.constantFrom('Ready', 'kubernetes.io/hostname')),
  note: fc.option(fc.string()),
  count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  exit: fc.option(fc.integer({ min: -255, max: 255 })),
  on: fc.boolean(),
  since: fc.oneof(fc.constantFrom(null, 0), fc.integer({ min: -1e9, max: 4e9 })),
  labels: fc.array(fc.tuple(key, fc.string({ unit: 'binary-ascii' })), { maxLength: 5 }),
  words: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
  source: fc.string(),
  unknown: fc.array(fc.tuple(fc.integer({ min: 13, max: 2_000 }), fc.string()), { maxLength: 3 }),
});

const envelope = (kind: string, raw: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    written((writer) => {
      writer.writeMessage(1, (named, meta) => writeText(meta, 2, named), kind);
      writer.writeBytesField(2, raw);
      writeText(writer, 4, '');
    }),
  ]);

const listOfThings = (things: readonly Buffer[]): Buffer =>
  envelope(
    'ThingList',
    written((writer) => {
      writer.writeMessage(1, (version: string, meta) => writeText(meta, 2, version), '7');
      for (const one of things) writer.writeBytesField(2, one);
    }),
  );

const frameOf = (type: string, object: Buffer): Buffer => {
  const event = written((writer) => {
    writeText(writer, 1, type);
    writer.writeMessage(2, (raw: Buffer, extension) => extension.writeBytesField(1, raw), object);
  });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
};

async function* inPieces(bytes: Buffer, sizes: readonly number[]) {
  for (let start = 0, count = 0; start < bytes.length; count += 1) {
    const size = sizes[count % sizes.length] ?? 1;
    await Promise.resolve();
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

const collected = async <T>(batches: AsyncIterable<Iterable<T>>): Promise<T[]> => {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
};

const MAGIC = Buffer.from('k8s\0');
/** A field that no table knows. */
const unknown = (length: number): Buffer => written((writer) => writer.writeBytesField(9, Buffer.alloc(length)));

const LONGEST = 100_000;
const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });

describe('a message', () => {
  test('reads as its JSON would, whatever it holds', () =>
    fc.assert(
      fc.property(thing, (one) => {
        expect(readMessage(THING, bytesOf(one))).toEqual(jsonOf(one));
      }),
    ));

  test('in its other fields: times to the millisecond, quantities, messages within', () => {
    const bytes = written((writer) => {
      writer.writeMessage(
        7,
        (nanos: number, at) => {
          at.writeVarintField(1, 5);
          at.writeVarintField(2, nanos);
        },
        987_654_321,
      );
      writer.writeMessage(8, (amount: string, quantity) => writeText(quantity, 1, amount), '100m');
      writer.writeMessage(11, (name: string, inner) => writeText(inner, 1, name), 'within');
    });
    expect(readMessage(THING, bytes)).toEqual({
      seen: '1970-01-01T00:00:05.987Z',
      size: '100m',
      inner: { name: 'within' },
    });
  });

  test('has the later of two times of one field', () => {
    const bytes = written((writer) => {
      writer.writeMessage(6, writeMoment, 60);
      writer.writeMessage(6, writeMoment, 0);
    });
    expect(readMessage(THING, bytes)).toEqual({ since: '1970-01-01T00:00:00Z' });
  });

  test('that is anything at all is read or refused, and never hangs or reads beyond', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readMessage(THING, Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(NotProtobuf);
        }
      }),
      { numRuns: 2_000 },
    ));
});

describe('a list', () => {
  test('comes item by item, however it is cut into pieces', () =>
    fc.assert(
      fc.asyncProperty(fc.array(thing, { maxLength: 6 }), sizes, async (things, pieces) => {
        const list = listStream(inPieces(listOfThings(things.map(bytesOf)), pieces), THING, LONGEST);
        expect(await collected(list.items)).toEqual(things.map(jsonOf));
        expect(list.metadata()).toEqual({ resourceVersion: '7' });
      }),
    ));

  test('tells what is whole before the rest came', async () => {
    const bytes = listOfThings([bytesOf({ ...plain, name: 'first' }), bytesOf({ ...plain, name: 'second' })]);
    let given = 0;
    async function* oneByOne() {
      for await (const piece of inPieces(bytes, [1])) {
        given += 1;
        yield piece;
      }
    }
    for await (const items of listStream(oneByOne(), THING, LONGEST).items) if (items.length > 0) break;
    expect(given).toBeLessThan(bytes.length - 20);
  });

  test('that is cut anywhere broke off', () =>
    fc.assert(
      fc.asyncProperty(thing, sizes, fc.double({ min: 0, max: 0.999, noNaN: true }), async (one, pieces, part) => {
        const whole = listOfThings([bytesOf(one), bytesOf(one)]);
        // What follows the list itself in its envelope may be missing.
        const cut = whole.subarray(0, Math.floor((whole.length - 2) * part));
        await expect(collected(listStream(inPieces(cut, pieces), THING, LONGEST).items)).rejects.toThrow(NotProtobuf);
      }),
    ));

  test.each([
    ['is a web page', Buffer.from('<html><body>Bad gateway</body></html>'), NotProtobuf],
    ['is JSON', Buffer.from('{"kind":"NodeList","items":[]}'), NotProtobuf],
    ['is nothing', Buffer.alloc(0), NotProtobuf],
    ['has an item of 40 MB', listOfThings([Buffer.alloc(40_000_000)]), TooLong],
    ['has much before its object', Buffer.concat([MAGIC, unknown(40_000), listOfThings([]).subarray(4)]), NotProtobuf],
    [
      'has many things before its object',
      Buffer.concat([MAGIC, ...Array.from({ length: 900 }, () => unknown(9)), listOfThings([]).subarray(4)]),
      NotProtobuf,
    ],
  ])('that %s is refused', async (_, bytes, error) => {
    await expect(collected(listStream(inPieces(bytes, [64_000]), THING, LONGEST).items)).rejects.toThrow(error);
  });

  test('is read on where its envelope holds more than is known, however it is cut into pieces', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(900), { maxLength: 4 }), sizes, async (lengths, pieces) => {
        const things = listOfThings([bytesOf({ ...plain, name: 'a' })]).subarray(MAGIC.length);
        const bytes = Buffer.concat([MAGIC, ...lengths.map(unknown), things]);
        const list = listStream(inPieces(bytes, pieces), THING, LONGEST);
        expect(await collected(list.items)).toEqual([{ name: 'a' }]);
      }),
    ));
});

const plain: Thing = {
  name: 'a',
  note: null,
  count: 0,
  exit: null,
  on: false,
  since: null,
  labels: [],
  words: [],
  source: '',
  unknown: [],
};

describe('a watch', () => {
  test('is its events, however it is cut into pieces; what is cut at its end is dropped', () =>
    fc.assert(
      fc.asyncProperty(fc.array(thing, { maxLength: 5 }), sizes, fc.nat(40), async (things, pieces, half) => {
        const frames = things.map((one) => frameOf('MODIFIED', envelope('Thing', bytesOf(one))));
        const rest = frameOf('ADDED', envelope('Thing', bytesOf({ ...plain, name: 'never' }))).subarray(0, -1 - half);
        const events = await collected(watchFrames(inPieces(Buffer.concat([...frames, rest]), pieces), THING, LONGEST));
        expect(events).toEqual(things.map((one) => ({ type: 'MODIFIED', object: jsonOf(one) })));
      }),
    ));

  test('tells a Status where that came in place of an object', () => {
    const status = written((writer) => {
      writeText(writer, 3, 'too old');
      writer.writeVarintField(6, 410);
    });
    expect(readObject(THING, envelope('Status', status))).toEqual({ kind: 'Status', message: 'too old', code: 410 });
  });

  test.each([
    ['a frame of 40 MB', Buffer.from([2, 98, 90, 0, 1, 2, 3]), TooLong],
    ['a frame that is no event', Buffer.from([0, 0, 0, 2, 0x08, 0x01]), NotProtobuf],
    ['an object without an envelope', frameOf('ADDED', Buffer.from('naked')), NotProtobuf],
    ['lines of JSON', Buffer.from('{"type":"ADDED","object":{"metadata":{}}}\n'.repeat(9)), TooLong],
  ])('of %s is refused', async (_, bytes, error) => {
    await expect(collected(watchFrames(inPieces(bytes, [5]), THING, LONGEST))).rejects.toThrow(error);
  });
});
