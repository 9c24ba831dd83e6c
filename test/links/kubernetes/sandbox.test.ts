// What a sandbox can do to the link and a real server cannot; test/both has what both can.
import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../../source/links/kubernetes/connection.ts';
import { partsOf, type Listing } from '../../../source/links/kubernetes/pages.ts';
import { decoderOf, listingOf } from '../../../source/links/kubernetes/sources.ts';
import { manualClock } from '../../../source/sandbox/clock.ts';
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

describe('while nothing happens', () => {
  let still: Sandbox;
  beforeAll(async () => {
    still = await startSandbox({ heartbeats: false, churn: false, clock: manualClock(Date.now()) });
  });
  afterAll(() => still.stop());

  test.each(['nodes', 'pods', 'events', 'persistentVolumes', 'claims'] as const)(
    '%s are the same rows as protobuf and as JSON',
    async (resource) => {
      const { connection } = await openLink(still.kubeconfig());
      const listing = listingOf(resource);
      const forms: (string | undefined)[] = [];
      const noting: Pick<Connection, 'request' | 'access'> = {
        access: connection.access,
        request: async (asked) => {
          const answer = await connection.request(asked);
          forms.push(answer.headers['content-type']);
          return answer;
        },
      };
      const rowsOf = async (as: Listing) => {
        const decode: (object: unknown) => unknown = decoderOf(resource);
        const rows: unknown[] = [];
        for await (const { items } of partsOf(noting, as)) rows.push(...items.map((item) => decode(item)));
        return rows;
      };
      const rows = await rowsOf(listing);
      expect(rows).toEqual(await rowsOf({ ...listing, protobuf: undefined }));
      expect(rows.length).toBeGreaterThan(0);
      expect(forms).toEqual(['application/vnd.kubernetes.protobuf', 'application/json']);
    },
  );
});

test.each(['protobuf', 'JSON'] as const)(
  'a list whose token expires comes to its end, asked for as %s',
  async (form) => {
    const { world } = sandbox;
    const { connection } = await openLink(sandbox.kubeconfig());
    const tokens: (string | undefined)[] = [];
    const short: Pick<Connection, 'request' | 'access'> = {
      access: connection.access,
      request: (asked) => {
        tokens.push(asked.query?.['continue']);
        if (tokens.length === 2) {
          const [name] = [...world.nodes.values()].map(({ metadata }) => metadata.name);
          world.nodes.update(name ?? '', ({ spec, ...node }) => ({
            ...node,
            spec: { ...spec, unschedulable: form === 'JSON' },
          }));
          world.compact();
        }
        return connection.request({ ...asked, query: { ...asked.query, limit: '2' } });
      },
    };
    const listing = listingOf('nodes');
    const versions: string[] = [];
    let nodes = 0;
    for await (const part of partsOf(short, form === 'JSON' ? { ...listing, protobuf: undefined } : listing)) {
      versions.push(part.resourceVersion);
      nodes += part.items.length;
    }
    expect(nodes).toBe(world.nodes.size);
    expect(tokens.length).toBe(versions.length + 1);
    expect(versions.at(-1)).not.toBe(versions[0]);
  },
);
