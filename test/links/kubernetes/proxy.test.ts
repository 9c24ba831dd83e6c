import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigurationError } from '../../../source/links/kubernetes/access.ts';
import { proxyOf, shownProxy } from '../../../source/links/kubernetes/proxy.ts';
import { startConnectProxy, startSocksProxy, type ForwardProxy } from '../../faults/connect-proxy.ts';
import { connect, failureOf, NODES, ok, serve } from './connected.ts';
import { FakeClock } from './fake-clock.ts';
import { freePort, until } from './scripted-server.ts';

const SERVER = 'https://api.cluster.example:6443';
const PROXY = 'http://proxy.example:3128';

describe('which proxy is used', () => {
  const fromKubeconfig = { url: 'socks5://p:1', named: 'proxy-url in the kubeconfig' };
  test.each<[string, string, string | null, Record<string, string>, ReturnType<typeof proxyOf>]>([
    ['none without a word of it', SERVER, null, {}, null],
    ['HTTPS_PROXY', SERVER, null, { HTTPS_PROXY: PROXY }, { url: PROXY, named: 'HTTPS_PROXY' }],
    ['https_proxy', SERVER, null, { https_proxy: PROXY }, { url: PROXY, named: 'https_proxy' }],
    [
      'capitals first',
      SERVER,
      null,
      { https_proxy: 'http://b:1', HTTPS_PROXY: PROXY },
      { url: PROXY, named: 'HTTPS_PROXY' },
    ],
    ['an empty one is none', SERVER, null, { HTTPS_PROXY: ' ' }, null],
    ['without a scheme: http', SERVER, null, { HTTPS_PROXY: 'p:3128' }, { url: 'http://p:3128', named: 'HTTPS_PROXY' }],
    ['HTTP_PROXY is not for https', SERVER, null, { HTTP_PROXY: PROXY, ALL_PROXY: PROXY }, null],
    ['the kubeconfig wins', SERVER, 'socks5://p:1', { HTTPS_PROXY: PROXY, NO_PROXY: '*' }, fromKubeconfig],
    ['even to this machine', 'https://127.0.0.1:6443', 'socks5://p:1', {}, fromKubeconfig],
    ['localhost never', 'https://localhost:6443', null, { HTTPS_PROXY: PROXY }, null],
    ['nor 127.0.0.0/8', 'https://127.9.0.1:6443', null, { HTTPS_PROXY: PROXY }, null],
    ['nor ::1', 'https://[::1]:6443', null, { HTTPS_PROXY: PROXY }, null],
    ['a proxy that is not used may be anything', SERVER, null, { HTTPS_PROXY: 'ftp://p:1', NO_PROXY: '*' }, null],
  ])('%s', (_, server, proxyUrl, environment, proxy) => {
    expect(proxyOf(server, proxyUrl, environment)).toEqual(proxy);
  });

  test.each(['ftp://p:1', 'http://', 'http://a b:1', '://'])('%s is told, and not quoted', (address) => {
    const told = 'HTTPS_PROXY names no usable proxy; write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT.';
    expect(() => proxyOf(SERVER, null, { HTTPS_PROXY: address })).toThrow(new ConfigurationError(told));
  });

  test('is shown without the login that it may hold', () => {
    expect(shownProxy({ url: 'http://me:hush@p:3128/', named: '' })).toBe('http://p:3128');
  });
});

/** As tested for golang.org/x/net/http/httpproxy, whose rules kubectl follows. */
const EXCEPTED: readonly (readonly [list: string, host: string, excepted: boolean])[] = [
  ['*', 'a.example', true],
  ['a.example', 'a.example', true],
  ['A.Example', 'a.example', true],
  ['a.example', 'b.a.example', true],
  ['a.example', 'ba.example', false],
  ['.a.example', 'b.a.example', true],
  ['.a.example', 'a.example', false],
  ['*.a.example', 'b.a.example', true],
  ['*.a.example', 'a.example', false],
  ['a.example:6443', 'a.example', true],
  ['a.example:443', 'a.example', false],
  ['a.example:', 'a.example', true],
  ['.a.example:', 'b.a.example', true],
  ['192.0.2.9:', '192.0.2.9', true],
  ['[2001:db8::7]:', '[2001:db8::7]', true],
  [':', 'a.example', false],
  ['a.example:x', 'a.example', false],
  ['bücher.example', 'bücher.example', true],
  ['BÜCHER.example', 'xn--bcher-kva.example', true],
  ['.bücher.example:6443', 'b.bücher.example', true],
  ['bücher.example', 'bucher.example', false],
  ['\u{fffd}.example', 'a.example', false],
  ['x.example , a.example', 'a.example', true],
  [' ,, ', 'a.example', false],
  [':6443', 'a.example', false],
  ['192.0.2.0/24', '192.0.2.9', true],
  ['192.0.2.0/24', '192.0.3.9', false],
  ['192.0.2.0/33', '192.0.2.9', false],
  ['192.0.2.0/24', '192.0.2.9.example', false],
  ['192.0.2.9', '192.0.2.9', true],
  ['192.0.2.9:6443', '192.0.2.9', true],
  ['192.0.2.9:443', '192.0.2.9', false],
  ['2.9', '192.0.2.9', false],
  ['2001:db8::/32', '[2001:db8::7]', true],
  ['2001:db8::7', '[2001:db8:0::7]', true],
  ['[2001:db8::7]:6443', '[2001:db8::7]', true],
  ['[2001:db8::7]:443', '[2001:db8::7]', false],
  ['2001:db9::/32', '[2001:db8::7]', false],
];

