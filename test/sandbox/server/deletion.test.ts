import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { KubernetesObject, Pod } from '../../../source/sandbox/wire.ts';
import { clientOf, type Client, type Reply } from '../client.ts';

let clock: ManualClock;
let sandbox: Sandbox;
let client: Client;
beforeEach(async () => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, churn: false, heartbeats: false });
  client = clientOf(sandbox);
  for (const name of ['one', 'two']) {
    const spec = { nodeName: 'par1-worker-1', containers: [{ name: 'c', image: 'i' }] };
    await client.ask('POST', PODS, { body: { metadata: { name, labels: { app: name } }, spec } });
  }
  clock.advance(4000);
});
afterEach(async () => {
  client.close();
  await sandbox.stop();
});

const PODS = '/api/v1/namespaces/default/pods';
const pod = (name = 'one'): Pod | undefined => sandbox.world.pods.get(`default/${name}`);
const remove = (body: object, path = `${PODS}/one`): Promise<Reply> =>
  client.ask('DELETE', path, { body: { kind: 'DeleteOptions', apiVersion: 'v1', ...body } });
const graceOf = ({ body }: Reply): unknown => (body as KubernetesObject).metadata.deletionGracePeriodSeconds;

describe('the deletion of a pod', () => {
  it('leaves it the time that it asks for, or that the client gives it, and never more than before', async () => {
    expect(graceOf(await remove({}))).toBe(30);
    const first = pod()?.metadata.deletionTimestamp ?? '';
    expect(graceOf(await remove({ gracePeriodSeconds: 60 }))).toBe(30);
    expect(graceOf(await remove({ gracePeriodSeconds: 5 }))).toBe(5);
    expect(Date.parse(first) - Date.parse(pod()?.metadata.deletionTimestamp ?? '')).toBe(25_000);
    expect(graceOf(await remove({ gracePeriodSeconds: 0 }))).toBe(0);
    expect(pod()).toBeUndefined();
  });

  it('goes by its body alone when it has one', async () => {
    expect(graceOf(await remove({}, `${PODS}/one?gracePeriodSeconds=0`))).toBe(30);
    expect(pod()).toBeDefined();
  });

  it('is at once where nothing runs any more', async () => {
    const finished = pod();
    if (finished) sandbox.world.pods.put({ ...finished, status: { ...finished.status, phase: 'Succeeded' } });
    expect(graceOf(await remove({}))).toBe(0);
    expect(pod()).toBeUndefined();
  });

  it('that is a dry run answers what it would leave, and leaves everything', async () => {
    const before = pod();
    expect(graceOf(await remove({ dryRun: ['All'] }))).toBe(30);
    expect((await client.ask('DELETE', `${PODS}/one?dryRun=All&gracePeriodSeconds=0`)).status).toBe(200);
    expect(pod()).toBe(before);
  });

  it.each([
    [{ preconditions: { uid: 'another' } }, 409, 'The object might have been deleted and then recreated'],
    [{ preconditions: { resourceVersion: '1' } }, 409, 'The object might have been modified'],
    [{ propagationPolicy: 'Sideways' }, 422, 'supported values: "Foreground", "Background", "Orphan", "nil"'],
    [{ dryRun: ['Some'] }, 422, 'dryRun: Unsupported value: []string{"Some"}: supported values: "All"'],
  ])('with %j is refused', async (body, status, message) => {
    const before = pod();
    const refused = await remove(body);
    expect([refused.status, refused.body]).toEqual([
      status,
      { ...(refused.body as object), message: expect.stringContaining(message) as string },
    ]);
    expect(pod()).toBe(before);
  });

  it('with the right uid and version is done', async () => {
    const { uid, resourceVersion } = pod()?.metadata ?? {};
    const body = { preconditions: { uid, resourceVersion }, propagationPolicy: 'Background', gracePeriodSeconds: 0 };
    expect((await remove(body)).status).toBe(200);
    expect(pod()).toBeUndefined();
  });

  it('of many takes those that a list would show, and answers them', async () => {
    const { status, body } = await client.ask('DELETE', `${PODS}?labelSelector=app%3Dtwo&gracePeriodSeconds=0`);
    const { kind, items } = body as { kind: string; items: Pod[] };
    expect([status, kind, items.map(({ metadata }) => metadata.name)]).toEqual([200, 'PodList', ['two']]);
    expect([pod('one') === undefined, pod('two') === undefined]).toEqual([false, true]);
  });

  it('waits for finalizers, and is done with the last of them', async () => {
    await client.patch(`${PODS}/one`, 'strategic-merge', { metadata: { finalizers: ['site/a', 'site/b'] } });
    await remove({ gracePeriodSeconds: 0 });
    expect(pod()?.metadata.deletionTimestamp).toBeDefined();
    const without = (name: string): unknown => ({ metadata: { '$deleteFromPrimitiveList/finalizers': [name] } });
    await client.patch(`${PODS}/one`, 'strategic-merge', without('site/a'));
    expect(pod()?.metadata.finalizers).toEqual(['site/b']);
    await client.patch(`${PODS}/one`, 'strategic-merge', without('site/b'));
    expect(pod()).toBeUndefined();
  });
});

describe('an eviction', () => {
  const evict = (name: string, body: object = {}): Promise<Reply> =>
    client.ask('POST', `${PODS}/${name}/eviction`, {
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...body },
    });
  const budget = (spec: object, name = 'b'): Promise<Reply> =>
    client.ask('POST', '/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
      body: { metadata: { name }, spec: { selector: { matchLabels: { app: 'one' } }, ...spec } },
    });
  const allowed = (): unknown =>
    (sandbox.world.collection('poddisruptionbudgets').get('default/b') as { status?: object } | undefined)?.status;

  it('without a budget is a deletion that says why', async () => {
    const { status, body } = await evict('one');
    expect([status, body]).toEqual([
      201,
      { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    ]);
    expect(pod()?.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(pod()?.status.conditions?.at(-1)).toMatchObject({
      type: 'DisruptionTarget',
      reason: 'EvictionByEvictionAPI',
    });
  });

  it('in the older version is taken too, another kind is not', async () => {
    expect((await evict('one', { apiVersion: 'policy/v1beta1' })).status).toBe(201);
    expect((await evict('two', { kind: 'Pod', apiVersion: 'v1' })).status).toBe(400);
  });

  it('asked for before the controller has seen the budget is told to come again', async () => {
    await budget({ minAvailable: 0 });
    const early = await evict('one');
    expect([early.status, early.headers['retry-after']]).toEqual([429, '10']);
    expect(early.text).toContain('The disruption budget b is still being processed by the server.');
    clock.advance(1000);
    expect((await evict('one')).status).toBe(201);
  });

  it('spends the budget at once and notes the pod', async () => {
    await budget({ minAvailable: 0 });
    clock.advance(1000);
    expect(allowed()).toMatchObject({ disruptionsAllowed: 1 });
    await evict('one', { deleteOptions: { dryRun: ['All'] } });
    expect(allowed()).toMatchObject({ disruptionsAllowed: 1 });
    await evict('one');
    expect(allowed()).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { one: expect.any(String) as string } });
  });

  it.each([
    ['waits to run', { phase: 'Pending' as const }],
    ['has ended', { phase: 'Failed' as const }],
  ])('of a pod that %s costs nothing', async (_told, change) => {
    await budget({ minAvailable: 1 });
    clock.advance(1000);
    expect((await evict('one')).status).toBe(429);
    const running = pod();
    if (running) sandbox.world.pods.put({ ...running, status: { ...running.status, ...change } });
    expect((await evict('one')).status).toBe(201);
  });
});
