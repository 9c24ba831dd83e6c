import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPodDecoder, decodeNode } from '../../../source/links/kubernetes/decode.ts';
import { asObject, asObjects, asText, type Fields } from '../../../source/links/kubernetes/fields.ts';
import { readMessage, type ReadField } from '../../../source/links/kubernetes/protobuf.ts';
import { SCHEMAS } from '../../../source/links/kubernetes/protobuf-schemas.ts';
import { listStream, readObject, watchFrames } from '../../../source/links/kubernetes/protobuf-stream.ts';

// The same answers of a real API server (1.36) as protobuf and as JSON.

const root = process.env['RECORDINGS'];
const folder = join(root ?? '', 'k8s-v1.36.2-extra');
const LONGEST = 1_000_000;

function recording(name: string): Fields {
  const file = readdirSync(folder).find((each) => each.endsWith(`-${name}.json`));
  if (file === undefined) throw new Error(`no recording ${name}`);
  return asObject(asObject(JSON.parse(readFileSync(join(folder, file), 'utf8')))?.['response']) ?? {};
}

const bytesOf = (name: string) => Buffer.from(asText(recording(name)['base64']), 'base64');
const itemsOf = (name: string) => asObjects(asObject(recording(name)['body'])?.['items']);

async function* inPieces(bytes: Buffer, size: number) {
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve();
    yield bytes.subarray(start, start + size);
  }
}

const collected = async <T>(batches: AsyncIterable<Iterable<T>>): Promise<T[]> => {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
};

const KINDS: readonly (readonly [string, ReadField, (object: unknown) => unknown])[] = [
  ['nodes', SCHEMAS.nodes, decodeNode],
  ['pods', SCHEMAS.pods, createPodDecoder()],
];

describe.runIf(root !== undefined)('recorded protobuf', () => {
  for (const [kind, schema, decode] of KINDS)
    test.each([1, 7, 1_000, LONGEST])(
      `a page of ${kind} gives the rows of its JSON, in pieces of %d bytes`,
      async (size) => {
        const list = listStream(inPieces(bytesOf(`protobuf-${kind}-page`), size), schema, LONGEST);
        const rows = (await collected(list.items)).map(decode);
        expect(rows.length).toBeGreaterThan(2);
        expect(rows).toEqual(itemsOf(`protobuf-${kind}-page-as-json`).map((item) => decode(item)));
        const metadata = asObject(asObject(recording(`protobuf-${kind}-page-as-json`)['body'])?.['metadata']);
        expect(list.metadata()).toEqual(metadata);
      },
    );

  test('one node gives the row of its JSON', () => {
    const node = decodeNode(readObject(SCHEMAS.nodes, bytesOf('protobuf-node')));
    expect(node).not.toBeNull();
    expect(node).toEqual(decodeNode(recording('protobuf-node-as-json')['body']));
  });

  test.each(['protobuf-watch-nodes', 'protobuf-watch-no-stream-param'])('%s is nodes and bookmarks', async (name) => {
    const events = await collected(watchFrames(inPieces(bytesOf(name), 900), SCHEMAS.nodes, LONGEST));
    expect(events.length).toBeGreaterThan(3);
    for (const { type, object } of events) {
      expect(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']).toContain(type);
      expect(asText(asObject(asObject(object)?.['metadata'])?.['resourceVersion'])).toMatch(/^\d+$/);
      if (type !== 'BOOKMARK') expect(decodeNode(object)?.name).toMatch(/^[a-z]/);
    }
  });

  test('a watch that is too old is a Status', async () => {
    const [event] = await collected(watchFrames(inPieces(bytesOf('protobuf-watch-410'), 50), SCHEMAS.nodes, LONGEST));
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
  });

  test.each([
    ['protobuf-404', 404, 'nodes "nosuch" not found'],
    ['protobuf-403', 403, 'cannot list resource "nodes"'],
  ])('%s says why', (name, code, words) => {
    const status = readObject(SCHEMAS.nodes, bytesOf(name));
    expect(status).toMatchObject({ kind: 'Status', status: 'Failure', code });
    expect(status['message']).toContain(words);
  });

  test('what is cut short is told, wherever it is cut', async () => {
    const whole = bytesOf('protobuf-nodes-page');
    for (let length = 0; length < whole.length; length += 997)
      await expect(
        collected(listStream(inPieces(whole.subarray(0, length), 500), SCHEMAS.nodes, LONGEST).items),
      ).rejects.toThrow('the list broke off');
    expect(() => readMessage(SCHEMAS.nodes, whole.subarray(200, 900))).toThrow();
  });
});
