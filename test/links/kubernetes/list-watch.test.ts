import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settled } from './fake-clock.ts';
import { answered, connectionRefused, FakeServer, reset } from './fake-server.ts';
import { lists, started } from './started.ts';

const MINUTE = 60_000;

const watches = (server: FakeServer) => server.requests.filter((request) => request.query?.['watch'] === '1').length;
type Step = (server: FakeServer) => void;
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const ways = fc.constantFrom('end', 'cut', 'half-line', 'error', 'garbage');
const refusals = fc.constantFrom<(() => Error) | null>(
  connectionRefused,
  reset,
  () => answered(500, 'internal'),
  () => answered(410, 'too old'),
  () => answered(429, 'slow down', '1'),
  () => answered(503, 'starting'),
  () => answered(403, 'forbidden'),
  () => answered(401, 'unauthorized'),
  null,
);
const step: fc.Arbitrary<readonly [string, Step]> = fc.oneof(
  name.map((one) => [`set ${one}`, (server: FakeServer) => server.set(one)] as const),
  name.map((one) => [`remove ${one}`, (server: FakeServer) => server.remove(one)] as const),
  name.map(
    (one) =>
      [
        `re-create ${one}`,
        (server: FakeServer) => {
          server.remove(one);
          server.set(one);
        },
      ] as const,
  ),
  fc.constant(['bookmark', (server: FakeServer) => server.bookmark()] as const),
  fc.constant(['compact', (server: FakeServer) => server.compact()] as const),
  ways.map((how) => [how, (server: FakeServer) => server.end(how)] as const),
  refusals.map(
    (refusal) =>
      [
        `refuse ${refusal === null ? 'no more' : refusal().message}`,
        (server: FakeServer) => {
          server.refuse = refusal;
        },
      ] as const,
  ),
);

