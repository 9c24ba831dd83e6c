// What a sandbox can do to the link and a real server cannot; test/both has what both can.
import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import { isLive, openLink } from './open-link.ts';
import { until } from './scripted-server.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ heartbeats: false, churn: false, bookmarkInterval: 50 });
});
afterAll(() => sandbox.stop());
afterEach(() => sandbox.faults.clear());

test('a token that was rotated is read from the kubeconfig anew', async () => {
  const { reader, kubeconfig } = await openLink(sandbox.kubeconfig('reader', 'token'));
  await reader.all('nodes');
  sandbox.rotateToken('reader');
  await writeFile(kubeconfig, sandbox.kubeconfig('reader', 'token'));
  expect(await reader.all('nodes')).not.toEqual([]);
});

test('a bookmark is a sign of life', async () => {
  const { picture } = (await openLink(sandbox.kubeconfig())).follow('nodes');
  await until(() => picture.events.filter(({ type }) => type === 'heard').length > 1);
  expect(isLive(picture)).toBe(true);
});

test.each(['truncate', 'reset', 'lose-answer'] as const)('a list struck by "%s" is got over', async (fault) => {
  const { reader, follow } = await openLink(sandbox.kubeconfig());
  const machines = (await reader.all('nodes')).length;
  sandbox.faults.next(({ path }) => (path.startsWith('/api/v1/nodes?limit') ? fault : undefined));
  const { picture } = follow('nodes');
  await until(() => isLive(picture));
  expect(picture.items.size).toBe(machines);
});
