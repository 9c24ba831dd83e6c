import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createConnection } from '../../../source/links/kubernetes/connection.ts';
import { expiredValidity, newAuthority } from '../../../source/sandbox/certificates.ts';
import { connect, failureOf, NODE, NODES, ok, serve } from './connected.ts';
import { FakeClock } from './fake-clock.ts';
import { accessTo, authority, credentialsFor, freePort, json, refusal, until, type Script } from './scripted-server.ts';

describe('one pool', () => {
  test('that cannot be made harms neither the next one nor the process', async () => {
    const server = await serve(ok);
    const good = credentialsFor(server.url);
    const bad = credentialsFor(server.url, { certificate: 'no certificate', key: 'no key' });
    const given = [bad, good, bad];
    const { access } = accessTo(server.url);
    const changing = { ...access, credentials: () => Promise.resolve(given.shift() ?? good) };
    const connection = createConnection({ access: changing, userAgent: 'test', localDoors: [] });
    onTestFinished(connection.close);
    const [failure, answer] = await Promise.all([failureOf(connection), connection.json(NODES)]);
    expect(failure).toMatchObject({ kind: 'certificate', sent: false });
    expect(answer).toEqual({ ok: true });
    expect(await connection.json(NODES)).toEqual({ ok: true });
    expect(server.connections()).toBe(1);
  });

  test('an answer that nobody reads leaves nothing behind when it is given up', async () => {
    const server = await serve(ok);
    const { connection } = connect(server.url);
    const stop = new AbortController();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => connection.request({ ...NODES, signal: stop.signal })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    stop.abort(new Error('not read on'));
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    expect(await connection.json(NODES)).toEqual({ ok: true });
  });

  test('many requests share one TLS connection', async () => {
    const server = await serve(ok);
    const { connection } = connect(server.url);
    for (let count = 0; count < 20; count += 1) await connection.json(NODES);
    expect(server.connections()).toBe(1);
    expect(connection.requests()).toBe(20);
  });

  test('rotated certificates get a connection of their own, rotated tokens do not', async () => {
    const server = await serve((asked, answer) => json(answer, 200, { user: asked.user }));
    const one = authority.client({ commonName: 'one' });
    const two = authority.client({ commonName: 'two' });
    const { connection, held } = connect(server.url, { certificate: one.cert, key: one.key });
    expect(await connection.json(NODES)).toEqual({ user: 'one' });
    held.credentials = { ...held.credentials, headers: { Authorization: 'Bearer token-2' } };
    await connection.json(NODES);
    expect(server.connections()).toBe(1);
    expect(server.asked.at(-1)?.headers.authorization).toBe('Bearer token-2');
    held.credentials = { ...held.credentials, certificate: two.cert, key: two.key };
    expect(await connection.json(NODES)).toEqual({ user: 'two' });
    expect(server.connections()).toBe(2);
  });

  test('a read on a connection that died unseen is asked again on a new one', async () => {
    const server = await serve(ok);
    const { connection } = connect(server.url);
    await connection.json(NODES);
    let cut = false;
    server.script = (asked, answer) => {
      if (!cut) {
        cut = true;
        server.cut();
      } else void ok(asked, answer);
    };
    expect(await connection.json(NODES)).toEqual({ ok: true });
  });

  test('a write is never sent on a kept connection, nor twice', async () => {
    const server = await serve(ok);
    const { connection } = connect(server.url);
    await connection.json(NODES);
    await connection.json(NODE);
    expect(server.connections()).toBe(2);
    server.script = () => server.cut();
    const failure = await failureOf(connection, NODE);
    expect(failure).toMatchObject({ kind: 'unreachable', sent: true, status: null });
    expect(server.asked.filter((asked) => asked.method === 'PATCH')).toHaveLength(2);
  });

  test('says who asks, and unzips', async () => {
    const body = { items: 'x'.repeat(200_000) };
    const server = await serve((_, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      answer.end(gzipSync(JSON.stringify(body)));
    });
    const { connection } = connect(server.url, {
      headers: { 'Impersonate-User': 'u', 'Impersonate-Group': ['a', 'b'] },
    });
    expect(await connection.json(NODES)).toEqual(body);
    expect(server.asked[0]?.headers).toMatchObject({
      'user-agent': 'metalk8s-console/0',
      'accept-encoding': 'gzip',
      'impersonate-user': 'u',
      'impersonate-group': 'a, b',
    });
  });
});

