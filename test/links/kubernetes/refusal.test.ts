import { describe, expect, test } from 'vitest';
import { followResource } from '../../../source/links/kubernetes/list-watch.ts';
import { pollResource } from '../../../source/links/kubernetes/poll.ts';
import { createReachability } from '../../../source/links/kubernetes/reachability.ts';
import { RESOURCES } from '../../../source/model/cluster-event.ts';
import { FakeClock, seededRandom } from './fake-clock.ts';
import { answered, connectionRefused, decodeThing, FakeServer } from './fake-server.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** All but the usage, which is polled. */
const WATCHED = RESOURCES.length - 1;

/** Consoles with everything that each follows, of one API server. */
function followed(consoles: number, refusal: (() => Error) | null = null) {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  const asked: number[] = [];
  const servers: FakeServer[] = [];
  const follow = (console: number) => {
    const random = seededRandom(console * 7_919 + 1);
    const reachability = createReachability(clock, random);
    return RESOURCES.map((resource) => {
      const server = new FakeServer();
      servers.push(server);
      server.refuse = () => {
        asked.push(clock.now());
        return refusal?.() ?? null;
      };
      const common = {
        connection: server.connection(),
        reachability,
        leads: resource === 'nodes',
        listing: { name: resource, path: `/${resource}` },
        decode: decodeThing,
        emit: () => undefined,
        clock,
        signal: stop.signal,
      };
      return resource === 'usage'
        ? pollResource({ ...common, what: 'list usage' })
        : followResource({ ...common, random });
    });
  };
  const ended = Promise.all(Array.from({ length: consoles }, (_, index) => follow(index)).flat());
  return {
    clock,
    /** When anything was asked, since a time. */
    times: (since = 0) => asked.filter((at) => at >= since),
    /** What is asked fails so from now on, and what is open is cut; null for no failure. */
    refuse: (now: (() => Error) | null) => {
      refusal = now;
      if (now !== null) for (const server of servers) server.end('cut');
    },
    watches: () => servers.filter(({ watchers }) => watchers.size > 0).length,
    end: async () => {
      stop.abort(new Error('stopped'));
      await ended;
      expect(clock.timers).toBe(0);
    },
  };
}

/** How many of `times` lie in each `length` ms between two times. */
function counted(times: readonly number[], from: number, to: number, length: number): readonly number[] {
  const counts = Array.from({ length: Math.ceil((to - from) / length) }, () => 0);
  for (const at of times) {
    const index = Math.floor((at - from) / length);
    if (at < to && counts[index] !== undefined) counts[index] += 1;
  }
  return counts;
}

/** Most in any `length` ms, wherever they begin. */
const peak = (times: readonly number[], length: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + length).length));

const EACH = RESOURCES.length;
/** What bounds the requests of one console, all its resources together. */
type Bound = { readonly first: number; readonly later: number };
/** One asks for all: first everything once and the short waits, 0.8 s doubled, then two to four times a minute. */
const UNANSWERED: Bound = { first: EACH + 8, later: 6 };
/** What is refused is each resource's own. */
const REFUSED: Bound = { first: 8 * EACH, later: 4 * EACH };

const REFUSALS = [
  ['refuses connections', connectionRefused, UNANSWERED],
  ['answers 401', () => answered(401, 'unauthorized'), UNANSWERED],
  ['answers 429', () => answered(429, 'slow down', '1'), REFUSED],
  ['answers 503', () => answered(503, 'starting'), REFUSED],
] as const;

describe('an hour of a server that', () => {
  test.each(REFUSALS)('%s costs it a bounded number of requests in every minute', async (_, refusal, bound) => {
    const run = followed(1, refusal);
    await run.clock.advance(60 * MINUTE);
    const [first, ...later] = counted(run.times(), 0, 60 * MINUTE, MINUTE);
    expect(first).toBeLessThanOrEqual(bound.first);
    expect(Math.max(...later)).toBeLessThanOrEqual(bound.later);
    expect(Math.min(...later)).toBeGreaterThan(0);
    await run.end();
  });
});

describe('a hundred consoles, and all that each follows', () => {
  test('ask a server that does not answer apart, and come back to it apart', async () => {
    const run = followed(100);
    await run.clock.advance(10 * SECOND);
    run.refuse(connectionRefused);
    const settled = run.clock.now() + MINUTE;
    await run.clock.advance(5 * MINUTE);
    const back = run.clock.now();
    const seconds = counted(run.times(), settled, back, SECOND);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(15);
    expect(seconds.reduce((sum, count) => sum + count) / seconds.length).toBeLessThanOrEqual(5);
    run.refuse(null);
    await run.clock.advance(32 * SECOND);
    expect(run.watches()).toBe(100 * WATCHED);
    expect(peak(run.times(back), SECOND)).toBeLessThanOrEqual(100);
    await run.end();
  });

  test('are right again two seconds after a cut, and not all in its first moment', async () => {
    const run = followed(100);
    await run.clock.advance(10 * SECOND);
    const cut = run.clock.now();
    run.refuse(connectionRefused);
    run.refuse(null);
    await run.clock.advance(2 * SECOND);
    expect(run.watches()).toBe(100 * WATCHED);
    expect(peak(run.times(cut), 100)).toBeLessThanOrEqual(250);
    // Spread over a little more than that second.
    expect(peak(run.times(cut), SECOND)).toBeLessThanOrEqual(0.81 * 100 * EACH);
    await run.end();
  });
});
