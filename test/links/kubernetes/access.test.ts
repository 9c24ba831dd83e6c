import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigurationError } from '../../../source/links/kubernetes/access.ts';
import { openAccess, type AccessFlags } from '../../../source/links/kubernetes/credentials.ts';
import type { Surroundings } from '../../../source/links/kubernetes/kubeconfig.ts';
import { FakeClock } from './fake-clock.ts';
import { authority, json, startScripted } from './scripted-server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  return rm(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
async function write(name: string, text: string) {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), text);
}
const surroundings = (environment: Surroundings['environment'] = {}): Surroundings => ({
  environment: { PATH: process.env['PATH'], ...environment },
  home: at('home'),
  root: folder,
});

type Parts = { cluster?: object; user?: object | null; context?: object; name?: string; current?: string | null };

/** A kubeconfig with one cluster, user and context. JSON is YAML. */
function kubeconfig({ cluster = {}, user = {}, context = {}, name = 'one', current = name }: Parts = {}) {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    clusters: [{ name: `${name}-cluster`, cluster: { server: `https://${name}.example:6443`, ...cluster } }],
    users: user === null ? [] : [{ name: `${name}-user`, user }],
    contexts: [{ name, context: { cluster: `${name}-cluster`, user: `${name}-user`, ...context } }],
  });
}

async function accessOf(text: string | null, flags: AccessFlags = {}, clock = new FakeClock()) {
  if (text !== null) await writeFile(at('config'), text);
  return openAccess(text === null ? flags : { kubeconfig: at('config'), ...flags }, surroundings(), {
    interactive: false,
    now: clock.now,
  });
}

async function sentenceOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  const { message } = error as ConfigurationError;
  expect(message).toMatch(/\.$/);
  return message;
}

