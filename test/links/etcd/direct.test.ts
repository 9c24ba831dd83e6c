import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEtcdDirectly, directAddress } from '../../../source/links/etcd/direct.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { FakeClock } from '../kubernetes/fake-clock.ts';
import { freePort, until } from '../kubernetes/scripted-server.ts';

async function member(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { asked, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const NONE_SEEN: ReadonlySet<string> = new Set();

const failureOf = async (asked: Promise<unknown>): Promise<LinkFailure> => {
  const error: unknown = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LinkFailure);
  return error as LinkFailure;
};

describe('a member at its own address', () => {
  test('is asked by plain HTTP, and shown no credentials', async () => {
    const { asked, address } = await member(({ url }, response) => {
      if (url === '/metrics')
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('etcd_server_has_leader 0\n'));
      else response.writeHead(503).end('{"health":"false","reason":"RAFT NO LEADER"}');
    });
    const directly = createEtcdDirectly('metalk8s-console/0', new FakeClock());
    expect(await directly.figures('a', address, NONE_SEEN)).toMatchObject({ hasLeader: false });
    expect(await directly.health('a', address)).toEqual({ healthy: false, reason: 'RAFT NO LEADER' });
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /metrics', 'GET /health']);
    for (const { headers } of asked) {
      expect(headers['user-agent']).toBe('metalk8s-console/0');
      expect(headers).not.toHaveProperty('authorization');
    }
  });

  test.each([
    ['the member seen before', 'etcd_server_id{server_id="b2"} 1', ['a1', 'b2'], null],
    ['whoever answers, where none was seen', 'etcd_server_id{server_id="b2"} 1', [], null],
    ['another one', 'etcd_server_id{server_id="c3"} 1', ['a1', 'b2'], 'it is the member c3, which was not seen in this cluster'], // prettier-ignore
    ['one that does not say which it is', 'etcd_server_has_leader 1', ['a1'], 'it does not say which member it is'],
  ])('is of the etcd that was seen through the server: %s', async (_, page, seen, sentence) => {
    const { address } = await member((__, response) => response.end(`${page}\n`));
    const asked = createEtcdDirectly('x', new FakeClock()).figures('master-2', address, new Set(seen));
    if (sentence === null) expect((await asked).id).toBe('b2');
    else
      expect(await failureOf(asked)).toMatchObject({
        kind: 'protocol',
        message: `What answers at ${address} is not the member of etcd on master-2: ${sentence}; look whose address that is.`,
      });
  });

  test('is told in words of this door where nobody is there', async () => {
    const address = `http://127.0.0.1:${await freePort()}`;
    const failure = await failureOf(createEtcdDirectly('x', new FakeClock()).health('master-2', address));
    expect(failure.kind).toBe('refused');
    expect(failure.message).toBe(
      `The member of etcd on master-2 does not answer at ${address}, asked there because the API server gives no answer: ` +
        'the connection was refused; look at etcd on that node, and whether this machine reaches the control plane.',
    );
  });

  test('is given up after three seconds, before and in the middle of an answer, and with the signal', async () => {
    const clock = new FakeClock();
    const { asked, address } = await member(({ url }, response) => {
      if (url === '/metrics') response.writeHead(200).write('etcd_server');
    });
    const directly = createEtcdDirectly('x', clock);
    const asks = [() => directly.health('a', address), () => directly.figures('a', address, NONE_SEEN)];
    for (const [index, ask] of asks.entries()) {
      const failed = failureOf(ask());
      await until(() => asked.length === index + 1);
      await clock.advance(3_000);
      expect((await failed).message).toMatch(/no answer came within 3 s/);
    }
    const stop = new AbortController();
    const stopped = directly.health('a', address, stop.signal);
    await until(() => asked.length === 3);
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    expect(clock.timers).toBe(0);
  });

  test.each([
    ['somebody else', '<html>router</html>', /is not the health of a member/],
    ['a flood', ' '.repeat(3 * 2 ** 20), /passes 2 MiB/],
  ])('is not taken from %s', async (_, body, sentence) => {
    const { address } = await member((__, response) => response.end(body));
    const directly = createEtcdDirectly('x', new FakeClock());
    const failure = await failureOf(directly.health('a', address));
    expect(failure.kind).toBe('protocol');
    expect(failure.message).toMatch(sentence);
  });

  test.each([
    ['10.0.0.1', 'http://10.0.0.1:2381'],
    ['fd00::1', 'http://[fd00::1]:2381'],
  ])('is on port 2381 of %s', (address, url) => {
    expect(directAddress(address)).toBe(url);
  });
});
