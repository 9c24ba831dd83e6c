import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  manualClock,
  startSandbox,
  type Credential,
  type Sandbox,
  type SandboxUser,
} from '../../source/sandbox/sandbox.ts';
import { SCENES } from '../../source/sandbox/scenes.ts';
import type { Node } from '../../source/sandbox/wire.ts';
import { clientOf } from './client.ts';

const start = (): Promise<Sandbox> => startSandbox({ clock: manualClock(), churn: false, heartbeats: false });

describe('who is let in', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await start();
  });
  afterAll(() => sandbox.stop());

  const cases: [user: SandboxUser, how: Credential, method: string, path: string, status: number][] = [
    ['admin', 'certificate', 'GET', '/api/v1/secrets', 200],
    ['admin', 'token', 'GET', '/api/v1/nodes', 200],
    ['operator', 'certificate', 'GET', '/api/v1/nodes', 200],
    ['operator', 'certificate', 'DELETE', '/api/v1/nodes/par1-worker-1', 403],
    ['reader', 'token', 'GET', '/api/v1/pods', 200],
    ['reader', 'token', 'GET', '/api/v1/secrets', 403],
    ['reader', 'token', 'PATCH', '/api/v1/nodes/par1-worker-1', 403],
    ['nobody', 'certificate', 'GET', '/api/v1/nodes', 403],
    ['nobody', 'certificate', 'GET', '/version', 200],
    ['admin', 'expired-certificate', 'GET', '/api/v1/nodes', 401],
    ['admin', 'foreign-certificate', 'GET', '/api/v1/nodes', 401],
    ['admin', 'wrong-token', 'GET', '/api/v1/nodes', 401],
    ['admin', 'none', 'GET', '/api/v1/nodes', 403],
    ['admin', 'none', 'GET', '/version', 200],
  ];
  it.each(cases)('%s by %s: %s %s is answered %i', async (user, how, method, path, status) => {
    const client = clientOf(sandbox, user, how);
    expect((await client.ask(method, path)).status).toBe(status);
    client.close();
  });

  it('takes a rotated token and no longer the former one', async () => {
    const former = clientOf(sandbox, 'operator', 'token');
    expect((await former.get('/api/v1/nodes')).status).toBe(200);
    sandbox.rotateToken('operator');
    expect((await former.get('/api/v1/nodes')).status).toBe(401);
    const next = clientOf(sandbox, 'operator', 'token');
    expect((await next.get('/api/v1/nodes')).status).toBe(200);
    former.close();
    next.close();
  });

  it('takes a right away from one user, in what it does and in what it says of it, and gives it back', async () => {
    const reader = clientOf(sandbox, 'reader');
    const mayList = async (): Promise<unknown> => {
      const spec = { resourceAttributes: { verb: 'list', resource: 'pods' } };
      const { body } = await reader.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        body: { spec },
      });
      return (body as { status: { allowed: boolean } }).status.allowed;
    };
    const giveBack = sandbox.deny({ user: 'reader', resource: 'pods' });
    expect((await reader.get('/api/v1/pods')).status).toBe(403);
    expect(await mayList()).toBe(false);
    expect((await reader.get('/api/v1/nodes')).status).toBe(200);
    giveBack();
    expect((await reader.get('/api/v1/pods')).status).toBe(200);
    expect(await mayList()).toBe(true);
    reader.close();
  });

  it('lets an admin act as another user, and nobody else', async () => {
    const admin = clientOf(sandbox, 'admin');
    const reader = clientOf(sandbox, 'reader');
    const as = { 'impersonate-user': 'sandbox-reader', 'impersonate-group': 'sandbox:readers' };
    expect((await admin.get('/api/v1/secrets', as)).status).toBe(403);
    expect((await admin.get('/api/v1/nodes', as)).status).toBe(200);
    expect((await reader.get('/api/v1/nodes', { 'impersonate-user': 'kubernetes-admin' })).status).toBe(403);
    admin.close();
    reader.close();
  });
});