describe('a failure says what failed, why, and what to do', () => {
  const sentence = /^Cannot list nodes at https:\/\/[^ ]+: .+; .+\.$/;

  test('nothing listens', async () => {
    const { connection } = connect(`https://127.0.0.1:${await freePort()}`);
    const failure = await failureOf(connection);
    expect(failure).toMatchObject({ kind: 'refused', status: null, sent: false });
    expect(failure.message).toMatch(sentence);
  });

  test('another CA', async () => {
    const server = await serve(ok);
    const { connection } = connect(server.url, { ca: newAuthority(new Date(), 'other').caPem });
    const failure = await failureOf(connection);
    expect(failure).toMatchObject({ kind: 'certificate', sent: false });
    expect(failure.message).toMatch(/not signed by the CA that the kubeconfig names/);
    expect(server.asked).toEqual([]);
  });

  test('an expired certificate', async () => {
    const old = newAuthority(new Date(Date.now() - 2 * 365 * 86_400_000));
    const server = await serve(ok, { signedBy: old });
    const failure = await failureOf(connect(server.url, { ca: old.caPem }).connection);
    expect(failure.kind).toBe('certificate');
    expect(failure.message).toMatch(/expired/);
  });

  test('a certificate for another name, unless tls-server-name says so', async () => {
    const server = await serve(ok, { host: '127.0.0.2' });
    const failure = await failureOf(connect(server.url).connection);
    expect(failure.kind).toBe('certificate');
    expect(failure.message).toMatch(/does not name that address/);
    expect(await connect(server.url, { servername: 'kubernetes' }).connection.json(NODES)).toEqual({ ok: true });
    expect(await connect(server.url, { verify: false, ca: null }).connection.json(NODES)).toEqual({ ok: true });
  });

  test('a CA that is no PEM', async () => {
    const server = await serve(ok);
    const failure = await failureOf(connect(server.url, { certificate: 'nonsense', key: 'nonsense' }).connection);
    expect(failure).toMatchObject({ kind: 'certificate', sent: false });
  });

  test('plain HTTP where TLS was expected', async () => {
    const plain = createServer((_, answer) => answer.end('hello'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void plain.close());
    const failure = await failureOf(connect(`https://127.0.0.1:${(plain.address() as AddressInfo).port}`).connection);
    expect(failure.kind).toBe('protocol');
    expect(failure.message).toMatch(/does not speak TLS/);
  });

  test('a server that takes the connection and never speaks', async () => {
    const { createServer: listen } = await import('node:net');
    const mute = listen((socket) => void socket.on('error', () => undefined));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void mute.close());
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const clock = new FakeClock();
    const failed = failureOf(connect(url, {}, { clock }).connection);
    await until(() => clock.timers === 1);
    await clock.advance(5_000);
    expect(await failed).toMatchObject({ kind: 'timeout', sent: false });
    expect(clock.timers).toBe(0);
  });

  test('a request that cannot even be made, of which nothing was sent', async () => {
    const server = await serve(ok);
    const { connection } = connect(server.url, { headers: { Authorization: 'Bearer two\nlines' } });
    expect(await failureOf(connection)).toMatchObject({ kind: 'unreachable', sent: false });
    expect(await failureOf(connect('https://not an address').connection)).toMatchObject({ sent: false });
  });

  test('silence before and within an answer', async () => {
    const server = await serve((asked, answer) => {
      if (asked.url.searchParams.has('half')) answer.writeHead(200).write('{"items": [');
    });
    const { connection } = connect(server.url);
    expect(await failureOf(connection, { ...NODES, silence: 30 })).toMatchObject({ kind: 'timeout', sent: true });
    expect(await failureOf(connection, { ...NODES, silence: 30, query: { half: '1' } })).toMatchObject({
      kind: 'timeout',
      sent: true,
    });
  });

  test('an answer that breaks off', async () => {
    const server = await serve((_, answer) => {
      answer.writeHead(200, { 'content-length': '1000' });
      answer.write('{"items": [', () => answer.destroy());
    });
    expect(await failureOf(connect(server.url).connection)).toMatchObject({ kind: 'unreachable', sent: true });
  });

  test('a zipped answer that breaks off', async () => {
    const server = await serve((_, answer) => {
      answer.writeHead(200, { 'content-encoding': 'gzip' });
      answer.end(gzipSync('{"items": []}'.repeat(1_000)).subarray(0, 40));
    });
    expect(await failureOf(connect(server.url).connection)).toMatchObject({ kind: 'protocol' });
  });

  test('the page of a proxy, and what is no JSON', async () => {
    const server = await serve((asked, answer) => {
      const page = asked.url.searchParams.has('page');
      answer.writeHead(200, { 'content-type': page ? 'text/html' : 'text/plain' }).end(page ? '<html>login' : 'hello');
    });
    const { connection } = connect(server.url);
    const page = await failureOf(connection, { ...NODES, query: { page: '1' } });
    expect(page.kind).toBe('protocol');
    expect(page.message).toMatch(/web page/);
    expect((await failureOf(connection)).kind).toBe('protocol');
  });

  test('403 as the right that is missing; Retry-After of header and body', async () => {
    const server = await serve((asked, answer) => {
      const wait = asked.url.searchParams.get('wait');
      if (wait === 'header')
        answer.writeHead(429, { 'retry-after': '7' }).end('Too many requests, please try later.\n');
      else if (wait === 'body')
        json(answer, 429, { ...refusal(429, 'TooManyRequests', 'slow'), details: { retryAfterSeconds: 3 } });
      else json(answer, 403, refusal(403, 'Forbidden', 'nodes is forbidden: User "x" cannot list resource "nodes"'));
    });
    const { connection } = connect(server.url);
    const forbidden = await failureOf(connection);
    expect(forbidden).toMatchObject({ kind: 'forbidden', status: 403, sent: true });
    expect(forbidden.message).toContain('user "x" has no right to list nodes (403)');
    const throttled = { kind: 'throttled', status: 429 };
    expect(await failureOf(connection, { ...NODES, query: { wait: 'header' } })).toMatchObject({
      ...throttled,
      retryAfter: 7_000,
    });
    expect(await failureOf(connection, { ...NODES, query: { wait: 'body' } })).toMatchObject({
      ...throttled,
      retryAfter: 3_000,
    });
  });

  test('no secret is in what is said', async () => {
    const server = await serve((_, answer) => json(answer, 401, refusal(401, 'Unauthorized', 'Unauthorized')));
    const failure = await failureOf(connect(server.url, { headers: { Authorization: 'Bearer hush' } }).connection);
    expect(JSON.stringify(failure) + failure.message + String(failure.stack)).not.toContain('hush');
  });
});

