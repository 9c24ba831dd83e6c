import { expect, test } from 'vitest';
import type { Connection } from '../../../source/links/kubernetes/connection.ts';
import { cutInto } from '../../../source/links/kubernetes/cutting.ts';
import { followResource } from '../../../source/links/kubernetes/list-watch.ts';
import { createReachability } from '../../../source/links/kubernetes/reachability.ts';
import { listingOf } from '../../../source/links/kubernetes/sources.ts';
import { FakeClock } from './fake-clock.ts';

/** Pieces of three bytes. */
const threes = (held: Buffer) => {
  const whole = Math.floor(held.length / 3);
  const pieces = Array.from({ length: whole }, (_, index) => held.toString('latin1', index * 3, index * 3 + 3));
  return { pieces, used: whole * 3, wanted: 3 };
};

test('every chunk is told of, also one that completes no piece', async () => {
  async function* chunks() {
    for (const chunk of ['a', 'b', 'cde', 'fghijk']) yield await Promise.resolve(Buffer.from(chunk));
  }
  const batches: (readonly string[])[] = [];
  for await (const batch of cutInto(chunks(), threes, 100)) batches.push(batch);
  expect(batches).toEqual([[], [], ['abc'], ['def', 'ghi']]);
});

/** One field with a length, of fewer than 128 bytes (protobuf encoding). */
const field = (number: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
};
const enveloped = (raw: Buffer) => Buffer.concat([Buffer.from('k8s\0'), field(2, raw)]);

test('a watch on a slow line is not taken for dead while one frame comes for two minutes', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const node = enveloped(field(1, Buffer.concat([field(1, 'slow'), field(5, 'uid-1'), field(6, '9')])));
  const event = Buffer.concat([field(1, 'ADDED'), field(2, field(1, node))]);
  const frame = Buffer.concat([Buffer.from([0, 0, 0, event.length]), event]);
  let watches = 0;
  async function* listed() {
    yield await Promise.resolve(enveloped(field(1, field(2, '7'))));
  }
  async function* trickled(signal: AbortSignal | undefined) {
    for (const byte of frame) {
      await new Promise<void>((resolve) => clock.after(120_000 / frame.length, resolve));
      signal?.throwIfAborted();
      yield Buffer.from([byte]);
    }
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  }
  const request: Connection['request'] = ({ query, signal }) => {
    const isWatch = query?.['watch'] === '1';
    if (isWatch) watches += 1;
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    return Promise.resolve({ status: 200, headers, body: isWatch ? trickled(signal) : listed() });
  };
  const told: string[] = [];
  const ended = followResource({
    connection: { access: { server: 'https://fake:6443' } as Connection['access'], request },
    listing: listingOf('nodes'),
    decode: (object) => object as { uid: string },
    emit: (of) => {
      if (of.type === 'changed') told.push(...of.items.map((item) => item.uid));
    },
    clock,
    random: () => 0,
    reachability: createReachability(clock, () => 0),
    signal: stop.signal,
  });
  await clock.advance(121_000);
  expect(watches).toBe(1);
  stop.abort();
  await ended;
  expect(told).toHaveLength(1);
});
