import { afterAll, expect, test } from 'vitest';
import { createConnection } from '../../../source/links/kubernetes/connection.ts';
import { partsOf } from '../../../source/links/kubernetes/pages.ts';
import { followResource } from '../../../source/links/kubernetes/list-watch.ts';
import { listingOf } from '../../../source/links/kubernetes/sources.ts';
import { createReachability } from '../../../source/links/kubernetes/reachability.ts';
import { FakeClock } from './fake-clock.ts';
import { accessTo, json, startScripted } from './scripted-server.ts';

const BOTH = 'application/vnd.kubernetes.protobuf,application/json';
const open: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A server that answers by what is accepted, and notes it. */
async function serve(refuse: number | null) {
  const accepted: (string | undefined)[] = [];
  const server = await startScripted(({ headers }, answer) => {
    accepted.push(headers.accept);
    if (refuse !== null && headers.accept === BOTH) json(answer, refuse, { kind: 'Status', message: 'no such form' });
    else json(answer, 200, { metadata: { resourceVersion: '1' }, items: [{ metadata: { name: 'a', uid: 'u' } }] });
  });
  open.push(server.close);
  const connection = createConnection({ access: accessTo(server.url).access, userAgent: 'test', localDoors: [] });
  open.push(connection.close);
  return { accepted, connection };
}

const sizes = async (parts: AsyncIterable<{ readonly items: readonly unknown[] }>) => {
  const all: number[] = [];
  for await (const { items } of parts) all.push(items.length);
  return all;
};

test.each([
  ['nodes', null, [BOTH]],
  ['nodes', 406, [BOTH, 'application/json']],
  ['pods', 415, [BOTH, 'application/json']],
  ['volumes', null, ['application/json']],
] as const)('%s, of a server that refuses protobuf with %s', async (resource, refuse, expected) => {
  const { accepted, connection } = await serve(refuse);
  expect(await sizes(partsOf(connection, listingOf(resource)))).toEqual([1]);
  expect(accepted).toEqual(expected);
});

test('what is no protobuf, though it says so, is asked for as JSON from then on', async () => {
  const accepted: (string | undefined)[] = [];
  const clock = new FakeClock();
  const stop = new AbortController();
  async function* body(text: string) {
    yield await Promise.resolve(Buffer.from(text));
  }
  const whys: string[] = [];
  const ended = followResource({
    connection: {
      access: { server: 'https://fake:6443' } as never,
      request: ({ accept }) => {
        accepted.push(accept);
        const headers = {
          'content-type': accept === BOTH ? 'application/vnd.kubernetes.protobuf' : 'application/json',
        };
        const list = '{"metadata":{"resourceVersion":"1"},"items":[]}';
        return Promise.resolve({ status: 200, headers, body: body(list) });
      },
    },
    listing: listingOf('nodes'),
    decode: () => null,
    emit: (event) => {
      if (event.type === 'status' && event.status.state === 'absent') whys.push(event.status.why);
    },
    clock,
    random: () => 0,
    reachability: createReachability(clock, () => 0),
    signal: stop.signal,
  });
  await clock.advance(2_000);
  stop.abort();
  await ended;
  expect(whys[0]).toBe(
    'Cannot list nodes at https://fake:6443: what came is no protobuf of the Kubernetes API (a list does not begin as such); look for a proxy in between.',
  );
  expect(accepted.slice(0, 2)).toEqual([BOTH, undefined]);
});
