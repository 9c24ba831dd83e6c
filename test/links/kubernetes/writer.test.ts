import { afterEach, describe, expect, test } from 'vitest';
import { createConnection } from '../../../source/links/kubernetes/connection.ts';
import { createWriter } from '../../../source/links/kubernetes/writer.ts';
import { accessTo, freePort, json, refusal, startScripted, type Script } from './scripted-server.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function write(script: Script) {
  const server = await startScripted(script);
  open.push(server.close);
  return { server, writer: writerTo(server.url) };
}

function writerTo(url: string) {
  const connection = createConnection({
    access: accessTo(url).access,
    userAgent: 'metalk8s-console/0',
    localDoors: [],
  });
  open.push(connection.close);
  return createWriter(connection);
}

const patch = [
  { op: 'test', path: '/metadata/uid', value: 'u1' },
  { op: 'remove', path: '/spec/taints' },
] as const;
const asked = { name: 'a', patch, dryRun: false };
const node = { metadata: { name: 'a', uid: 'u1', resourceVersion: '7' }, spec: { unschedulable: true } };

describe('a patch', () => {
  test('is sent as it is, once, in the name of the console', async () => {
    const { server, writer } = await write((_, answer) => json(answer, 200, node));
    expect(await writer.patchNode(asked)).toMatchObject({ name: 'a', uid: 'u1', cordoned: true, taints: null });
    await writer.patchNode({ ...asked, dryRun: true });
    expect(server.asked.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
      'PATCH /api/v1/nodes/a?fieldManager=metalk8s-console',
      'PATCH /api/v1/nodes/a?fieldManager=metalk8s-console&dryRun=All',
    ]);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual(patch);
    expect(server.asked[0]?.headers).toMatchObject({
      'content-type': 'application/json-patch+json',
      'user-agent': 'metalk8s-console/0',
    });
  });

  test.each([
    [422, 'Invalid', 'invalid'],
    [403, 'Forbidden', 'forbidden'],
    [404, 'NotFound', 'not-found'],
    [409, 'Conflict', 'conflict'],
    [500, 'InternalError', 'server'],
    [429, 'TooManyRequests', 'throttled'],
    [503, 'ServiceUnavailable', 'starting'],
    [504, 'Timeout', 'unknown-outcome'],
    [502, 'BadGateway', 'unknown-outcome'],
  ])('that is answered %i is %s: %s', async (code, reason, kind) => {
    const { server, writer } = await write((_, answer) => json(answer, code, refusal(code, reason, 'so it is')));
    await expect(writer.patchNode(asked)).rejects.toMatchObject({ kind, status: code });
    expect(server.asked).toHaveLength(1);
  });

  test('that etcd had no time for may have been done', async () => {
    const { writer } = await write((_, answer) =>
      json(answer, 500, refusal(500, 'InternalError', 'etcdserver: request timed out')),
    );
    await expect(writer.patchNode(asked)).rejects.toMatchObject({ kind: 'unknown-outcome' });
  });

  test.each<[string, Script]>([
    ['is lost', (_, answer) => answer.destroy()],
    [
      'breaks off',
      (_, answer) => void answer.writeHead(200, { 'content-length': '999' }).write('{', () => answer.destroy()),
    ],
    ['is a web page', (_, answer) => void answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    ['is no Node', (_, answer) => json(answer, 200, { kind: 'Banana' })],
  ])('whose answer %s has an unknown outcome, but not as a dry run', async (_, script) => {
    const { server, writer } = await write(script);
    const failure = writer.patchNode(asked);
    await expect(failure).rejects.toMatchObject({ kind: 'unknown-outcome' });
    await expect(failure).rejects.toThrow(/^Whether node a was changed is unknown.*look at the node/);
    expect(server.asked).toHaveLength(1);
    await expect(writer.patchNode({ ...asked, dryRun: true })).rejects.not.toMatchObject({ kind: 'unknown-outcome' });
  });

  test('that was never sent is told apart', async () => {
    const writer = writerTo(`https://127.0.0.1:${await freePort()}`);
    await expect(writer.patchNode(asked)).rejects.toMatchObject({ kind: 'refused', sent: false });
  });
});