describe('the kubeconfig', () => {
  const open = (environment: Surroundings['environment'], flags: AccessFlags = {}) =>
    openAccess(flags, surroundings(environment), { interactive: false, now: Date.now });

  test('is the one of the flag, then KUBECONFIG, then home, then the admin one, then the pod', async () => {
    const inside = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };
    await expect(open({})).rejects.toThrow(/No kubeconfig was found/);

    const secrets = 'var/run/secrets/kubernetes.io/serviceaccount';
    await write(`${secrets}/token`, 'pod-token\n');
    await write(`${secrets}/ca.crt`, 'CA');
    await write(`${secrets}/namespace`, 'metalk8s-ui');
    const pod = await open(inside);
    expect(pod).toMatchObject({ server: 'https://10.96.0.1:443', namespace: 'metalk8s-ui' });
    expect(await pod.credentials()).toMatchObject({ ca: 'CA', headers: { Authorization: 'Bearer pod-token' } });
    await write(`${secrets}/token`, 'rotated');
    expect((await pod.credentials()).headers['Authorization']).toBe('Bearer rotated');
    expect((await open({ ...inside, KUBERNETES_SERVICE_HOST: 'fd00::1' })).server).toBe('https://[fd00::1]:443');

    await write('etc/kubernetes/admin.conf', kubeconfig({ name: 'admin' }));
    expect((await open(inside)).context).toBe('admin');
    await write('home/.kube/config', kubeconfig({ name: 'home' }));
    expect((await open(inside)).context).toBe('home');
    await writeFile(at('listed'), kubeconfig({ name: 'listed' }));
    expect((await open({ KUBECONFIG: `${at('none')}:${at('listed')}` })).context).toBe('listed');
    await writeFile(at('flag'), kubeconfig({ name: 'flag' }));
    expect((await open({ KUBECONFIG: at('listed') }, { kubeconfig: at('flag') })).context).toBe('flag');
  });

  test('of several files is merged, and the first to say a thing wins', async () => {
    await writeFile(at('one'), kubeconfig({ name: 'one', current: null }));
    await writeFile(at('two'), kubeconfig({ name: 'two' }));
    await writeFile(at('three'), kubeconfig({ name: 'one', cluster: { server: 'https://late.example' } }));
    const KUBECONFIG = [at('one'), at('two'), at('three')].join(':');
    expect((await open({ KUBECONFIG })).context).toBe('two');
    expect((await open({ KUBECONFIG }, { context: 'one' })).server).toBe('https://one.example:6443');
  });

  test('may hold what is incomplete, as long as it is not chosen', async () => {
    const { contexts, clusters, users, ...rest } = JSON.parse(kubeconfig()) as Record<string, object[]>;
    const odd = [null, 'text', {}, { name: 'empty' }, { name: 'half', cluster: {}, context: {}, user: 5 }];
    const mixed = [contexts, clusters, users].map((list) => [...odd, ...(list ?? [])]);
    const text = JSON.stringify({ ...rest, contexts: mixed[0], clusters: mixed[1], users: mixed[2] });
    expect((await accessOf(text)).server).toBe('https://one.example:6443');
  });

  test('may name no user', async () => {
    const access = await accessOf(
      kubeconfig({
        context: { user: '' },
        cluster: { 'certificate-authority-data': 'Q0E=', 'certificate-authority': 'no' },
      }),
    );
    expect(access.user).toBe('anonymous');
    expect(await access.credentials()).toMatchObject({ ca: 'CA', certificate: null, headers: {} });
  });

  test('may name a plain door of this machine, which kubectl proxy opens', async () => {
    const access = await accessOf(kubeconfig({ cluster: { server: 'http://127.0.0.1:8001/' } }));
    expect(await access.credentials()).toMatchObject({ server: 'http://127.0.0.1:8001', verify: true });
  });

  test('gives cluster, context, user and namespace', async () => {
    const access = await accessOf(kubeconfig({ context: { namespace: 'metalk8s-ui' } }));
    expect(access).toMatchObject({
      cluster: 'one-cluster',
      context: 'one',
      user: 'one-user',
      namespace: 'metalk8s-ui',
      server: 'https://one.example:6443',
    });
  });

  test.each<[string, string, AccessFlags, RegExp]>([
    [
      'a context that is not there',
      kubeconfig(),
      { context: 'two' },
      /^Context "two" is not in [^,]+; choose one of one\.$/,
    ],
    ['no current context', kubeconfig({ current: null }), {}, /no current-context; choose one with --context \(one\)/],
    [
      'a context without cluster',
      kubeconfig({ context: { cluster: '' } }),
      {},
      /^Context "one" in \S+ names no cluster; /,
    ],
    [
      'a missing cluster',
      kubeconfig({ context: { cluster: 'x' } }),
      {},
      /names cluster "x", which \S+ does not hold; add it/,
    ],
    ['a missing user', kubeconfig({ user: null }), {}, /names user "one-user", which .* does not hold/],
    [
      'a cluster without server',
      kubeconfig({ cluster: { server: '' } }),
      {},
      /^Cluster "one-cluster" in \S+ names no usable server; /,
    ],
    ['a server that is no address', kubeconfig({ cluster: { server: 'one:6443' } }), {}, /write https:\/\/HOST:PORT/],
    ['plain HTTP to elsewhere', kubeconfig({ cluster: { server: 'http://one.example' } }), {}, /use https/],
    ['an empty file', '', {}, /is empty or no kubeconfig/],
    ['another kind of file', 'hello', {}, /is empty or no kubeconfig/],
    ['a group without user', kubeconfig(), { asGroups: ['g'] }, /--as-group needs --as/],
    [
      'a CA file that is gone',
      kubeconfig({ cluster: { 'certificate-authority': 'no.crt' } }),
      {},
      /no\.crt, the certificate-authority of cluster "one-cluster", cannot be read \(ENOENT\)/,
    ],
    [
      'a folder in place of a key',
      kubeconfig({ user: { 'client-certificate-data': 'QQ==', 'client-key': '.' } }),
      {},
      /A file that cluster "one-cluster" or user "one-user" names cannot be read \(EISDIR\)/,
    ],
    ['a number for a path', kubeconfig({ cluster: { 'certificate-authority': 5 } }), {}, /a value of the wrong kind/],
    ['a number for a CA', kubeconfig({ cluster: { 'certificate-authority-data': 5 } }), {}, /cannot be used/],
    ['a number for a server', kubeconfig({ cluster: { server: 5 } }), {}, /names no usable server/],
    ['a proxy that is no address', kubeconfig({ cluster: { 'proxy-url': '//' } }), {}, /names no usable proxy/],
    [
      'too many aliases',
      `a: &a [${'x, '.repeat(9)}]\nb: &b [${'*a, '.repeat(99)}]\nc: [${'*b, '.repeat(99)}]`,
      {},
      /not valid YAML \(line 3\)/,
    ],
    ['two documents', `${kubeconfig()}\n---\na: b\n`, {}, /holds several documents; leave one/],
  ])('with %s is explained', async (_, text, flags, words) => {
    expect(await sentenceOf(accessOf(text, flags))).toMatch(words);
  });

  test('that is broken YAML is explained by its line, without quoting it', async () => {
    const message = await sentenceOf(accessOf('apiVersion: v1\nusers:\n- token: "hush\n  - [\n'));
    expect(message).toMatch(/not valid YAML \(line \d+\)/);
    expect(message).not.toContain('hush');
  });

  test('that does not exist or cannot be read is explained', async () => {
    expect(await sentenceOf(accessOf(null, { kubeconfig: at('none') }))).toMatch(/none does not exist/);
    expect(await sentenceOf(open({ KUBECONFIG: at('none') }))).toMatch(/KUBECONFIG names .*none, which does not exist/);
    expect(await sentenceOf(accessOf(null, { kubeconfig: folder }))).toMatch(/cannot be read \(EISDIR\)/);
  });
});

