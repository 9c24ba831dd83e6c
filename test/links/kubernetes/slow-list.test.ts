import { describe, expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';
import { FakeServer, tokenExpired } from './fake-server.ts';
import { lists, started } from './started.ts';

const MINUTE = 60_000;

describe('a list that is longer than its version lives', () => {
  const SECOND = 1_000;

  /** A server of a slow line: `between` happens before each page but the first of a list, which takes 20 s to come. */
  function slow(between: (server: FakeServer, page: number) => void) {
    const server = new FakeServer();
    for (const one of 'abcdefgh') server.set(one);
    const clock = new FakeClock();
    const { access, json, request } = server.connection();
    const run = started(server, 1, clock, {
      access,
      json,
      request: async (asked) => {
        const token = asked.query?.['continue'];
        if (token !== undefined && !token.startsWith('now:')) {
          await new Promise<void>((resolve) => clock.after(20 * SECOND, resolve));
          between(server, server.requests.length);
        }
        return request(asked);
      },
    });
    return run;
  }

  const change = (server: FakeServer) => {
    server.remove('a');
    server.set('b');
    server.set('h');
  };

  test('is read on as it is then, and the watch from its beginning tells what was missed', async () => {
    const run = slow((server, page) => {
      if (page === 1) change(server);
    });
    run.server.refuse = ({ query }) => {
      const [version, after = ''] = query?.['continue']?.split(':') ?? ['now'];
      return version === 'now' ? null : tokenExpired(`now:${after}`);
    };
    await run.clock.advance(100 * SECOND);
    expect(run.seen()).toEqual(run.there());
    expect(run.picture.status).toEqual({ state: 'live' });
    expect(lists(run.server)).toBe(1);
    await run.end();
  });

  test('fills the picture, which is stale until another list where its beginning is forgotten too', async () => {
    let changes = 1;
    const run = slow((server) => {
      if (changes === 0) return;
      changes -= 1;
      change(server);
      server.compact();
    });
    await run.clock.advance(41 * SECOND);
    expect(run.seen().map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(run.picture.status).toMatchObject({ state: 'stale', since: run.clock.now() - SECOND });
    expect(run.picture.statuses().map(({ state }) => state)).not.toContain('live');
    await run.clock.advance(100 * SECOND);
    expect(run.seen()).toEqual(run.there());
    expect(run.picture.status).toEqual({ state: 'live' });
    expect(lists(run.server)).toBe(2);
    await run.end();
  });

  test('is begun anew with as much time between as it takes, and ends each time', async () => {
    const run = slow((server) => {
      change(server);
      server.compact();
    });
    await run.clock.advance(60 * MINUTE);
    const ended = run.picture.events.filter(({ type }) => type === 'list-ended').length;
    expect(lists(run.server) - ended).toBeLessThanOrEqual(1);
    expect(lists(run.server)).toBeGreaterThan(30);
    expect(lists(run.server)).toBeLessThanOrEqual(45);
    await run.end();
  });
});
