import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../source/links/kubernetes/connection.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import type { FollowEvent } from '../../../source/links/kubernetes/list-watch.ts';
import { pollResource } from '../../../source/links/kubernetes/poll.ts';
import { createReachability } from '../../../source/links/kubernetes/reachability.ts';
import { accessTo } from './scripted-server.ts';
import { FakeClock, settled } from './fake-clock.ts';

type Item = { readonly uid: string };

const failure = (kind: LinkFailure['kind'], more: { retryAfter?: number } = {}) =>
  new LinkFailure({ kind, message: `It is ${kind}.`, sent: true, ...more });

/** Polls a server that gives the answers one after the other, the last one for ever. */
function poll(...answers: readonly (object | LinkFailure)[]) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const asked: number[] = [];
  const events: FollowEvent<Item>[] = [];
  const connection: Pick<Connection, 'json' | 'access'> = {
    access: accessTo('https://127.0.0.1:1').access,
    json: () => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(clock.now());
      return answer instanceof LinkFailure ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const ended = pollResource<Item>({
    connection,
    listing: { name: 'nodes of metrics.k8s.io', path: '/usage' },
    what: 'list nodes of metrics.k8s.io',
    clock,
    reachability: createReachability(clock, () => 0),
    signal: stop.signal,
    decode: (object) => object as Item | null,
    emit: (event) => {
      events.push(event);
      return Promise.resolve();
    },
  });
  const waits = () => asked.slice(1).map((at, index) => at - (asked[index] ?? at));
  const statuses = () => events.flatMap((event) => (event.type === 'status' ? [event.status] : []));
  return { clock, stop, asked, events, ended, waits, statuses };
}

const LIST = { items: [{ uid: 'a' }, null, { uid: 'b' }] };

describe('a resource that is asked for again and again', () => {
  test('tells each answer as a whole list, every half minute', async () => {
    const { clock, events, waits } = poll(LIST, { items: [{ uid: 'a' }] });
    await clock.advance(90_000);
    expect(waits()).toEqual([30_000, 30_000, 30_000]);
    expect(events.slice(0, 9)).toMatchObject([
      { type: 'status', status: { state: 'loading' } },
      { type: 'list-started' },
      { type: 'listed', items: [{ uid: 'a' }, { uid: 'b' }] },
      { type: 'list-ended' },
      { type: 'status', status: { state: 'live' } },
      { type: 'list-started' },
      { type: 'listed', items: [{ uid: 'a' }] },
      { type: 'list-ended' },
      { type: 'list-started' },
    ]);
  });

  test.each([
    ['absent where there is no such resource, and asked for less often', failure('not-found'), 'absent', 60_000],
    ['denied without the right, and asked for less often', failure('forbidden'), 'denied', 60_000],
    ['absent when nobody answers', failure('timeout'), 'absent', 30_000],
    ['absent when the answer is no list', { hello: 'world' }, 'absent', 30_000],
  ])('is %s', async (_, answer, state, wait) => {
    const { clock, statuses, waits } = poll(answer);
    await clock.advance(60_000);
    expect(statuses().at(-1)).toMatchObject({ state });
    expect(waits()[0]).toBe(wait);
  });

  test('waits as long as a server asks for that is busy', async () => {
    const { clock, waits } = poll(failure('throttled', { retryAfter: 45_000 }), LIST);
    await clock.advance(100_000);
    expect(waits()[0]).toBe(45_000);
  });

  test('goes stale with the time of the last answer, and is live again', async () => {
    const { clock, statuses, asked } = poll(LIST, failure('timeout'), LIST);
    await clock.advance(60_000);
    expect(statuses()).toMatchObject([
      { state: 'loading' },
      { state: 'live' },
      { state: 'stale', since: asked[0], why: 'It is timeout.' },
      { state: 'live' },
    ]);
  });

  test('ends when it is told to, asks no more, and says nothing after that', async () => {
    const { clock, stop, asked, events, ended } = poll(LIST);
    await settled();
    stop.abort();
    await ended;
    const told = events.length;
    await clock.advance(120_000);
    expect([asked.length, events.length, clock.timers]).toEqual([1, told, 0]);
  });
});