describe('the faults', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await start();
  });
  afterAll(() => sandbox.stop());
  const NODE = '/api/v1/nodes/par1-worker-1';
  const labelOf = (key: string): string | undefined => sandbox.world.nodes.get('par1-worker-1')?.metadata.labels?.[key];
  const label = (key: string): unknown => ({ metadata: { labels: { [key]: 'x' } } });

  it('reset a connection before anything is done, once', async () => {
    const client = clientOf(sandbox);
    sandbox.faults.next(({ method }) => (method === 'PATCH' ? 'reset' : undefined));
    await expect(client.patch(NODE, 'merge', label('reset'))).rejects.toThrow(/ECONNRESET|socket hang up/);
    expect(labelOf('reset')).toBeUndefined();
    expect((await client.patch(NODE, 'merge', label('reset'))).status).toBe(200);
    client.close();
  });

  it('lose the answer to what was done', async () => {
    const client = clientOf(sandbox);
    sandbox.faults.next(({ method }) => (method === 'PATCH' ? 'lose-answer' : undefined));
    await expect(client.patch(NODE, 'merge', label('lost'))).rejects.toThrow(/ECONNRESET|socket hang up/);
    expect(labelOf('lost')).toBe('x');
    client.close();
  });

  it('break off in the middle of a page', async () => {
    const client = clientOf(sandbox);
    sandbox.faults.next(({ path }) => (path.startsWith('/api/v1/pods') ? 'truncate' : undefined));
    await expect(client.get('/api/v1/pods')).rejects.toThrow(/aborted|ECONNRESET/);
    expect((await client.get('/api/v1/pods')).status).toBe(200);
    client.close();
  });

  it('give another answer until they are taken back', async () => {
    const client = clientOf(sandbox);
    const takeBack = sandbox.faults.every(() => ({
      status: 429,
      headers: { 'retry-after': '1' },
      body: 'Too many requests',
    }));
    const refused = await client.get('/api/v1/nodes');
    expect([refused.status, refused.headers['retry-after'], refused.text]).toEqual([429, '1', 'Too many requests']);
    takeBack();
    expect((await client.get('/api/v1/nodes')).status).toBe(200);
    client.close();
  });

  it('remember who asked for what, and what was answered', async () => {
    const client = clientOf(sandbox, 'reader');
    await client.get('/api/v1/nodes?limit=1');
    await client.ask('DELETE', NODE);
    expect(sandbox.requests.slice(-2)).toMatchObject([
      { method: 'GET', path: '/api/v1/nodes?limit=1', user: 'sandbox-reader', status: 200 },
      { method: 'DELETE', path: NODE, user: 'sandbox-reader', status: 403 },
    ]);
    client.close();
  });
});

describe('a server that goes away', () => {
  it('breaks watches, refuses connections, and is back on the same port with the same world', async () => {
    const sandbox = await start();
    const client = clientOf(sandbox);
    const watch = await client.watch('/api/v1/nodes?watch=1&resourceVersion=0');
    await watch.take(6);
    await sandbox.pause();
    await expect(watch.next()).rejects.toThrow();
    await expect(client.get('/api/v1/nodes')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
    await sandbox.resume();
    const { status, body } = await client.get('/api/v1/nodes');
    expect([status, (body as { items: Node[] }).items.length]).toEqual([200, 6]);
    client.close();
    await sandbox.stop();
  });

  it('drops connections in the middle of a watch and takes new ones at once', async () => {
    const sandbox = await start();
    const client = clientOf(sandbox);
    const watch = await client.watch('/api/v1/nodes?watch=1');
    await watch.take(6);
    sandbox.dropConnections();
    await expect(watch.next()).rejects.toThrow(/ECONNRESET|aborted/);
    expect((await clientOf(sandbox).get('/version')).status).toBe(200);
    client.close();
    await sandbox.stop();
  });
});

describe('the scenes', () => {
  it('have a sentence each', () => {
    for (const { told } of Object.values(SCENES)) expect(told.length).toBeGreaterThan(20);
  });

  it('are named in the refusal of an unknown one', async () => {
    await expect(startSandbox({ scene: 'nope' })).rejects.toThrow('there is no scene "nope"; choose one of: standard');
  });

  it('grow with the nodes and pods that are asked for', async () => {
    const sandbox = await startSandbox({ nodes: 40, pods: 1500, clock: manualClock(), churn: false });
    expect(sandbox.world.nodes.size).toBe(40);
    expect(Math.abs(sandbox.world.pods.size - 1500)).toBeLessThan(150);
    const full = [...sandbox.world.nodes.values()].map(({ metadata }) => metadata.name);
    const homes = new Set([...sandbox.world.pods.values()].map(({ spec }) => spec.nodeName));
    expect(full.every((name) => homes.has(name))).toBe(true);
    await sandbox.stop();
  });

  it('are the same for the same seed', async () => {
    const [a, b] = await Promise.all([start(), start()]);
    expect(b.world.pods.all()).toEqual(a.world.pods.all());
    expect(b.world.nodes.all()).toEqual(a.world.nodes.all());
    await Promise.all([a.stop(), b.stop()]);
  });
});