describe('credentials', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test('of certificates, in the file or beside it', async () => {
    await writeFile(at('ca.crt'), 'CA');
    await writeFile(at('user.crt'), 'CERTIFICATE 1');
    const access = await accessOf(
      kubeconfig({
        cluster: { 'certificate-authority': 'ca.crt', 'tls-server-name': 'kubernetes', 'proxy-url': 'http://p:1' },
        user: { 'client-certificate': 'user.crt', 'client-key-data': base64('KEY'), 'client-key': 'not-read' },
      }),
    );
    expect(await access.credentials()).toEqual({
      server: 'https://one.example:6443',
      ca: 'CA',
      certificate: 'CERTIFICATE 1',
      key: 'KEY',
      servername: 'kubernetes',
      verify: true,
      headers: {},
      proxy: { url: 'http://p:1', named: 'proxy-url in the kubeconfig' },
    });
    await writeFile(at('user.crt'), 'CERTIFICATE 2');
    expect((await access.credentials()).certificate).toBe('CERTIFICATE 2');
  });

  test('can be posted to a thread', async () => {
    const credentials = await (await accessOf(kubeconfig({ user: { token: 't' } }))).credentials();
    expect(structuredClone(credentials)).toEqual(credentials);
  });

  test.each([
    ['a token', { token: 'abc' }, 'Bearer abc'],
    ['name and password', { username: 'u', password: 'p' }, `Basic ${base64('u:p')}`],
    ['a name alone', { username: 'u' }, `Basic ${base64('u:')}`],
    ['a token before a name', { token: 'abc', username: 'u', password: 'p' }, 'Bearer abc'],
    ['a gcp provider', { 'auth-provider': { name: 'gcp', config: { 'access-token': 'g' } } }, 'Bearer g'],
    ['nothing', {}, undefined],
  ])('of %s', async (_, user, authorization) => {
    const access = await accessOf(kubeconfig({ user }));
    expect((await access.credentials()).headers['Authorization']).toBe(authorization);
  });

  test('of a token file are read anew, and win over the token beside them', async () => {
    await writeFile(at('token'), 'first\n');
    const access = await accessOf(kubeconfig({ user: { tokenFile: 'token', token: 'old' } }));
    expect((await access.credentials()).headers['Authorization']).toBe('Bearer first');
    await writeFile(at('token'), 'second\n');
    expect((await access.credentials()).headers['Authorization']).toBe('Bearer second');
    await rm(at('token'));
    expect(await sentenceOf(access.credentials())).toMatch(/the token of user "one-user", cannot be read \(ENOENT\)/);
  });

  test('are not verified only where the kubeconfig says so', async () => {
    expect((await (await accessOf(kubeconfig())).credentials()).verify).toBe(true);
    const blind = await accessOf(kubeconfig({ cluster: { 'insecure-skip-tls-verify': true } }));
    expect((await blind.credentials()).verify).toBe(false);
    const said = await accessOf(kubeconfig({ cluster: { 'insecure-skip-tls-verify': 'true' } }));
    expect((await said.credentials()).verify).toBe(true);
  });

  test('impersonate whom the flags or the kubeconfig name', async () => {
    const user = { token: 't', as: 'file', 'as-groups': ['g1', 'g2'], 'as-user-extra': { reason: ['r'] } };
    const fromFile = await accessOf(kubeconfig({ user }));
    expect(fromFile.user).toBe('file');
    expect((await fromFile.credentials()).headers).toEqual({
      Authorization: 'Bearer t',
      'Impersonate-User': 'file',
      'Impersonate-Group': ['g1', 'g2'],
      'Impersonate-Extra-reason': ['r'],
    });
    const fromFlags = await accessOf(kubeconfig({ user }), { as: 'flag', asGroups: ['g3'] });
    expect(fromFlags.user).toBe('flag');
    expect((await fromFlags.credentials()).headers).toEqual({
      Authorization: 'Bearer t',
      'Impersonate-User': 'flag',
      'Impersonate-Group': ['g3'],
    });
  });

  test('come from the kubeconfig as it is now, once the server refused them', async () => {
    const access = await accessOf(kubeconfig({ user: { token: 'old' } }));
    const old = await access.credentials();
    await writeFile(at('config'), kubeconfig({ user: { token: 'new' }, current: 'elsewhere' }));
    expect(await access.credentials()).toEqual(old);
    access.refused(old);
    expect((await access.credentials()).headers['Authorization']).toBe('Bearer new');
    await writeFile(at('config'), kubeconfig({ user: { token: 'newest' } }));
    access.refused(old);
    expect((await access.credentials()).headers['Authorization']).toBe('Bearer new');
  });

  test('of an OpenID provider are refreshed once, and not at every request', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const idToken = (end: number) => {
      const now = Math.floor(Date.now() / 1000);
      return `${part({ alg: 'RS256' })}.${part({ iss: server.url, aud: 'c', sub: 's', iat: now, exp: now + end })}.x`;
    };
    const server = await startScripted(({ url }, answer) => {
      const metadata = { issuer: server.url, token_endpoint: `${server.url}/token` };
      const tokens = { access_token: 'a', token_type: 'Bearer', expires_in: 3_600, refresh_token: 'next' };
      json(answer, 200, url.pathname === '/token' ? { ...tokens, id_token: idToken(3_600) } : metadata);
    });
    const trusted = getCACertificates();
    setDefaultCACertificates([...trusted, authority.caPem]);
    try {
      const config = { 'id-token': idToken(-1), 'client-id': 'c', 'refresh-token': 'r', 'idp-issuer-url': server.url };
      const access = await accessOf(kubeconfig({ user: { 'auth-provider': { name: 'oidc', config } } }));
      const both = await Promise.all([access.credentials(), access.credentials()]);
      expect(both[0].headers['Authorization']).toMatch(/^Bearer .*\.x$/);
      expect(both[1]).toEqual(both[0]);
      const refreshed = server.asked.filter(({ url }) => url.pathname === '/token');
      expect(refreshed.map(({ body }) => new URLSearchParams(body).get('refresh_token'))).toEqual(['r']);
    } finally {
      setDefaultCACertificates(trusted);
      await server.close();
    }
  });

  test('of an OpenID provider carry the token that it keeps', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none' })}.${part({ exp: Date.now() / 1000 + 3_600 })}.x`;
    const access = await accessOf(
      kubeconfig({ user: { 'auth-provider': { name: 'oidc', config: { 'id-token': token, 'client-id': 'c' } } } }),
    );
    expect((await access.credentials()).headers['Authorization']).toBe(`Bearer ${token}`);
    expect(
      await sentenceOf(
        accessOf(kubeconfig({ user: { 'auth-provider': { name: 'oidc', config: { 'id-token': 'a.b.c' } } } })),
      ),
    ).toMatch(/auth-provider "oidc" of user "one-user" gave no token/);
  });
});