describe('401', () => {
  const judge: Script = (asked, answer) => {
    if (asked.headers.authorization === 'Bearer fresh') json(answer, 200, { ok: true });
    else json(answer, 401, refusal(401, 'Unauthorized', 'Unauthorized'));
  };

  test('is asked again once with credentials read anew', async () => {
    const server = await serve(judge);
    const { access, held } = accessTo(server.url);
    const renewing = {
      ...access,
      refused: () => {
        held.refused += 1;
        held.credentials = { ...held.credentials, headers: { Authorization: 'Bearer fresh' } };
      },
    };
    const connection = createConnection({ access: renewing, userAgent: 'test', localDoors: [] });
    onTestFinished(connection.close);
    expect(await connection.json(NODES)).toEqual({ ok: true });
    expect(server.asked).toHaveLength(2);
    expect(held.refused).toBe(1);
  });

  test('and a server whose certificate does not fit are asked again with what the kubeconfig says by then', async () => {
    const server = await serve((_, answer) => json(answer, 200, { ok: true }));
    const { access, held } = accessTo(server.url, { ca: newAuthority(new Date(), 'another').caPem });
    const mended = {
      ...access,
      refused: () => {
        held.refused += 1;
        held.credentials = { ...held.credentials, ca: authority.caPem };
      },
    };
    const connection = createConnection({ access: mended, userAgent: 'test', localDoors: [] });
    onTestFinished(connection.close);
    expect(await connection.json(NODES)).toEqual({ ok: true });
    expect(held.refused).toBe(1);
  });

  test('and an address where nobody answers are asked again with what the kubeconfig says by then', async () => {
    const server = await serve(ok);
    const { access, held } = accessTo(`https://127.0.0.1:${await freePort()}`);
    const moved = {
      ...access,
      unanswered: () => {
        held.unanswered += 1;
        held.credentials = { ...held.credentials, server: server.url };
      },
    };
    const connection = createConnection({ access: moved, userAgent: 'test', localDoors: [] });
    onTestFinished(connection.close);
    expect(await connection.json(NODES)).toEqual({ ok: true });
    expect(held).toMatchObject({ refused: 0, unanswered: 1 });
  });

  test('and a write that may have arrived is not sent anywhere else', async () => {
    const server = await serve(ok);
    const dying = await serve(() => dying.cut());
    const { access, held } = accessTo(dying.url);
    const moved = {
      ...access,
      unanswered: () => {
        held.credentials = { ...held.credentials, server: server.url };
      },
    };
    const connection = createConnection({ access: moved, userAgent: 'test', localDoors: [] });
    onTestFinished(connection.close);
    expect(await failureOf(connection, NODE)).toMatchObject({ kind: 'unreachable', sent: true });
    expect(server.asked).toEqual([]);
    expect(await connection.json(NODE)).toEqual({ ok: true });
  });

  test('is told when the credentials stay the same', async () => {
    const server = await serve(judge);
    const { connection, held } = connect(server.url);
    expect(await failureOf(connection)).toMatchObject({ kind: 'unauthorized', status: 401 });
    expect(held.refused).toBe(1);
    expect(server.asked).toHaveLength(1);
  });

  test('names the client certificate when that has expired', async () => {
    const server = await serve(judge);
    const old = authority.client({ commonName: 'admin' }, expiredValidity(new Date()));
    const failure = await failureOf(connect(server.url, { certificate: old.cert, key: old.key }).connection);
    expect(failure.kind).toBe('unauthorized');
    expect(failure.message).toMatch(/client certificate of user "tester" expired on 20/);
  });

  test('has its own reason as long as the certificate has not expired for the server, whatever the clock here says', async () => {
    const server = await serve(judge);
    const good = authority.client({ commonName: 'admin' });
    const clock = new FakeClock(Date.now() + 10 * 365 * 86_400_000);
    const { connection } = connect(server.url, { certificate: good.cert, key: good.key }, { clock });
    expect((await failureOf(connection)).message).toMatch(/does not accept the credentials \(401\)/);
  });
});