describe('the picture', () => {
  test('equals a fresh list after any sequence of changes, cuts, expiries and refusals', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(step, fc.constantFrom(0, 0, 1, 50, 100, 2_000, 45_000)), { maxLength: 40 }),
        fc.integer(),
        async (steps, seed) => {
          const run = started(new FakeServer(), seed);
          for (const [[, act], wait] of steps) {
            act(run.server);
            await run.clock.advance(wait);
          }
          run.server.refuse = null;
          await run.clock.advance(3 * MINUTE);
          expect(run.seen()).toEqual(run.there());
          expect(run.picture.status).toEqual({ state: 'live' });
          await run.end();
          expect(run.clock.timers).toBe(0);
          expect(run.server.watchers.size).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('comes by pages, with how much is still to come', async () => {
    const server = new FakeServer();
    for (const one of 'abcdefgh') server.set(one);
    const run = started(server);
    await settled();
    expect(run.picture.statuses()).toEqual([
      { state: 'loading', loaded: 0, total: null },
      { state: 'loading', loaded: 3, total: 8 },
      { state: 'loading', loaded: 6, total: 8 },
      { state: 'loading', loaded: 8, total: 8 },
      { state: 'live' },
    ]);
    expect(server.requests[0]?.query).toEqual({ limit: '500' });
    expect(run.seen()).toEqual(run.there());
    await run.end();
  });

  test('resumes where the last bookmark stood and does not list again', async () => {
    const run = started();
    run.server.set('a');
    await run.clock.advance(1_000);
    run.server.set('elsewhere');
    run.server.bookmark();
    await run.clock.advance(1_000);
    run.server.end('cut');
    await run.clock.advance(5_000);
    expect(lists(run.server)).toBe(1);
    expect(run.server.requests.at(-1)?.query).toMatchObject({
      watch: '1',
      resourceVersion: '102',
      allowWatchBookmarks: 'true',
    });
    expect(Number(run.server.requests.at(-1)?.query?.['timeoutSeconds'])).toBeGreaterThanOrEqual(300);
    expect(Number(run.server.requests.at(-1)?.query?.['timeoutSeconds'])).toBeLessThanOrEqual(600);
    await run.end();
  });

  test('takes an object that was re-created under its name for another one', async () => {
    const run = started();
    run.server.set('a');
    await run.clock.advance(1_000);
    run.server.remove('a');
    run.server.set('a');
    await run.clock.advance(1_000);
    const told = run.picture.events.slice(-2);
    expect(told.map((event) => event.type)).toEqual(['deleted', 'changed']);
    expect(run.seen().map((thing) => thing.uid)).toEqual(['uid-2']);
    await run.end();
  });

  test('drops what was deleted while the console was away', async () => {
    const run = started();
    run.server.set('a');
    run.server.set('b');
    await run.clock.advance(1_000);
    run.server.refuse = connectionRefused;
    run.server.end('cut');
    run.server.remove('a');
    run.server.compact();
    await run.clock.advance(5 * MINUTE);
    expect(run.seen().map((thing) => thing.name)).toEqual(['a', 'b']);
    run.server.refuse = null;
    await run.clock.advance(MINUTE);
    expect(run.seen().map((thing) => thing.name)).toEqual(['b']);
    await run.end();
  });

  test('tells five hundred changes a second in few batches', async () => {
    const run = started();
    await run.clock.advance(1_000);
    const before = run.picture.events.length;
    for (let second = 0; second < 100; second += 1) {
      for (let change = 0; change < 5; change += 1) run.server.set(`thing-${(second * 5 + change) % 60}`);
      await run.clock.advance(10);
    }
    const batches = run.picture.events.length - before;
    expect(batches).toBeGreaterThan(5);
    expect(batches).toBeLessThan(20);
    await run.clock.advance(100);
    expect(run.seen()).toEqual(run.there());
    await run.end();
  });

  test('tells a lone change at once', async () => {
    const run = started();
    await run.clock.advance(10_000);
    run.server.set('a');
    await settled();
    expect(run.seen()).toEqual(run.there());
    await run.end();
  });
});

describe('a quiet or silent server', () => {
  test('keeps its watch for an hour on bookmarks alone, without a second list', async () => {
    const run = started();
    run.server.set('a');
    for (let minute = 0; minute < 60; minute += 1) {
      await run.clock.advance(MINUTE);
      run.server.bookmark();
    }
    expect(lists(run.server)).toBe(1);
    expect(watches(run.server)).toBe(1);
    expect(run.picture.status).toEqual({ state: 'live' });
    await run.end();
  });

  test('is asked again after 90 s without a byte', async () => {
    const run = started();
    await run.clock.advance(89_000);
    expect(watches(run.server)).toBe(1);
    await run.clock.advance(2_000);
    expect(watches(run.server)).toBe(2);
    expect(run.picture.status).toEqual({ state: 'live' });
    await run.end();
  });

  test('is listed again when two watches brought nothing: etcd may have been restored from a backup', async () => {
    const run = started();
    run.server.set('a');
    run.server.set('b');
    await run.clock.advance(1_000);
    run.server.end('cut');
    run.server.turnBack();
    run.server.remove('a');
    await run.clock.advance(5 * MINUTE);
    expect(run.seen().map((thing) => thing.name)).toEqual(['b']);
    await run.end();
  });
});

describe('what is said of a resource', () => {
  test('stale since the moment it was last heard of, then live again', async () => {
    const run = started();
    await run.clock.advance(10_000);
    run.server.set('a');
    await run.clock.advance(0);
    const heard = run.clock.now();
    await run.clock.advance(20_000);
    run.server.refuse = connectionRefused;
    run.server.end('cut');
    await run.clock.advance(60_000);
    expect(run.picture.status).toMatchObject({ state: 'stale', since: heard });
    run.server.refuse = null;
    await run.clock.advance(MINUTE);
    expect(run.picture.status).toEqual({ state: 'live' });
    await run.end();
  });

  test('absent with the reason while nothing could be read yet', async () => {
    const server = new FakeServer();
    server.refuse = connectionRefused;
    const run = started(server);
    await run.clock.advance(1_000);
    expect(run.picture.status).toMatchObject({ state: 'absent' });
    expect((run.picture.status as { why: string }).why).toContain('connection was refused');
    await run.end();
  });

  test('denied with verb and resource, and right again once the right is given', async () => {
    const server = new FakeServer();
    server.refuse = () => answered(403, 'things is forbidden');
    const run = started(server);
    await run.clock.advance(10 * MINUTE);
    expect(run.picture.status).toMatchObject({ state: 'denied', right: 'list things' });
    expect(server.requests.length).toBeLessThan(22);
    server.refuse = null;
    await run.clock.advance(MINUTE);
    expect(run.picture.status).toEqual({ state: 'live' });
    await run.end();
  });

  test('denied to watch, while the list is read again from time to time', async () => {
    const server = new FakeServer();
    server.set('a');
    server.refuse = (request) => (request.query?.['watch'] === '1' ? answered(403, 'forbidden') : null);
    const run = started(server);
    await run.clock.advance(MINUTE);
    expect(run.picture.status).toMatchObject({ state: 'denied', right: 'watch things' });
    server.set('b');
    await run.clock.advance(2 * MINUTE);
    expect(run.seen().map((thing) => thing.name)).toEqual(['a', 'b']);
    await run.end();
  });

  test('not denied by a server that is only starting, which is asked again soon', async () => {
    const run = started();
    await run.clock.advance(10_000);
    run.server.refuse = connectionRefused;
    run.server.end('cut');
    await run.clock.advance(5 * MINUTE);
    run.server.refuse = () => answered(403, 'forbidden');
    const before = run.server.requests.length;
    while (run.server.requests.length === before) await run.clock.advance(100);
    await run.clock.advance(5_000);
    expect(run.server.requests.length - before).toBeGreaterThanOrEqual(3);
    run.server.refuse = null;
    await run.clock.advance(3_000);
    expect(run.picture.statuses().map((status) => status.state)).not.toContain('denied');
    expect(run.picture.status).toEqual({ state: 'live' });
    expect(lists(run.server)).toBe(1);
    await run.end();
  });

  test('denied when a right is taken away for good', async () => {
    const run = started();
    await run.clock.advance(10_000);
    run.server.refuse = () => answered(403, 'forbidden');
    run.server.end('cut');
    await run.clock.advance(MINUTE);
    expect(run.picture.status).toMatchObject({ state: 'denied' });
    await run.end();
  });

  test('absent when the server has no such resource', async () => {
    const server = new FakeServer();
    server.refuse = () => answered(404, 'the server could not find the requested resource');
    const run = started(server);
    await run.clock.advance(1_000);
    expect(run.picture.status).toMatchObject({ state: 'absent' });
    await run.end();
  });

  test('never live for a watch that turns out to be too old', async () => {
    const run = started();
    run.server.set('a');
    await run.clock.advance(20_000);
    run.server.refuse = connectionRefused;
    run.server.end('cut');
    run.server.set('b');
    run.server.compact();
    await run.clock.advance(5_000);
    run.server.refuse = (request) => (request.query?.['watch'] === '1' ? null : connectionRefused());
    await run.clock.advance(MINUTE);
    expect(
      run.picture
        .statuses()
        .slice(-2)
        .map((status) => status.state),
    ).not.toContain('live');
    run.server.refuse = null;
    await run.clock.advance(MINUTE);
    expect(run.seen().map((thing) => thing.name)).toEqual(['a', 'b']);
    await run.end();
  });
});

describe('restraint', () => {
  test.each([
    ['refuses connections', connectionRefused, 200],
    ['answers 500', () => answered(500, 'internal'), 200],
    ['answers 401', () => answered(401, 'unauthorized'), 200],
    ['answers 410 to everything', () => answered(410, 'too old'), 200],
    ['asks for a minute', () => answered(429, 'slow', '60'), 62],
  ])('a server that %s for an hour gets few requests', async (_, refusal, most) => {
    const server = new FakeServer();
    server.refuse = refusal;
    const run = started(server);
    await run.clock.advance(60 * MINUTE);
    expect(server.requests.length).toBeLessThanOrEqual(most);
    expect(server.requests.length).toBeGreaterThan(50);
    await run.end();
  });

  test('a server that ends each watch at once is not hammered', async () => {
    const run = started();
    const connection = run.server;
    connection.refuse = () => {
      queueMicrotask(() => setImmediate(() => connection.end('end')));
      return null;
    };
    await run.clock.advance(10 * MINUTE);
    expect(connection.requests.length).toBeLessThan(60);
    await run.end();
  });

  test('a hundred consoles do not come back in step', async () => {
    const runs = Array.from({ length: 100 }, (_, seed) => started(new FakeServer(), seed * 7_919));
    const waits = runs.map(async ({ server, clock }) => {
      await clock.advance(1_000);
      server.end('cut');
      for (let waited = 0; ; waited += 50) {
        if (watches(server) === 2) return waited;
        await clock.advance(50);
      }
    });
    expect(new Set(await Promise.all(waits)).size).toBeGreaterThanOrEqual(6);
    await Promise.all(runs.map((run) => run.end()));
  });
});
