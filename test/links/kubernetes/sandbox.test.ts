import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { realClock } from '../../../source/links/kubernetes/clock.ts';
import { createConnection } from '../../../source/links/kubernetes/connection.ts';
import { openAccess } from '../../../source/links/kubernetes/credentials.ts';
import type { FollowEvent } from '../../../source/links/kubernetes/list-watch.ts';
import { createReader } from '../../../source/links/kubernetes/reader.ts';
import { isRead } from '../../../source/links/kubernetes/reads.ts';
import { createWriter } from '../../../source/links/kubernetes/writer.ts';
import { RESOURCES, type Items, type Resource } from '../../../source/model/cluster-event.ts';
import { startSandbox, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import { Picture } from './picture.ts';
import { until } from './scripted-server.ts';

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox({ heartbeats: false, churn: false, bookmarkInterval: 200 });
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'link-'));
});

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  sandbox.faults.clear();
  await rm(folder, { recursive: true, force: true });
});

type Way = Parameters<Sandbox['kubeconfig']>;

/** The whole way from a kubeconfig on disk; waits are a tenth of what they are. */
async function link(...way: Way) {
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, sandbox.kubeconfig(...way));
  const surroundings = { environment: {}, home: folder, root: folder };
  const access = await openAccess({ kubeconfig }, surroundings, { interactive: false, now: Date.now });
  const connection = createConnection({ access, userAgent: 'metalk8s-console/0', localDoors: [] });
  open.push(connection.close);
  const clock = {
    now: realClock.now,
    after: (milliseconds: number, run: () => void) => realClock.after(milliseconds / 10, run),
  };
  const reader = createReader(connection, { clock, random: Math.random });
  const follow = (resource: Resource) => {
    const picture = new Picture<Items[Resource]>();
    const stop = new AbortController();
    const ended = reader.follow(resource, (event) => picture.take(event as FollowEvent<Items[Resource]>), stop.signal);
    const end = () => {
      stop.abort();
      return ended;
    };
    open.push(end);
    return { picture, end };
  };
  return { connection, reader, writer: createWriter(connection), follow, kubeconfig };
}

const isLive = ({ status }: { status: { state: string } | null }) => status?.state === 'live';
const byUid = (one: { uid: string }, other: { uid: string }) => (one.uid < other.uid ? -1 : 1);

describe.each<Way>([
  ['admin', 'certificate'],
  ['admin', 'token'],
])('as %s by %s', (...way) => {
  test('every resource is followed, and equals what is listed', async () => {
    const { reader, follow } = await link(...way);
    const followed = RESOURCES.map((resource) => ({ resource, ...follow(resource) }));
    await until(() => followed.every(({ picture }) => isLive(picture)));
    const listed = { nodes: await reader.nodes(), pods: await reader.pods(), events: null };
    for (const { resource, picture } of followed)
      if (listed[resource] !== null)
        expect([...picture.items.values()].sort(byUid)).toEqual([...listed[resource]].sort(byUid));
    expect(listed.nodes.length).toBeGreaterThan(3);
    expect(listed.pods.length).toBeGreaterThan(20);
    const strange = sandbox.requests.filter(({ method, path }) => method !== 'PATCH' && !isRead(method, path));
    expect(strange).toEqual([]);
  });

  test('a change made through the writer comes back through the watch', async () => {
    const { follow, writer, reader } = await link(...way);
    const { picture } = follow('nodes');
    await until(() => isLive(picture));
    const [node] = await reader.nodes();
    if (node === undefined) throw new Error('the sandbox has no node');
    const patch = [
      { op: 'test', path: '/metadata/uid', value: node.uid },
      { op: 'add', path: '/metadata/labels/tried', value: way[1] },
    ];
    const checked = await writer.patchNode({ name: node.name, patch, dryRun: true });
    expect(checked.labels['tried']).toBe(way[1]);
    expect((await reader.node(node.name)).labels['tried']).not.toBe(way[1]);
    await writer.patchNode({ name: node.name, patch, dryRun: false });
    await until(() => [...picture.items.values()].some((item) => 'labels' in item && item.labels['tried'] === way[1]));
    const wrong = [{ op: 'test', path: '/metadata/uid', value: 'another' }];
    await expect(writer.patchNode({ name: node.name, patch: wrong, dryRun: false })).rejects.toMatchObject({
      kind: 'invalid',
      status: 422,
    });
  });
});

test.each<[Way[1], string]>([
  ['wrong-token', 'unauthorized'],
  ['expired-certificate', 'unauthorized'],
  ['foreign-certificate', 'unauthorized'],
  ['none', 'forbidden'],
])('credentials that are no good (%s) are %s', async (how, kind) => {
  const { reader } = await link('admin', how);
  await expect(reader.nodes()).rejects.toMatchObject({ kind });
});

test('a token that was rotated is read from the kubeconfig anew', async () => {
  const { reader, kubeconfig } = await link('reader', 'token');
  await reader.nodes();
  sandbox.rotateToken('reader');
  await writeFile(kubeconfig, sandbox.kubeconfig('reader', 'token'));
  expect(await reader.nodes()).not.toEqual([]);
});

test('a right that is missing for pods alone leaves nodes live', async () => {
  open.push(sandbox.deny({ verb: 'list', resource: 'pods' }));
  const { follow } = await link();
  const [nodes, pods] = [follow('nodes'), follow('pods')];
  await until(() => isLive(nodes.picture) && pods.picture.status?.state === 'denied');
  expect(pods.picture.status).toMatchObject({ right: 'list pods' });
});

test('a server that goes away makes everything stale, and all is right again when it is back', async () => {
  const { follow, reader } = await link();
  const followed = [follow('nodes'), follow('events')];
  await until(() => followed.every(({ picture }) => isLive(picture)));
  await sandbox.pause();
  await until(() => followed.every(({ picture }) => picture.status?.state === 'stale'));
  await expect(reader.version()).rejects.toMatchObject({ kind: 'refused' });
  await sandbox.resume();
  await until(() => followed.every(({ picture }) => isLive(picture)));
});

test('a page that breaks off, a reset and a lost answer are got over', async () => {
  const machines = (await (await link()).reader.nodes()).length;
  for (const fault of ['truncate', 'reset', 'lose-answer'] as const) {
    sandbox.faults.next(({ path }) => (path.startsWith('/api/v1/nodes?limit') ? fault : undefined));
    const { follow } = await link();
    const { picture, end } = follow('nodes');
    await until(() => isLive(picture));
    expect(picture.items.size).toBe(machines);
    await end();
  }
});
