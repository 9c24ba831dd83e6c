import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { Node, Pod } from '../../../source/sandbox/wire.ts';
import { clientOf, type Client } from '../client.ts';

let clock: ManualClock;
let sandbox: Sandbox;
let client: Client;
beforeEach(async () => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, churn: false, heartbeats: false });
  client = clientOf(sandbox);
});
afterEach(async () => {
  client.close();
  await sandbox.stop();
});

const NODE = '/api/v1/nodes/par1-worker-1';
const stored = (): Node => {
  const node = sandbox.world.nodes.get('par1-worker-1');
  if (!node) throw new Error('the node is gone');
  return node;
};

describe('an edit of a node', () => {
  it('guarded by uid and by the taints as they were is taken, and refused once they moved', async () => {
    const { uid } = stored().metadata;
    const guarded = (before: unknown, after: unknown): unknown => [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'test', path: '/spec/taints', value: before },
      { op: 'add', path: '/spec/taints', value: after },
    ];
    const taint = { key: 'a', effect: 'NoSchedule' };
    expect((await client.patch(NODE, 'json', guarded(null, [taint]))).status).toBe(200);
    expect((await client.patch(NODE, 'json', guarded(null, [taint]))).status).toBe(422);
    expect((await client.patch(NODE, 'json', guarded([taint], []))).status).toBe(200);
    expect(stored().spec.taints).toBeUndefined();
  });

  it('that is a dry run answers with the result and stores nothing', async () => {
    const before = stored();
    const { status, body } = await client.patch(`${NODE}?dryRun=All`, 'merge', { spec: { unschedulable: true } });
    expect([status, (body as Node).spec.unschedulable]).toEqual([200, true]);
    expect(stored()).toBe(before);
  });

  it.each<[string, 'merge' | 'strategic-merge', string]>([
    ['a name that every object inherits', 'strategic-merge', '{"constructor":["a"]}'],
    ['such a name further down', 'strategic-merge', '{"spec":{"toString":{"a":"b"}},"metadata":{"valueOf":["a"]}}'],
    ['the name of a prototype', 'strategic-merge', '{"__proto__":{"spec":null},"metadata":{"__proto__":{"name":"x"}}}'],
    ['the name of a prototype', 'merge', '{"metadata":{"__proto__":{"labels":{"a":"b"}}}}'],
  ])('with %s is taken by a %s patch like any other', async (_, type, text) => {
    const { name, labels } = stored().metadata;
    const { status, body } = await client.patch(NODE, type, JSON.parse(text));
    expect([status, (body as Node).metadata.name]).toEqual([200, name]);
    expect(stored().metadata.labels).toEqual(labels);
    expect(Object.getPrototypeOf(stored().metadata)).toBe(Object.prototype);
  });

  it('that changes nothing writes nothing', async () => {
    const before = stored();
    const { status } = await client.patch(NODE, 'merge', { metadata: { labels: before.metadata.labels } });
    expect(status).toBe(200);
    expect(stored()).toBe(before);
  });

  it('is written down under the name of its field manager, which the next one takes over', async () => {
    const managers = (): string[] =>
      (stored().metadata.managedFields ?? []).map(({ manager, fieldsV1 }) => `${manager} ${JSON.stringify(fieldsV1)}`);
    const label = (value: string): unknown => ({ metadata: { labels: { 'site/x': value } } });
    const fields = JSON.stringify({ 'f:metadata': { 'f:labels': { 'f:site/x': {} } } });
    await client.patch(`${NODE}?fieldManager=console`, 'merge', label('1'));
    expect(managers()).toEqual([`console ${fields}`]);
    await client.patch(`${NODE}?fieldManager=other`, 'merge', label('2'));
    expect(managers()).toEqual([`other ${fields}`]);
  });

  it('through the main door leaves the status alone, and through the door of the status nothing else', async () => {
    const body = { spec: { unschedulable: true }, status: { phase: 'x' } };
    await client.patch(NODE, 'merge', body);
    expect([stored().spec.unschedulable, 'phase' in stored().status]).toEqual([true, false]);
    await client.patch(`${NODE}/status`, 'merge', { spec: { unschedulable: null }, status: { phase: 'y' } });
    expect([stored().spec.unschedulable, 'phase' in stored().status]).toEqual([true, true]);
  });

  it('by PUT replaces it, unless it was read too long ago', async () => {
    const { body } = await client.get(NODE);
    const read = body as Node;
    const changed = { ...read, metadata: { ...read.metadata, labels: { only: 'this' } } };
    expect((await client.ask('PUT', NODE, { body: changed })).status).toBe(200);
    expect(stored().metadata.labels).toEqual({ only: 'this' });
    expect((await client.ask('PUT', NODE, { body: changed })).status).toBe(409);
  });
});

