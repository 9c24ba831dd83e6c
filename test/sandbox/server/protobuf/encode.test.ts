import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manualClock, startSandbox, type Sandbox } from '../../../../source/sandbox/sandbox.ts';
import type { Form } from '../../../../source/sandbox/server/form.ts';
import { jsonText } from '../../../../source/sandbox/server/json-text.ts';
import type { ListMetadata } from '../../../../source/sandbox/server/present.ts';
import {
  eventBytes,
  isEncodable,
  protobufListOf,
  protobufOf,
  statusBytes,
} from '../../../../source/sandbox/server/protobuf/encode.ts';
import type { Resource } from '../../../../source/sandbox/server/resource.ts';
import { RESOURCES } from '../../../../source/sandbox/server/resources.ts';
import type { Status } from '../../../../source/sandbox/server/status.ts';
import { jsonOf } from './decode.ts';

const { RECORDINGS = '' } = process.env;

const resourceOf = (kind: string): Resource => {
  const found = RESOURCES.find((each) => each.kind === kind && isEncodable(each));
  if (!found) throw new Error(`${kind} has no messages`);
  return found;
};

const WHOLE: Form = { as: 'object', encoding: 'protobuf' };
const METADATA: Form = { as: 'PartialObjectMetadata', encoding: 'protobuf' };

type Recorded = {
  response: {
    body: { metadata: ListMetadata; items: object[] };
    base64: string;
    chunks: { base64: string }[];
    stream: { event: { type: string; object: object } }[];
  };
};

describe.runIf(RECORDINGS !== '')('what a real API server of 1.36 tells as JSON is written byte for byte as', () => {
  const recorded = (name: string): Recorded['response'] => {
    const text = readFileSync(join(RECORDINGS, 'k8s-v1.36.2-extra', `${name}.json`), 'utf8');
    return (JSON.parse(text) as Recorded).response;
  };
  const bytesOf = (name: string): string => recorded(name).base64;

  it.each([
    ['Node', WHOLE, '230-protobuf-nodes-page-as-json', '229-protobuf-nodes-page'],
    ['Node', METADATA, '230-protobuf-nodes-page-as-json', '231-protobuf-nodes-metadata-list'],
    ['Pod', WHOLE, '233-protobuf-pods-page-as-json', '232-protobuf-pods-page'],
    ['Pod', METADATA, '233-protobuf-pods-page-as-json', '234-protobuf-pods-metadata-list'],
  ])('its page: %s, %o', (kind, form, json, protobuf) => {
    const { metadata, items } = recorded(json).body;
    const bytes = Buffer.concat([...protobufListOf(resourceOf(kind), form, metadata, items)]);
    expect(bytes.toString('base64')).toBe(bytesOf(protobuf));
  });

  it('its node', () => {
    const node = recorded('236-protobuf-node-as-json').body;
    expect(protobufOf(resourceOf('Node'), WHOLE, node).toString('base64')).toBe(bytesOf('235-protobuf-node'));
  });

  it('its Status', () => {
    const status: Status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'nodes "nosuch" not found',
      reason: 'NotFound',
      details: { name: 'nosuch', kind: 'nodes' },
      code: 404,
    };
    expect(statusBytes(status).toString('base64')).toBe(bytesOf('237-protobuf-404'));
  });

  it('its watch, with bookmarks', () => {
    const frames = framesOf(
      Buffer.concat(recorded('240-protobuf-watch-nodes').chunks.map(({ base64 }) => Buffer.from(base64, 'base64'))),
    );
    const events = recorded('241-protobuf-watch-nodes-as-json').stream.map(({ event: { type, object } }) =>
      eventBytes(type, protobufOf(resourceOf('Node'), WHOLE, object)).toString('base64'),
    );
    const written = new Set(events);
    // The two watches began one after the other, so each may have changes that the other has not.
    const same = frames.filter((frame) => written.has(frame.toString('base64')));
    expect(same.length).toBeGreaterThan(10);
    expect(same.some((frame) => frame.includes('BOOKMARK'))).toBe(true);
  });

  it('the ERROR of a watch that is too old', () => {
    const status: Status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'too old resource version: 1 (139914)',
      reason: 'Expired',
      code: 410,
    };
    expect(eventBytes('ERROR', statusBytes(status)).toString('base64')).toBe(bytesOf('243-protobuf-watch-410'));
  });
});

function framesOf(stream: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let start = 0; start < stream.length;) {
    const end = start + 4 + stream.readUInt32BE(start);
    frames.push(stream.subarray(start, end));
    start = end;
  }
  return frames;
}

/** Fields that are maps: in them a key may have an empty text. */
const MAPS = new Set(['labels', 'annotations', 'nodeSelector', 'matchLabels', 'parameters']);

/** As JSON of Kubernetes has it: what is empty is left out, but for what an object says on purpose. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([name, each]) => [name, MAPS.has(name) ? each : compact(each)] as const)
    .filter(([, each]) => ![undefined, null, '', 0, false].includes(each as null) && !isEmpty(each));
  return Object.fromEntries(entries);
}
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

describe('objects of the sandbox', () => {
  let sandbox: Sandbox;
  const clock = manualClock();
  beforeAll(async () => {
    sandbox = await startSandbox({ nodes: 20, pods: 400, clock, load: 50 });
    clock.advance(20_000);
  });
  afterAll(() => sandbox.stop());

  const kinds = ['Event', 'Namespace', 'Node', 'PersistentVolume', 'PersistentVolumeClaim', 'Pod', 'StorageClass'];

  it.each(kinds)('%s: nothing is lost as protobuf', (kind) => {
    const resource = resourceOf(kind);
    const objects = sandbox.world.collection(resource.collection).all();
    expect(objects.length).toBeGreaterThan(0);
    for (const object of objects) {
      const told = { kind, apiVersion: resource.group === '' ? 'v1' : `${resource.group}/v1`, ...object };
      expect(jsonOf(protobufOf(resource, WHOLE, object))).toEqual(compact(told));
    }
  });

  it('the text that is put together of kept texts is that of JSON.stringify', () => {
    for (const { collection } of RESOURCES.filter(({ measured }) => !measured)) {
      for (const object of sandbox.world.collection(collection).all()) {
        expect(jsonText(object)).toBe(JSON.stringify(object));
      }
    }
  });
});

it.each([
  {},
  { metadata: null, spec: [1], status: 'none', data: { a: undefined, 'b"\n': 1 } },
  { metadata: { labels: 'none', name: undefined, annotations: { 'é\u2028': '\ud800' } }, 2: 1, spec: {} },
])('any object has the text of JSON.stringify: %o', (object) => {
  expect(jsonText(object)).toBe(JSON.stringify(object));
});
