import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createNews } from '../../../source/links/kubernetes/news.ts';
import { followResource, type FollowEvent } from '../../../source/links/kubernetes/list-watch.ts';
import { createReachability } from '../../../source/links/kubernetes/reachability.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';

test('a row is news once, until it differs, and again after it was forgotten', () => {
  const news = createNews<{ uid: string; labels: Record<string, string> }>();
  const row = (value: string) => ({ uid: 'a', labels: { key: value } });
  expect([row('1'), row('1'), row('2'), row('1'), row('1')].map(news.isNews)).toEqual([true, false, true, true, false]);
  expect(news.isNews({ ...row('1'), uid: 'b' })).toBe(true);
  news.forget('a');
  expect(news.isNews(row('1'))).toBe(true);
  news.forgetAll();
  expect(news.isNews({ ...row('1'), uid: 'b' })).toBe(true);
});

test('rows that were made to have one digest are two all the same', () => {
  // The first 48 bits of the SHA-1 of both are 711ebe749e7d.
  const rows = ['d96cf072c4ae', 'd80d6df39766'].map((label) => ({ uid: 'a', label }));
  const digests = rows.map((row) => hash('sha1', JSON.stringify(row)).slice(0, 12));
  expect(digests).toEqual(['711ebe749e7d', '711ebe749e7d']);
  const news = createNews<{ uid: string; label: string }>();
  expect(rows.map(news.isNews)).toEqual([true, true]);
  // It is the salt that parts them.
  expect(rows.map(createNews<{ uid: string; label: string }>('').isNews)).toEqual([true, false]);
});

/** What the console shows of a thing: its version is not part of it. */
const decode = (object: unknown) => {
  const { uid, name } = (object as { metadata: { uid: string; name: string } }).metadata;
  return { uid, name };
};

test('what is written and not changed is not told, but that the server was heard, from time to time', async () => {
  const server = new FakeServer();
  server.set('listed');
  const clock = new FakeClock();
  const stop = new AbortController();
  const told: FollowEvent<{ uid: string; name: string }>[] = [];
  const ended = followResource({
    connection: server.connection(),
    listing: { name: 'things', path: '/things' },
    heartbeats: true,
    decode,
    emit: (event) => void told.push(event),
    clock,
    random: () => 0,
    reachability: createReachability(clock, () => 0),
    signal: stop.signal,
  });
  await clock.advance(1_000);
  told.length = 0;
  for (let second = 0; second < 60; second += 1) {
    server.set('listed');
    await clock.advance(1_000);
  }
  expect(told.every(({ type }) => type === 'heard')).toBe(true);
  expect(told.length).toBeGreaterThanOrEqual(8);
  expect(told.length).toBeLessThanOrEqual(12);
  server.remove('listed');
  server.set('listed');
  await clock.advance(1_000);
  const kinds = told.map(({ type }) => type).filter((type) => type !== 'heard');
  expect(kinds).toEqual(['deleted', 'changed']);
  stop.abort();
  await ended;
});
