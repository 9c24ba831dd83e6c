import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type Sandbox } from '../../../../source/sandbox/sandbox.ts';
import { clientOf, type Client } from '../../client.ts';
import { eventsOf, jsonOf } from './decode.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const VOLUMES = '/apis/storage.metalk8s.scality.com/v1alpha1/volumes';
const USAGE = '/apis/metrics.k8s.io/v1beta1/nodes';

const clock = manualClock();
let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ nodes: 40, pods: 1000, clock, churn: false, heartbeats: false });
  client = clientOf(sandbox);
});
afterAll(async () => {
  client.close();
  await sandbox.stop();
});

type Listed = { kind: string; metadata: { continue?: string; remainingItemCount?: number }; items: object[] };

describe('who asks for protobuf', () => {
  it.each([PROTOBUF, `${PROTOBUF},application/json`, `${PROTOBUF}, */*`])('as "%s" gets it', async (accept) => {
    const { status, headers, bytes } = await client.get('/api/v1/nodes/par1-worker-01', { accept });
    expect([status, headers['content-type']]).toEqual([200, PROTOBUF]);
    expect(jsonOf(bytes)).toMatchObject({ kind: 'Node', apiVersion: 'v1', metadata: { name: 'par1-worker-01' } });
  });

  const JSON_TYPE = 'application/json';

  it.each([
    [`${JSON_TYPE};q=0.5, ${PROTOBUF}`, PROTOBUF],
    [`${PROTOBUF};q=0.1,${JSON_TYPE};q=0.2`, JSON_TYPE],
    [`${PROTOBUF}; q=0.9, */*`, JSON_TYPE],
    [`*/*, ${PROTOBUF}`, PROTOBUF],
    [`application/*, */*;q=0.8, ${PROTOBUF};q=0.7`, JSON_TYPE],
    [`${PROTOBUF};q=much, ${JSON_TYPE}`, PROTOBUF],
    [`text/plain, ${PROTOBUF};q=0.1`, PROTOBUF],
  ])('among others as "%s" gets what weighs most: %s', async (accept, type) => {
    const { headers } = await client.get('/api/v1/nodes/par1-worker-01', { accept });
    expect(headers['content-type']).toBe(type);
  });

  it('gets what is refused as a Status in it', async () => {
    const { status, headers, bytes } = await client.get('/api/v1/nodes/none', { accept: PROTOBUF });
    expect([status, headers['content-type']]).toEqual([404, PROTOBUF]);
    expect(jsonOf(bytes)).toMatchObject({ kind: 'Status', reason: 'NotFound', code: 404 });
  });

  it.each([VOLUMES, USAGE])('of %s, which has none, gets 406, or JSON where that is taken too', async (path) => {
    const { status, bytes } = await client.get(path, { accept: PROTOBUF });
    const message =
      'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf';
    expect(jsonOf(bytes)).toMatchObject({ kind: 'Status', reason: 'NotAcceptable', message });
    expect(status).toBe(406);
    const { headers } = await client.get(path, { accept: `${PROTOBUF},application/json` });
    expect(headers['content-type']).toBe('application/json');
  });

  it('of a Table gets what it takes next', async () => {
    const accept = `${PROTOBUF};as=Table;v=v1;g=meta.k8s.io, application/json`;
    const { body } = await client.get('/api/v1/nodes?limit=3', { accept });
    expect(body).toMatchObject({ kind: 'NodeList' });
  });

  it('patches in JSON and is answered in it', async () => {
    const headers = { accept: PROTOBUF, 'content-type': 'application/merge-patch+json' };
    const body = { metadata: { labels: { asked: 'so' } } };
    const { bytes } = await client.ask('PATCH', '/api/v1/nodes/par1-worker-02', { headers, body });
    expect(jsonOf(bytes)).toMatchObject({
      metadata: { name: 'par1-worker-02', labels: { asked: 'so' }, managedFields: [{ operation: 'Update' }] },
    });
  });
});

it('pages in protobuf are those in JSON', async () => {
  const pages = async (accept: string): Promise<unknown[]> => {
    const names: unknown[] = [];
    let next: string | undefined = '';
    for (; next !== undefined;) {
      const { bytes, body } = await client.get(`/api/v1/pods?limit=300&continue=${next}`, { accept });
      const page = (accept === PROTOBUF ? itemsOf(bytes) : body) as Listed;
      names.push([page.metadata.remainingItemCount, page.items.length]);
      next = page.metadata.continue;
    }
    return names;
  };
  const told = await pages(PROTOBUF);
  expect(told).toEqual(await pages('application/json'));
  expect(told.length).toBeGreaterThan(2);
});

const itemsOf = (bytes: Buffer): Listed => jsonOf(bytes) as Listed;

describe('what is large', () => {
  it.each([
    ['JSON', 'application/json'],
    ['protobuf', PROTOBUF],
  ])('is compressed for who asks, in %s, and comes as it is made', async (_name, accept) => {
    const plain = await client.get('/api/v1/pods', { accept });
    const zipped = await client.get('/api/v1/pods', { accept, 'accept-encoding': 'gzip' });
    expect(plain.bytes.length).toBeGreaterThan(128 * 1024);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' });
    expect(zipped.bytes.equals(plain.bytes)).toBe(true);
  });

  it('and what is small is not', async () => {
    const { headers } = await client.get('/api/v1/nodes?limit=3', { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).toBeUndefined();
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
  });
});

it('watches in protobuf, with bookmarks and the end that comes to a watch that is too old', async () => {
  const path = `/api/v1/nodes?watch=1&allowWatchBookmarks=true&timeoutSeconds=60&resourceVersion=`;
  const accept = `${PROTOBUF};stream=watch,${PROTOBUF}`;
  const begun = new Promise<void>((resolve) => (sandbox.onRequest = () => resolve()));
  const watched = client.get(path + String(sandbox.world.revisions.current), { accept, 'accept-encoding': 'gzip' });
  await begun;
  sandbox.onRequest = null;
  sandbox.world.nodes.update('par1-worker-03', (node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
  clock.advance(60_000);
  const { headers, bytes } = await watched;
  expect(headers['content-type']).toBe(`${PROTOBUF};stream=watch`);
  expect(headers['content-encoding']).toBeUndefined();
  const events = eventsOf(bytes);
  expect(events[0]).toMatchObject({
    type: 'MODIFIED',
    object: { kind: 'Node', metadata: { name: 'par1-worker-03' }, spec: { unschedulable: true } },
  });
  expect(events.at(-1)).toMatchObject({ type: 'BOOKMARK', object: { kind: 'Node' } });

  const old = eventsOf((await client.get(`${path}1`, { accept })).bytes);
  expect(old).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
});