describe('an abort', () => {
  /** A watch that stands, and a connection beside it that rests. */
  async function besideWatch(silence: number | null) {
    const server = await serve((asked, answer) => {
      if (asked.url.searchParams.has('watch')) answer.writeHead(200).flushHeaders();
      else json(answer, 200, { ok: true });
    });
    const { connection } = connect(server.url);
    const stop = new AbortController();
    const watch = { ...NODES, what: 'watch nodes', query: { watch: '1' }, silence, signal: stop.signal };
    const { body } = await connection.request(watch);
    await connection.json(NODES);
    expect(server.connections()).toBe(2);
    stop.abort(new Error('enough'));
    await expect(body[Symbol.asyncIterator]().next()).rejects.toThrow('enough');
    await connection.json(NODES);
    return server.connections();
  }

  test('by one who watches over the silence says that the server is out of reach: its other connections go too', async () => {
    expect(await besideWatch(null)).toBe(3);
  });

  test('by anyone else leaves the other connections as they are', async () => {
    expect(await besideWatch(1_000)).toBe(2);
  });

  test('ends a request with the reason of its signal', async () => {
    const server = await serve(() => undefined);
    const { connection } = connect(server.url);
    const stop = new AbortController();
    const asked = connection.json({ ...NODES, signal: stop.signal });
    await until(() => server.asked.length === 1);
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });

  test('that came before sends nothing, waits for nothing, and harms nobody later', async () => {
    const server = await serve(ok);
    const clock = new FakeClock();
    const { connection } = connect(server.url, {}, { clock });
    await expect(connection.json({ ...NODES, signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
    expect(clock.timers).toBe(0);
    await clock.advance(60_000);
    expect(await connection.json(NODES)).toEqual({ ok: true });
    expect(server.connections()).toBe(1);
  });

  test('of the whole connection ends what is open', async () => {
    const server = await serve((_, answer) => void answer.writeHead(200).write('{'));
    const { connection } = connect(server.url);
    const asked = connection.json(NODES);
    await until(() => server.asked.length === 1);
    connection.close();
    await expect(asked).rejects.toThrow('closed');
  });
});