describe('a credential plugin', () => {
  const VERSION = 'client.authentication.k8s.io/v1';
  const answer = (status: object, more: object = {}) =>
    JSON.stringify({ kind: 'ExecCredential', apiVersion: VERSION, status, ...more });

  /** A shell script that notes each run and what it was told, and prints what `out` holds. */
  async function plugin(out: string, { code = 0, complaint = '' } = {}) {
    await writeFile(at('out'), out);
    await writeFile(
      at('plugin'),
      `#!/bin/sh\necho run >> ${at('runs')}\nprintf %s "$KUBERNETES_EXEC_INFO" > ${at('info')}\nprintf %s "$EXTRA $*" > ${at('told')}\n[ -z "${complaint}" ] || echo "${complaint}" >&2\ncat ${at('out')}\nexit ${code}\n`,
    );
    await chmod(at('plugin'), 0o755);
  }
  const read = async (name: string) => (await import('node:fs/promises')).readFile(at(name), 'utf8');
  const runs = async () => (await read('runs')).trim().split('\n').length;
  const exec = (more: object = {}) =>
    kubeconfig({ user: { exec: { apiVersion: VERSION, command: './plugin', interactiveMode: 'Never', ...more } } });

  test('is run once, at the start, for all who ask, and not before its credential ends', async () => {
    const clock = new FakeClock();
    await plugin(answer({ token: 'one', expirationTimestamp: new Date(clock.now() + 3_600_000).toISOString() }));
    const access = await accessOf(exec(), {}, clock);
    expect(await runs()).toBe(1);
    await Promise.all(Array.from({ length: 10 }, () => access.credentials()));
    expect(await runs()).toBe(1);
    await writeFile(at('out'), answer({ token: 'two' }));
    await clock.advance(3_599_000);
    const both = await Promise.all([access.credentials(), access.credentials()]);
    expect(both.map((one) => one.headers['Authorization'])).toEqual(['Bearer two', 'Bearer two']);
    expect(await runs()).toBe(2);
  });

  test('is not run again when nobody answers, unless the kubeconfig has changed', async () => {
    await plugin(answer({ token: 'one' }));
    const access = await accessOf(exec());
    const first = await access.credentials();
    access.unanswered(first);
    expect(await access.credentials()).toEqual(first);
    expect(await runs()).toBe(1);
    await writeFile(at('config'), kubeconfig({ cluster: { server: 'https://moved.example:6443' } }));
    expect(await access.credentials()).toEqual(first);
    access.unanswered(first);
    expect((await access.credentials()).server).toBe('https://moved.example:6443');
  });

  test('is run again once the server refused what it gave, by however many requests', async () => {
    await plugin(answer({ token: 'one' }));
    const access = await accessOf(exec());
    const first = await access.credentials();
    await writeFile(at('out'), answer({ token: 'two' }));
    const renewed = await Promise.all(
      [1, 2, 3].map(() => {
        access.refused(first);
        return access.credentials();
      }),
    );
    expect(renewed.map((one) => one.headers['Authorization'])).toEqual(Array(3).fill('Bearer two'));
    expect(await runs()).toBe(2);
  });

  test('may give a certificate, and is told of the cluster, its arguments and variables', async () => {
    await plugin(answer({ clientCertificateData: 'CERTIFICATE', clientKeyData: 'KEY' }));
    const access = await accessOf(
      exec({ args: ['login', '--now'], env: [{ name: 'EXTRA', value: 'more' }], provideClusterInfo: true }),
    );
    expect(await access.credentials()).toMatchObject({ certificate: 'CERTIFICATE', key: 'KEY', headers: {} });
    expect(await read('told')).toBe('more login --now');
    expect(JSON.parse(await read('info'))).toEqual({
      kind: 'ExecCredential',
      apiVersion: VERSION,
      spec: { interactive: false, cluster: { server: 'https://one.example:6443' } },
    });
  });

  test('may be a program of the PATH', async () => {
    await writeFile(at('out'), answer({ token: 'one' }));
    const access = await accessOf(exec({ command: 'cat', args: [at('out')] }));
    expect((await access.credentials()).headers['Authorization']).toBe('Bearer one');
  });

  test.each<[string, string, { code?: number; complaint?: string }, object, RegExp]>([
    ['fails', '', { code: 3, complaint: 'not logged in' }, {}, /ended with code 3 \(not logged in\); run it by hand/],
    ['fails with a hint', '', { code: 3 }, { installHint: 'install it\nso' }, /ended with code 3; install it\./],
    ['does not exist', '', {}, { command: './other' }, /could not be started \(ENOENT\)/],
    ['has no command', '', {}, { command: '' }, /without a command/],
    ['prints something else', 'hush', {}, {}, /did not print an ExecCredential/],
    ['prints half', '{"kind": "ExecCredential", "status": {"token": "hush', {}, {}, /did not print an ExecCredential/],
    ['speaks another version', answer({ token: 'hush' }, { apiVersion: 'v0' }), {}, {}, /answers in version v0/],
    ['gives nothing', answer({}), {}, {}, /neither a token nor a certificate/],
    ['needs a terminal', answer({ token: 'hush' }), {}, { interactiveMode: 'Always' }, /needs a terminal/],
  ])('that %s is explained, without what it printed', async (_, out, how, more, words) => {
    await plugin(out, how);
    const message = await sentenceOf(accessOf(exec(more)));
    expect(message).toMatch(words);
    expect(message).not.toContain('hush');
  });
});
