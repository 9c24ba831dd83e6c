import { describe, expect, test } from 'vitest';
import { LARGEST_PAGE, readFigures, readHealth } from '../../../source/links/etcd/pages.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';

const ABOUT = { what: 'read the figures of etcd on node-1', server: 'https://192.0.2.1:6443' };
const CHUNK = 64 * 1024;

/** A body of so many bytes, and how many of them were taken. */
function bodyOf(bytes: number, line = 'other_metric_of_something{label="value"} 1\n') {
  const chunk = Buffer.from(line.repeat(Math.ceil(CHUNK / line.length))).subarray(0, CHUNK);
  const seen = { taken: 0, isOpen: true };
  async function* body(): AsyncGenerator<Buffer> {
    try {
      while (seen.taken < bytes) {
        seen.taken += chunk.length;
        yield await Promise.resolve(chunk);
      }
    } finally {
      seen.isOpen = false;
    }
  }
  return { seen, answer: { status: 200, headers: {}, body: body() } };
}

describe.each([
  ['metrics', readFigures],
  ['health', readHealth],
])('10 MB of %s', (_, read) => {
  test('are read no further than the longest page, with little memory and little computing', async () => {
    const { seen, answer } = bodyOf(10_000_000);
    const before = { heap: process.memoryUsage().arrayBuffers, cpu: process.cpuUsage() };
    const failure: unknown = await read(answer, ABOUT, 'node-1').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LinkFailure);
    expect((failure as LinkFailure).message).toBe(
      'Cannot read the figures of etcd on node-1 at https://192.0.2.1:6443: the answer passes 2 MiB; look for a proxy in between.',
    );
    expect(seen.taken).toBeLessThanOrEqual(LARGEST_PAGE * 2 ** 20 + CHUNK);
    expect(seen.isOpen).toBe(false);
    const { user, system } = process.cpuUsage(before.cpu);
    expect(user + system).toBeLessThan(200_000);
    expect(process.memoryUsage().arrayBuffers - before.heap).toBeLessThan(8 * 2 ** 20);
  });
});

test('a page of the longest length is read in less than a second of computing', async () => {
  const { answer } = bodyOf(LARGEST_PAGE * 2 ** 20 - CHUNK, 'etcd_server_has_leader{a="b"} 1\n');
  const before = process.cpuUsage();
  expect((await readFigures(answer, ABOUT, 'node-1')).hasLeader).toBe(true);
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
});
