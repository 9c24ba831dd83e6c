import { expect, test } from 'vitest';
import type { Connection, Request } from '../../../source/links/kubernetes/connection.ts';
import { statusFailure } from '../../../source/links/kubernetes/failure.ts';
import { partsOf, type Part } from '../../../source/links/kubernetes/pages.ts';
import { listingOf } from '../../../source/links/kubernetes/sources.ts';

/** One field with a length, of fewer than 128 bytes (protobuf encoding). */
const field = (number: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
};
const item = (name: string) => field(2, field(1, field(1, name)));

/** A list in its envelope: resourceVersion and continue first, then the items. */
function list(next: string, ...names: readonly string[]): Buffer {
  const meta = field(1, Buffer.concat([field(2, '7'), field(3, next)]));
  return Buffer.concat([Buffer.from('k8s\0'), field(2, Buffer.concat([meta, ...names.map(item)]))]);
}

/** Answers the pages in turn; what comes after the first half of each page waits until it is let go. */
function paged(...pages: readonly Buffer[]) {
  const requests: Request[] = [];
  const held = Promise.withResolvers<undefined>();
  async function* halves(page: Buffer) {
    yield page.subarray(0, 24);
    await held.promise;
    yield page.subarray(24);
  }
  const request: Connection['request'] = (asked) => {
    requests.push(asked);
    const page = pages[requests.length - 1];
    if (page === undefined) return Promise.reject(new Error('there is no such page'));
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    return Promise.resolve({ status: 200, headers, body: halves(page) });
  };
  const access = { server: 'https://one.example:6443' } as Connection['access'];
  return { requests, letGo: () => held.resolve(undefined), connection: { request, access } };
}

async function partsIn(connection: Parameters<typeof partsOf>[0]): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for await (const part of partsOf(connection, listingOf('nodes'))) parts.push(part);
  return parts;
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

test('the next page is asked for while one is read, and every item comes once, in order', async () => {
  const server = paged(list('t2', 'a', 'b'), list('t3', 'c'), list('', 'd'));
  const reading = partsIn(server.connection);
  await until(() => server.requests.length > 1);
  expect(server.requests.map(({ query }) => query?.['continue'])).toEqual([undefined, 't2']);
  server.letGo();
  const items = (await reading).flatMap((part) => part.items);
  expect(items).toMatchObject(['a', 'b', 'c', 'd'].map((name) => ({ metadata: { name } })));
  expect(server.requests.map(({ query }) => query?.['continue'])).toEqual([undefined, 't2', 't3']);
});

test('who does not read on gives up what was asked ahead', async () => {
  const server = paged(list('t2', 'a', 'b'), list('', 'c'));
  server.letGo();
  for await (const part of partsOf(server.connection, listingOf('nodes'))) {
    expect(part.items.length).toBeGreaterThan(0);
    break;
  }
  expect(server.requests).toHaveLength(2);
  expect(server.requests[1]?.signal?.aborted).toBe(true);
});

test('a token that comes again is refused, not asked for again', async () => {
  const server = paged(list('t2', 'a'), list('t2', 'b'));
  server.letGo();
  await expect(partsIn(server.connection)).rejects.toThrow(/no list/);
  expect(server.requests).toHaveLength(2);
});

test('a page whose token has expired is asked for once more with the token of the refusal', async () => {
  const server = paged(list('t2', 'a'));
  server.letGo();
  const tokens: (string | undefined)[] = [];
  const refuse = (status: number, next: string) =>
    statusFailure(
      { what: 'list nodes', server: 'https://one.example:6443' },
      { status, body: JSON.stringify({ kind: 'Status', metadata: next === '' ? {} : { continue: next } }) },
    );
  const request: Connection['request'] = (asked) => {
    const token = asked.query?.['continue'];
    tokens.push(token);
    if (token === undefined) return server.connection.request(asked);
    return Promise.reject(refuse(410, token === 't2' ? 't2-now' : ''));
  };
  await expect(partsIn({ ...server.connection, request })).rejects.toMatchObject({ kind: 'gone' });
  expect(tokens).toEqual([undefined, 't2', 't2-now']);
});