test.each(EXCEPTED)('NO_PROXY=%s and %s', (list, host, excepted) => {
  const environment = { HTTPS_PROXY: PROXY, no_proxy: list };
  expect(proxyOf(`https://${host}:6443`, null, environment) === null).toBe(excepted);
});

describe.each([
  ['CONNECT', startConnectProxy],
  ['SOCKS 5', startSocksProxy],
])('through a proxy by %s', (kind, start) => {
  const opened = async (): Promise<ForwardProxy> => {
    const proxy = await start();
    onTestFinished(proxy.close);
    return proxy;
  };
  const named = 'HTTPS_PROXY';

  test('many requests share one way, and its name is resolved there', async () => {
    const server = await serve(ok);
    const proxy = await opened();
    const far = `https://api.cluster.example:${server.port}`;
    const { connection } = connect(far, { proxy: { url: proxy.url, named }, servername: 'kubernetes' });
    expect(await connection.json(NODES)).toEqual({ ok: true });
    expect(await connection.json(NODES)).toEqual({ ok: true });
    expect(proxy.asked).toEqual([`api.cluster.example:${server.port}`]);
  });

  test.each([
    ['an address', '127.0.0.1'],
    ['a name', 'localhost'],
  ])('the certificate must name %s that was asked for', async (_, host) => {
    const server = await serve(ok);
    const proxy = await opened();
    const { connection } = connect(`https://${host}:${server.port}`, { proxy: { url: proxy.url, named } });
    expect(await connection.json(NODES)).toEqual({ ok: true });
    const foreign = host === 'localhost' ? 'elsewhere.example' : '192.0.2.1';
    const other = connect(`https://${foreign}:${server.port}`, { proxy: { url: proxy.url, named } });
    expect(await failureOf(other.connection)).toMatchObject({
      kind: 'certificate',
      message: `Cannot list nodes at https://${foreign}:${server.port} through the proxy ${proxy.url}: its certificate does not name that address; use an address that it names, or set tls-server-name in the kubeconfig.`,
    });
  });

  test('an answer may take longer than a connection', async () => {
    const server = await serve(ok);
    const proxy = await opened();
    const clock = new FakeClock();
    const { connection } = connect(server.url, { proxy: { url: proxy.url, named } }, { clock });
    server.script = (asked, answer) => void clock.advance(6_000).then(() => void ok(asked, answer));
    expect(await connection.json(NODES)).toEqual({ ok: true });
    expect(clock.timers).toBe(0);
  });

  test('one that says no is named, with the status of its answer', async () => {
    const server = await serve(ok);
    const proxy = await opened();
    proxy.refusal = 502;
    const { connection } = connect(server.url, { proxy: { url: proxy.url, named } });
    const words = kind === 'CONNECT' ? 'the proxy opens no way there (502)' : 'the proxy opens no way there';
    expect(await failureOf(connection)).toMatchObject({
      kind: 'unreachable',
      sent: false,
      message: `Cannot list nodes at ${server.url} through the proxy ${proxy.url}: ${words}; check HTTPS_PROXY and that the proxy lets through to that server.`,
    });
    proxy.refusal = undefined;
    expect(await connection.json(NODES)).toEqual({ ok: true });
  });
});

test('a proxy where nothing listens is to blame, not the server', async () => {
  const proxy = `http://me:hush@127.0.0.1:${await freePort()}`;
  const { connection } = connect(SERVER, { proxy: { url: proxy, named: 'proxy-url in the kubeconfig' } });
  const failure = await failureOf(connection);
  expect(failure.message).toBe(
    `Cannot list nodes at ${SERVER} through the proxy ${proxy.replace('me:hush@', '')}: the proxy refused the connection; check proxy-url in the kubeconfig and that the proxy lets through to that server.`,
  );
  expect(failure).toMatchObject({ kind: 'refused', sent: false });
});

test('a proxy that never answers is given up in time, and one that wants a login says so', async () => {
  const proxy = await startConnectProxy();
  onTestFinished(proxy.close);
  proxy.refusal = null;
  const clock = new FakeClock();
  const { connection } = connect(SERVER, { proxy: { url: proxy.url, named: 'HTTPS_PROXY' } }, { clock });
  const failed = failureOf(connection);
  await until(() => proxy.asked.length === 1);
  await clock.advance(5_000);
  expect(await failed).toMatchObject({
    kind: 'timeout',
    sent: false,
    message: expect.stringContaining('the proxy gave no connection in time') as string,
  });
  proxy.refusal = 407;
  expect((await failureOf(connection)).message).toContain('the proxy wants a user and a password in its address (407)');
});

test('the login in the address of a proxy is shown to the proxy', async () => {
  const server = await serve(ok);
  const proxy = await startConnectProxy();
  onTestFinished(proxy.close);
  const url = `http://me:hush@127.0.0.1:${proxy.port}`;
  const { connection } = connect(server.url, { proxy: { url, named: 'HTTPS_PROXY' } });
  expect(await connection.json(NODES)).toEqual({ ok: true });
  expect(proxy.headers[0]?.['proxy-authorization']).toBe(`Basic ${Buffer.from('me:hush').toString('base64')}`);
});
