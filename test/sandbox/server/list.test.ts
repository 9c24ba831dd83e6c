import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { KubernetesObject } from '../../../source/sandbox/wire.ts';
import { clientOf, type Client } from '../client.ts';

type List = {
  items: KubernetesObject[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
};

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ nodes: 8, pods: 400, clock: manualClock(), churn: false, heartbeats: false });
  client = clientOf(sandbox);
});
afterAll(async () => {
  client.close();
  await sandbox.stop();
});

const list = async (path: string): Promise<List> => (await client.get(path)).body as List;
const nameOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** Follows pages to the end, with something done between the first and the second. */
async function pages(path: string, between: () => Promise<unknown> = () => Promise.resolve()): Promise<List[]> {
  const all: List[] = [await list(path)];
  await between();
  for (let token = all[0]?.metadata.continue; token !== undefined; token = all.at(-1)?.metadata.continue) {
    all.push(await list(`${path}&continue=${encodeURIComponent(token)}`));
  }
  return all;
}

describe('pages', () => {
  it('hold each object once, in order of key, and count down what remains', async () => {
    const whole = await list('/api/v1/pods');
    const parts = await pages('/api/v1/pods?limit=50');
    expect(parts.flatMap(({ items }) => items.map(nameOf))).toEqual(whole.items.map(nameOf));
    expect(parts.map(({ items, metadata }) => items.length + (metadata.remainingItemCount ?? 0))).toEqual(
      parts.map((_part, index) => whole.items.length - 50 * index),
    );
  });

  it('all show the revision of the first, whatever happens in between', async () => {
    const before = await list('/api/v1/nodes');
    const created = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'aaa-in-between' } };
    const parts = await pages('/api/v1/nodes?limit=3', async () => {
      await client.ask('POST', '/api/v1/nodes', { body: created });
      await client.patch('/api/v1/nodes/par1-worker-5', 'merge', { metadata: { labels: { moved: 'yes' } } });
    });
    expect(parts.flatMap(({ items }) => items)).toEqual(before.items);
    expect(new Set(parts.map(({ metadata }) => metadata.resourceVersion)).size).toBe(1);
    await client.ask('DELETE', '/api/v1/nodes/aaa-in-between');
  });

  it('of a namespace hold that namespace alone', async () => {
    const parts = await pages('/api/v1/namespaces/kube-system/pods?limit=7');
    const items = parts.flatMap((part) => part.items);
    expect(items.length).toBeGreaterThan(30);
    expect(items.every(({ metadata }) => metadata.namespace === 'kube-system')).toBe(true);
    expect(items.map(nameOf)).toEqual((await list('/api/v1/namespaces/kube-system/pods')).items.map(nameOf));
  });

  it('can be continued at the present when their past was compacted', async () => {
    const first = await list('/api/v1/pods?limit=100');
    await client.patch('/api/v1/namespaces/kube-system', 'merge', { metadata: { labels: { a: 'b' } } });
    sandbox.world.compact();
    const path = (token: string): string => `/api/v1/pods?limit=100&continue=${encodeURIComponent(token)}`;
    const refused = await client.get(path(first.metadata.continue ?? ''));
    expect(refused.status).toBe(410);
    const { metadata } = refused.body as List;
    const rest = await list(path(metadata.continue ?? ''));
    expect(rest.items.length).toBe(100);
    const [last, next] = [first.items.at(-1), rest.items[0]].map((object) => (object ? nameOf(object) : ''));
    expect([last, next].sort()).toEqual([last, next]);
    expect(next).not.toBe(last);
  });
});

describe('options that mean nothing together are refused', () => {
  it.each([
    ['resourceVersionMatch=Exact', 422, 'resourceVersionMatch is forbidden unless resourceVersion is provided'],
    ['resourceVersionMatch=Exact&resourceVersion=0', 422, 'forbidden for resourceVersion \\"0\\"'],
    ['resourceVersionMatch=Sometimes&resourceVersion=5', 422, 'supported values: \\"Exact\\", \\"NotOlderThan\\"'],
    ['sendInitialEvents=true', 422, 'sendInitialEvents is forbidden for list'],
    ['resourceVersion=5&continue=abc', 400, 'specifying resource version is not allowed when using continue'],
    ['fieldSelector=spec.color%3Dred', 400, 'field label not supported: spec.color'],
  ])('%s', async (query, status, why) => {
    const refused = await client.get(`/api/v1/nodes?${query}`);
    expect(refused.status).toBe(status);
    expect(refused.text).toContain(why);
  });
});

describe('the form of an answer', () => {
  it('is gzip when asked for and large', async () => {
    const accept = { 'accept-encoding': 'gzip' };
    const large = await client.get('/api/v1/pods', accept);
    const small = await client.get('/api/v1/nodes/par1-worker-1', accept);
    const plain = await client.get('/api/v1/pods');
    expect([large, small, plain].map(({ headers }) => headers['content-encoding'])).toEqual([
      'gzip',
      undefined,
      undefined,
    ]);
    expect(large.body).toEqual(plain.body);
  });

  it('is a Table with the columns that kubectl prints', async () => {
    const { body } = await client.get('/api/v1/nodes?limit=1&includeObject=None', {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    const [row] = (body as { rows: { cells: string[]; object: unknown }[] }).rows;
    expect(row?.object).toBeNull();
    expect(row?.cells.slice(0, 5)).toEqual(['par1-bootstrap', 'Ready', 'bootstrap,etcd,master', '41d', 'v1.29.8']);
  });
});