describe('an edit of a custom resource', () => {
  const VOLUMES = '/apis/storage.metalk8s.scality.com/v1alpha1/volumes';
  const label = { metadata: { labels: { a: 'b' } } };
  const created = async (): Promise<string> => {
    const spec = { nodeName: 'nowhere', storageClassName: 'metalk8s', sparseLoopDevice: { size: '1Gi' } };
    await client.ask('POST', VOLUMES, { body: { metadata: { name: 'v' }, spec } });
    return `${VOLUMES}/v`;
  };

  it('is a merge patch or a JSON patch: nobody knows how its lists merge', async () => {
    const volume = await created();
    const refused = await client.patch(volume, 'strategic-merge', label);
    expect([refused.status, refused.text]).toEqual([
      415,
      expect.stringContaining('application/json-patch+json, application/merge-patch+json') as string,
    ]);
    expect((await client.patch(volume, 'merge', label)).body).toMatchObject({ ...label, kind: 'Volume' });
  });

  it('counts its generation by what is wanted, not by labels or status', async () => {
    const volume = await created();
    const generation = async (path: string, body: unknown): Promise<unknown> =>
      ((await client.patch(path, 'merge', body)).body as Node).metadata.generation;
    expect(await generation(volume, label)).toBe(1);
    expect(await generation(volume, { spec: { mode: 'Block' } })).toBe(2);
    expect(await generation(`${volume}/status`, { status: { job: 'j' } })).toBe(2);
  });

  it('by PUT has to say which version it replaces', async () => {
    const volume = await created();
    const { body } = await client.get(volume);
    const { metadata, ...rest } = body as Node;
    const unversioned = { ...rest, metadata: { name: metadata.name } };
    const refused = await client.ask('PUT', volume, { body: unversioned });
    expect([refused.status, refused.text]).toEqual([
      422,
      expect.stringContaining('must be specified for an update') as string,
    ]);
  });
});

describe('a new object', () => {
  it.each([
    ['without a name', {}, 'name or generateName is required'],
    ['with a name that is none', { name: 'Not_A_Name' }, 'a lowercase RFC 1123 subdomain must consist of'],
    ['with a bad label', { name: 'x', labels: { a: 'b c' } }, 'a valid label must be an empty string'],
  ])('%s is refused', async (_told, metadata, why) => {
    const refused = await client.ask('POST', '/api/v1/nodes', { body: { apiVersion: 'v1', kind: 'Node', metadata } });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(why);
  });

  it('gets the name that it asked the server to make', async () => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'made-' }, data: { a: 'b' } };
    const created = await client.ask('POST', '/api/v1/namespaces/default/configmaps', { body });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: expect.stringMatching(/^made-\w{5}$/) as string },
      data: { a: 'b' },
    });
  });
});

describe('a pod', () => {
  const PODS = '/api/v1/namespaces/default/pods';
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'one' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  };
  const present = (): Pod | undefined => sandbox.world.pods.get('default/one');

  it('is given defaults and a node, runs, is marked when deleted, and goes when its kubelet has stopped it', async () => {
    expect((await client.ask('POST', PODS, { body: pod })).status).toBe(201);
    expect(present()?.spec.tolerations?.length).toBe(2);
    clock.advance(5000);
    expect(present()?.status.phase).toBe('Running');
    expect(present()?.spec.nodeName).toMatch(/^par1-worker-\d$/);
    const { body } = await client.ask('DELETE', `${PODS}/one`);
    expect((body as Pod).metadata.deletionGracePeriodSeconds).toBe(30);
    clock.advance(5000);
    expect(present()).toBeUndefined();
  });

  it('goes at once without grace', async () => {
    await client.ask('POST', PODS, { body: pod });
    clock.advance(5000);
    await client.ask('DELETE', `${PODS}/one?gracePeriodSeconds=0`);
    expect(present()).toBeUndefined();
  });
});
