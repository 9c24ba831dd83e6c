import { describe, expect, test } from 'vitest';
import { followResource } from '../../../source/links/kubernetes/list-watch.ts';
import { pollResource } from '../../../source/links/kubernetes/poll.ts';
import { RESOURCES } from '../../../source/model/cluster-event.ts';
import { FakeClock, seededRandom } from './fake-clock.ts';
import { answered, connectionRefused, decodeThing, FakeServer } from './fake-server.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Requests of one console a minute, all its resources together, once its waits have grown: two to four a resource. */
const MOST_A_MINUTE = 4 * RESOURCES.length;

/** The times at which one console, with everything that it follows, asks a server that refuses. */
async function outage(refusal: () => Error, seed: number, minutes: number): Promise<readonly number[]> {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  const asked: number[] = [];
  const servers = RESOURCES.map(() => new FakeServer());
  const refuse = () => {
    asked.push(clock.now());
    return refusal();
  };
  const ended = Promise.all(
    RESOURCES.map((resource, index) => {
      const server = servers[index] ?? new FakeServer();
      server.refuse = refuse;
      const common = {
        connection: server.connection(),
        listing: { name: resource, path: `/${resource}` },
        decode: decodeThing,
        emit: () => undefined,
        clock,
        signal: stop.signal,
      };
      return resource === 'usage'
        ? pollResource({ ...common, what: 'list usage' })
        : followResource({ ...common, random: seededRandom(seed * 7_919 + index) });
    }),
  );
  await clock.advance(minutes * MINUTE);
  stop.abort(new Error('stopped'));
  await ended;
  return asked;
}

const REFUSALS = [
  ['refuses connections', connectionRefused],
  ['answers 401', () => answered(401, 'unauthorized')],
  ['answers 429', () => answered(429, 'slow down', '1')],
  ['answers 503', () => answered(503, 'starting')],
] as const;

describe('an hour of a server that', () => {
  test.each(REFUSALS)('%s costs it a bounded number of requests in every minute', async (_, refusal) => {
    const lost = await outage(refusal, 1, 60);
    const minutes = Array.from(
      { length: 60 },
      (_, minute) => lost.filter((at) => Math.floor(at / MINUTE) === minute).length,
    );
    // The first minute has the short waits: 0.8 s doubled.
    expect(Math.max(...minutes.slice(1))).toBeLessThanOrEqual(MOST_A_MINUTE);
    expect(minutes[0]).toBeLessThanOrEqual(8 * RESOURCES.length);
    expect(Math.min(...minutes)).toBeGreaterThan(0);
  });
});
